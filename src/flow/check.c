/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "config/config.h"
#include "flow/check_config.h"
#include "flow/check_json.h"
#include "flow/check_local.h"
#include "flow/check_print.h"
#include "flow/check_routes.h"
#include "flow/check_server.h"
#include "flow/plan.h"
#include "mail/message.h"

/* One run over one or several accounts. */
struct work {
	const struct check *check;
	struct check_list list;
	struct config config;
	struct check_secrets secrets;
	struct dialer dialer;
	bool info; /* --serverinfo */
};

/* As sending chooses them, for a message that nobody gets. */
static bool
make_plan(
    struct work *work, const struct invocation *invocation, struct plan *plan, struct failure *why)
{
	struct arena *arena = work->list.arena;
	struct message message = { .body_fd = -1 };
	bool made;

	*plan = (struct plan){ .account = NULL };
	made = message_make(text_of(""), text_of(""), arena, &message, why)
	    && plan_make(
		invocation, &work->config, work->check->environment, &message, arena, plan, why);
	message_close(&message);
	return made;
}

static void
find_sender(struct work *work, const struct plan *plan)
{
	struct arena *arena = work->list.arena;
	const char *sender = address_format(plan->sender, arena).bytes;
	const char *given = address_format(plan->sender_given, arena).bytes;

	if (address_equal(plan->sender, plan->sender_given))
		check_list_ok(&work->list, "from", "<%s>", sender);
	else
		check_list_ok(&work->list, "from", "<%s> (generic: was <%s>)", sender, given);
}

static void
find_account(struct work *work, const struct plan *plan, const char *name)
{
	const struct account *account = plan->account;
	const char *by = name == NULL ? plan->chosen_by : "it was asked for";

	if (account->file != NULL)
		check_list_ok(&work->list, "account", "'%s' (%s:%zu), because %s", account->name,
		    account->file, account->line, by);
	else
		check_list_ok(&work->list, "account", "'%s', because %s", account->name, by);
}

static void
find_servers(struct work *work, const struct plan *plan, bool sender)
{
	struct check_server server = {
		.list = &work->list,
		.plan = plan,
		.dialer = &work->dialer,
		.trace = work->check->trace,
		.secrets = work->info ? NULL : &work->secrets,
		.sender = sender && !work->info,
	};
	struct check_routes routes;
	size_t left_out;

	check_routes_find(plan, &work->config, !work->info, &work->list, &routes);
	for (size_t i = 0; i < routes.list.count; i++)
		check_server_run(&server, &routes.list.items[i], !routes.undecided[i]);
	left_out = routes.left_out + server.left_out;
	if (left_out > 0) {
		check_list_subject(&work->list, "account %s", plan->account->name);
		check_list_note(&work->list, "routes",
		    "%zu more rows of the transport table name servers that were not looked at",
		    left_out);
	}
}

/* What can be seen without a connection; `planned`: up to who sends. */
static void
find_local(struct work *work, const struct invocation *invocation, const struct plan *plan,
    const char *name, bool planned)
{
	find_account(work, plan, name);
	if (name == NULL)
		check_config_others(&work->list, &work->config, plan->account->name);
	check_local_tables(&work->list, invocation, work->check->environment);
	check_local_log(&work->list, plan->account);
	check_local_queue(&work->list, plan->account);
	if (planned)
		find_sender(work, plan);
}

static void
run_account(struct work *work, const char *name)
{
	struct invocation invocation = *work->check->invocation;
	struct failure why;
	struct plan plan;
	bool planned;

	invocation.mode = OPTIONS_PRETEND;
	invocation.recipient_count = 0;
	invocation.read_recipients = false;
	if (name != NULL)
		invocation.account = name;
	planned = make_plan(work, &invocation, &plan, &why);
	if (plan.account == NULL) {
		check_list_subject(
		    &work->list, "account%s%s", name == NULL ? "" : " ", name == NULL ? "" : name);
		check_list_fail(&work->list, "account", &why);
		return;
	}
	check_list_subject(&work->list, "account %s", plan.account->name);
	if (!work->info)
		find_local(work, &invocation, &plan, name, planned);
	if (!planned)
		check_list_fail(&work->list, "plan", &why);
	find_servers(work, &plan, planned);
}

static void
run_accounts(struct work *work)
{
	const struct invocation *invocation = work->check->invocation;

	if (invocation->recipient_count == 0)
		run_account(work, NULL);
	for (size_t i = 0; i < invocation->recipient_count; i++)
		run_account(work, invocation->recipients[i]);
}

int
check_run(const struct check *check, struct arena *arena, struct buffer *output)
{
	struct work work = {
		.check = check,
		.list = check_list_open(arena),
		.secrets = check_secrets_open(check->environment, arena),
		.dialer = check->dialer == NULL ? connect_dialer() : *check->dialer,
		.info = check->invocation->mode == OPTIONS_SERVERINFO,
	};

	check_list_subject(&work.list, "this machine");
	if (!work.info)
		check_local_clock(&work.list, check->environment);
	if (check_config_read(
		check->invocation, check->environment, work.info, &work.list, &work.config))
		run_accounts(&work);
	check_secrets_close(&work.secrets);
	if (check->invocation->json)
		check_json(&work.list, output);
	else
		check_print(&work.list, check->environment->color, output);
	return check_list_status(&work.list);
}
