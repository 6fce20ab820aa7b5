/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/password_check.h"

#include "base/arena.h"
#include "table/key_doubt.h"
#include "table/table_rows.h"
#include "table/table_warnings.h"
#include "table/transport_hops.h"

#define ADVICE "write the server, a blank, and user:password"

struct work {
	const struct password_rule *rule;
	struct table_warnings *warnings;
	struct password_check *check;
};

static void
check_value(struct work *work, const struct table_row *row)
{
	size_t colon = text_find(row->value, ':');

	if (colon == row->value.length)
		table_warnings_advise(work->warnings, row->line, true,
		    "the value has no colon, it must be user:password", ADVICE);
	else if (colon == 0)
		table_warnings_advise(
		    work->warnings, row->line, true, "the user before the colon is empty", ADVICE);
	else if (colon + 1 == row->value.length)
		table_warnings_advise(work->warnings, row->line, false,
		    "the password behind the colon is empty, and is refused where one is needed",
		    ADVICE);
}

struct text
password_check_server(const char *host, unsigned port, struct arena *arena)
{
	return text_of(arena_print(arena, "%s:%u", host, port));
}

static void
note_host(struct work *work, const struct table_row *row, struct arena *arena)
{
	struct transport_hops hops;
	struct failure ignored;

	if (transport_hops_read(row->key, arena, &hops, &ignored) && hops.count == 1)
		(void)table_seen_add(&work->check->hosts,
		    password_check_server(hops.items[0].host, hops.items[0].port, arena),
		    row->line);
}

static void
check_row(void *data, const struct table_row *row, struct arena *arena)
{
	struct work *work = data;
	const char *doubt = key_doubt_password(row->key, work->rule->sender_dependent, arena);

	if (doubt != NULL)
		table_warn(work->warnings, row->line, doubt);
	if (!table_seen_row(&work->check->keys, row->key, row->line, work->warnings))
		return;
	note_host(work, row, arena);
	check_value(work, row);
}

bool
password_check(const struct password_rule *rule, struct table_warnings *warnings,
    struct password_check *check, size_t *rows, struct failure *why)
{
	struct work work = { .rule = rule, .warnings = warnings, .check = check };

	*check = (struct password_check){
		.path = rule->path, .keys = table_seen_open(), .hosts = table_seen_open()
	};
	return table_rows_each(rule->path, true, warnings, check_row, &work, rows, why);
}

void
password_check_close(struct password_check *check)
{
	table_seen_close(&check->keys);
	table_seen_close(&check->hosts);
}
