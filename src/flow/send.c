/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/send.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "config/config.h"
#include "flow/explain.h"
#include "flow/explain_json.h"
#include "flow/plan.h"
#include "flow/record.h"
#include "mail/message.h"
#include "mail/report.h"

#define PROGRAM "relay"

static void
complain(const struct failure *why, struct buffer *complaints)
{
	failure_format(why, PROGRAM, complaints);
}

/* All faults of a file, so that one edit can mend them; advice only when asked. */
static void
put_remarks(const struct config *config, bool advice, struct buffer *complaints)
{
	for (size_t i = 0; i < config->remark_count; i++)
		if (config->remarks[i].fault || advice)
			complain(&config->remarks[i].why, complaints);
}

static bool
read_config(const struct send *send, struct arena *arena, struct config *config,
    struct buffer *complaints, int *status)
{
	struct failure why;

	if (config_read(send->environment, send->invocation->config_file, arena, config, &why)) {
		put_remarks(config, send->invocation->verbose, complaints);
		return true;
	}
	if (config->remark_count == 0)
		complain(&why, complaints);
	put_remarks(config, send->invocation->verbose, complaints);
	*status = why.code;
	return false;
}

/* The limits of the account are not known before it is chosen, and it may be chosen by the
 * message's own From: the command line's, else the defaults, hold while reading. */
static size_t
header_limit(const struct send *send, const struct config *config, struct arena *arena)
{
	const struct account *account = account_find(&config->accounts,
	    send->invocation->account == NULL ? "default" : send->invocation->account);

	if (send->invocation->values[SETTING_HEADER_SIZE_LIMIT].set)
		return (size_t)send->invocation->values[SETTING_HEADER_SIZE_LIMIT].number;
	if (account == NULL)
		account = account_new("default", arena);
	return (size_t)account_number(account, SETTING_HEADER_SIZE_LIMIT);
}

static bool
read_message(const struct send *send, const struct config *config, struct arena *arena,
    struct message *message, struct failure *why)
{
	const struct message_source source = {
		.fd = send->input,
		.dot_ends = send->input_is_terminal && !send->invocation->keep_dots,
		.header_limit = header_limit(send, config, arena),
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
	record_write(plan, message, &report, arena, complaints);
	report_format(&report, PROGRAM, complaints);
	return report_status(&report);
}

/* --pretend shows the plan of a message that need not be there: an empty one will do. */
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
	struct failure why;
	struct plan plan;

	if (!plan_make(send->invocation, config, send->environment, message, arena, &plan, &why)
	    || !check_size(&plan, message, arena, &why)) {
		complain(&why, complaints);
		return why.code;
	}
	if (send->invocation->mode == OPTIONS_SEND)
		return deliver(send, &plan, message, arena, complaints);
	show(send, &plan, arena, output);
	return EX_OK;
}

int
send_run(
    const struct send *send, struct arena *arena, struct buffer *output, struct buffer *complaints)
{
	struct message message = { .body_fd = -1 };
	struct config config = { 0 };
	struct failure why;
	int status = EX_CONFIG;

	if (!read_config(send, arena, &config, complaints, &status))
		return status;
	if (!get_message(send, &config, arena, &message, &why)) {
		complain(&why, complaints);
		return why.code;
	}
	status = act(send, &config, &message, arena, output, complaints);
	message_close(&message);
	return status;
}
