/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config_need.h"

#include <string.h>

#include "config/config_remark.h"

#define DEFAULT_ACCOUNT "default"

/* The account and all that it inherits from: the list grows while it is walked. */
static void
collect(struct account *account, struct arena *arena, struct account_list *list)
{
	account_add(list, account, arena);
	for (size_t i = 0; i < list->count; i++) {
		const struct account_list *parents = &list->items[i]->parents;

		for (size_t k = 0; k < parents->count; k++)
			if (account_find(list, parents->items[k]->name) == NULL)
				account_add(list, parents->items[k], arena);
	}
}

void
config_need_find(const struct config *survey, const struct config_wish *wish, struct arena *arena,
    struct config_need *need)
{
	const char *name = wish->account != NULL ? wish->account : DEFAULT_ACCOUNT;
	struct account *account = account_find(&survey->accounts, name);

	*need = (struct config_need){ 0 };
	need->all = wish->any || account == NULL || config_remark_fault(survey) != NULL
	    || account->system || account_has(account, SETTING_TRANSPORT);
	if (!need->all)
		collect(account, arena, &need->accounts);
}

bool
config_need_covers(const struct config_need *need, const char *account, bool system)
{
	if (need->all)
		return true;
	for (size_t i = 0; i < need->accounts.count; i++)
		if (need->accounts.items[i]->system == system
		    && (account == NULL || strcmp(need->accounts.items[i]->name, account) == 0))
			return true;
	return false;
}
