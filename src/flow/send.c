/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/send.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "config/config.h"
#include "flow/advice.h"
#include "flow/explain.h"
#include "flow/explain_json.h"
#include "flow/explain_object.h"
#include "flow/explain_outline.h"
#include "flow/plan.h"
#include "flow/record.h"
#include "flow/rule.h"
#include "flow/settle.h"
#include "mail/message.h"
#include "mail/report.h"

#define PROGRAM "relay"

/* What is wrong with the configuration: told, and the first of it kept. */
struct faults {
	struct buffer *complaints;
	struct failure first;
	bool any;
};

static void
complain(const struct failure *why, struct buffer *complaints)
{
	struct failure advised = *why;

	advice_add(&advised);
	failure_format(&advised, PROGRAM, complaints);
}

static void
add_fault(struct faults *faults, const struct failure *why)
{
	complain(why, faults->complaints);
	if (!faults->any)
		faults->first = *why;
	faults->any = true;
}

/* All faults of a file, so that one edit can mend them; advice only when asked. */
static void
put_remarks(const struct config *config, bool advice, struct faults *faults)
{
	for (size_t i = 0; i < config->remark_count; i++)
		if (config->remarks[i].fault)
			add_fault(faults, &config->remarks[i].why);
		else if (advice)
			complain(&config->remarks[i].why, faults->complaints);
}

/* Daemons run as many users, and most may not read the system's file: it is told only to who
 * wants to know what is used. */
static void
put_unread(const struct config *config, struct buffer *complaints)
{
	struct failure why;

	for (size_t i = 0; i < config->trial_count; i++) {
		if (config->trials[i].reason == NULL || !config->trials[i].denied)
			continue;
		fail(&why, EX_NOPERM, "not read: %s", config->trials[i].reason);
		failure_at(&why, "%s", config->trials[i].path);
		failure_hint(&why, "its accounts do not count for this user");
		complain(&why, complaints);
	}
}

/* Defaults that no account has taken over may be wrong as well. */
static bool
check_defaults(const struct config *config, struct arena *arena, struct faults *faults)
{
	bool understood = true;
	struct failure why;

	for (size_t i = 0; i < config->defaults.count; i++) {
		bool told = false;
		struct failure same;

		if (rule_check(config->defaults.items[i], arena, &why))
			continue;
		for (size_t k = 0; k < config->accounts.count && !told; k++)
			told = !rule_check(config->accounts.items[k], arena, &same)
			    && strcmp(same.where, why.where) == 0;
		if (!told)
			add_fault(faults, &why);
		understood = false;
	}
	return understood;
}

/* What only net and smtp understand is judged here, so that all faults of a file are told at
 * once. */
static bool
check_accounts(const struct config *config, struct arena *arena, struct faults *faults)
{
	bool understood = true;
	struct failure why;
	struct failure last = { 0 };

	for (size_t i = 0; i < config->accounts.count; i++) {
		if (rule_check(config->accounts.items[i], arena, &why))
			continue;
		/* Accounts that inherit a value share its fault. */
		if (strcmp(why.where, last.where) != 0 || strcmp(why.what, last.what) != 0)
			add_fault(faults, &why);
		last = why;
		understood = false;
	}
	return check_defaults(config, arena, faults) && understood;
}

static bool
read_config(const struct send *send, struct arena *arena, struct config *config,
    struct faults *faults, int *status)
{
	const struct invocation *invocation = send->invocation;
	const struct config_wish wish = {
		.any = (invocation->account == NULL
			   && (invocation->has_sender || invocation->read_sender))
		    || invocation->values[SETTING_TRANSPORT].set,
		.account = invocation->account,
	};
	struct failure why;
	bool understood;
	bool read;

	/* Who says everything on the command line is not stopped by a file. */
	if (invocation->values[SETTING_HOST].set)
		return true;
	read = config_read_for(
	    &wish, send->environment, invocation->config_file, arena, config, &why);
	if (!read && config->remark_count == 0)
		add_fault(faults, &why);
	put_remarks(config, invocation->verbose, faults);
	if (!read && !faults->any)
		faults->first = why;
	if (invocation->verbose || invocation->mode == OPTIONS_PRETEND)
		put_unread(config, faults->complaints);
	understood = check_accounts(config, arena, faults);
	*status = read ? EX_CONFIG : why.code;
	return read && understood;
}

/* The limits of the account are not known before it is chosen, and it may be chosen by the
 * message's own From: the largest that any account allows holds while reading (0: none). */
static uint64_t
largest_limit(
    const struct send *send, const struct config *config, enum setting_id id, struct arena *arena)
{
	const struct value *given = &send->invocation->values[id];
	uint64_t largest = 0;

	if (given->set)
		return (uint64_t)given->number;
	if (config->accounts.count == 0)
		return (uint64_t)account_number(account_new("default", arena), id);
	for (size_t i = 0; i < config->accounts.count; i++) {
		uint64_t limit = (uint64_t)account_number(config->accounts.items[i], id);

		if (limit == 0)
			return 0;
		largest = limit > largest ? limit : largest;
	}
	return largest;
}

static bool
read_message(const struct send *send, const struct config *config, struct arena *arena,
    struct message *message, struct failure *why)
{
	const struct message_source source = {
		.fd = send->input,
		.stays = true,
		.dot_ends = send->input_is_terminal && !send->invocation->keep_dots,
		.header_limit = (size_t)largest_limit(
		    send, config, SETTING_HEADER_SIZE_LIMIT, arena),
		.size_limit = largest_limit(send, config, SETTING_MESSAGE_SIZE_LIMIT, arena),
		.temporary = send->environment->temporary,
	};

	if (!message_read(&source, arena, message, why))
		return failure_in(why, FAILURE_INPUT);
	return true;
}

static bool
check_size(const struct plan *plan, const struct message *message, struct arena *arena,
    struct failure *why)
{
	int64_t limit = account_number(plan->account, SETTING_MESSAGE_SIZE_LIMIT);

	if (limit <= 0 || message_size(message) <= (uint64_t)limit)
		return true;
	fail(why, EX_DATAERR,
	    "the message has %llu bytes, more than the %lld of message_size_limit",
	    (unsigned long long)message_size(message), (long long)limit);
	failure_at(why, "%s", account_where(plan->account, SETTING_MESSAGE_SIZE_LIMIT, arena));
	return failure_in(why, FAILURE_INPUT);
}

static void
show(const struct send *send, const struct plan *plan, struct arena *arena, struct buffer *output)
{
	if (send->invocation->json)
		explain_json(plan, arena, output);
	else
		explain_text(plan, arena, output);
}

static int
deliver(const struct send *send, const struct plan *plan, const struct message *message,
    struct arena *arena, struct buffer *complaints)
{
	const struct dialer network = connect_dialer();
	struct report report = { 0 };

	deliver_run(plan, message, send->dialer == NULL ? &network : send->dialer, send->trace,
	    arena, &report);
	report_advise(&report, advice_add);
	/* A log that fails is no news for who reads the mail's own errors. */
	record_write(plan, message, &report, arena, send->invocation->verbose ? complaints : NULL);
	report_format(&report, PROGRAM, complaints);
	return report_status(&report);
}

/* A plan that fails halfway is shown as far as it came. */
static int
explain(const struct send *send, const struct plan *plan, const struct failure *why,
    struct arena *arena, struct buffer *output)
{
	int status = why == NULL ? settle_status(plan, arena) : why->code;

	if (send->invocation->json)
		explain_object(plan, why, status, output);
	else
		explain_outline(plan, output);
	return status;
}

/* A program that reads the object must find one. */
static void
explain_without_plan(
    const struct send *send, const struct failure *why, int status, struct buffer *output)
{
	const struct plan nothing = { 0 };

	if (send->invocation->mode == OPTIONS_EXPLAIN && send->invocation->json)
		explain_object(&nothing, why, status, output);
}

/* --pretend and --explain show the plan of a message that need not be there: an empty one will do.
 */
static bool
get_message(const struct send *send, const struct config *config, struct arena *arena,
    struct message *message, struct failure *why)
{
	bool needed = send->invocation->mode == OPTIONS_SEND || send->invocation->read_recipients
	    || send->invocation->read_sender;

	if (needed)
		return read_message(send, config, arena, message, why);
	return message_make(text_of(""), text_of(""), arena, message, why);
}

static int
act(const struct send *send, const struct config *config, struct message *message,
    struct arena *arena, struct buffer *output, struct buffer *complaints)
{
	bool explains = send->invocation->mode == OPTIONS_EXPLAIN;
	struct failure why;
	struct plan plan;

	if (!plan_make(send->invocation, config, send->environment, message, arena, &plan, &why)
	    || !check_size(&plan, message, arena, &why)) {
		if (explains)
			(void)explain(send, &plan, &why, arena, output);
		complain(&why, complaints);
		if (plan.account != NULL && send->invocation->mode == OPTIONS_SEND)
			record_failure(&plan, message, &why, arena);
		return why.code;
	}
	if (send->invocation->mode == OPTIONS_SEND)
		return deliver(send, &plan, message, arena, complaints);
	if (explains)
		return explain(send, &plan, NULL, arena, output);
	show(send, &plan, arena, output);
	return settle_status(&plan, arena);
}

int
send_run(
    const struct send *send, struct arena *arena, struct buffer *output, struct buffer *complaints)
{
	struct message message = { .body_fd = -1 };
	struct config config = { 0 };
	struct faults faults = { .complaints = complaints };
	struct failure why;
	int status = EX_CONFIG;

	if (!read_config(send, arena, &config, &faults, &status)) {
		explain_without_plan(send, &faults.first, status, output);
		return status;
	}
	if (!get_message(send, &config, arena, &message, &why)) {
		complain(&why, complaints);
		explain_without_plan(send, &why, why.code, output);
		return why.code;
	}
	status = act(send, &config, &message, arena, output, complaints);
	message_close(&message);
	return status;
}
