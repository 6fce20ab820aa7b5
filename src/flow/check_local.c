/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_local.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"
#include "flow/tables.h"

/* 2026-01-01 and 2100-01-01: this program is not older, and will hardly be run then. */
#define CLOCK_MIN INT64_C(1767225600)
#define CLOCK_MAX INT64_C(4102444800)
#define DATE_MAX 40

void
check_local_clock(struct check_list *list, const struct environment *environment)
{
	time_t now = (time_t)environment->now;
	char date[DATE_MAX];
	struct failure why;
	struct tm parts;

	if (gmtime_r(&now, &parts) == NULL
	    || strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S UTC", &parts) == 0)
		(void)snprintf(date, sizeof date, "?");
	if (environment->now >= CLOCK_MIN && environment->now < CLOCK_MAX) {
		check_list_ok(list, "clock", "%s", date);
		return;
	}
	fail(&why, EX_OSERR, "this machine's clock says %s, which cannot be", date);
	failure_hint(&why,
	    "set the clock (timedatectl, ntpd): certificates are judged by it, and none would be "
	    "valid");
	check_list_fail(list, "clock", &why);
}

/* A complaint of newaliases as it was printed. */
struct complaint {
	const char *what;
	const char *hint;
};

static struct text
take_line(struct text *rest)
{
	size_t end = text_find(*rest, '\n');
	struct text line = text_slice(*rest, 0, end);

	*rest = text_slice(*rest, end + 1, rest->length);
	return line;
}

static bool
starts(struct text line, const char *prefix)
{
	return text_equal(text_slice(line, 0, strlen(prefix)), text_of(prefix));
}

static void
put_complaint(struct check_list *list, const struct complaint *complaint)
{
	static const char warning[] = ": warning: ";
	const char *mark;
	struct failure why;

	if (complaint->what == NULL)
		return;
	mark = strstr(complaint->what, warning);
	if (mark != NULL) {
		check_list_warn(list, "tables", complaint->hint, "%.*s: %s",
		    (int)(mark - complaint->what), complaint->what, mark + sizeof warning - 1);
		return;
	}
	fail(&why, EX_CONFIG, "%s", complaint->what);
	failure_hint(&why, "%s", complaint->hint);
	failure_in(&why, FAILURE_TABLE);
	check_list_fail(list, "tables", &why);
}

static void
put_complaints(struct check_list *list, struct text rest)
{
	static const char hint[] = "  hint: ";
	static const char program[] = "relay: ";
	struct complaint complaint = { 0 };

	while (rest.length > 0) {
		struct text line = take_line(&rest);

		if (starts(line, hint)) {
			complaint.hint = text_string(
			    text_slice(line, sizeof hint - 1, line.length), list->arena);
			continue;
		}
		put_complaint(list, &complaint);
		if (starts(line, program))
			line = text_slice(line, sizeof program - 1, line.length);
		complaint = (struct complaint){ text_string(line, list->arena), "" };
	}
	put_complaint(list, &complaint);
}

/* "transport: /etc/relay/transport, 3 rows" */
static void
put_tables(struct check_list *list, struct text rest)
{
	while (rest.length > 0) {
		struct text line = take_line(&rest);

		if (!starts(line, "nothing to build"))
			check_list_ok(list, "tables", "%.*s", (int)line.length, line.bytes);
	}
}

void
check_local_tables(struct check_list *list, const struct invocation *invocation,
    const struct environment *environment)
{
	struct buffer complaints = buffer_open(0);
	struct buffer output = buffer_open(0);

	(void)tables_check(invocation, environment, list->arena, &output, &complaints);
	put_tables(list, buffer_text(&output));
	put_complaints(list, buffer_text(&complaints));
	buffer_close(&complaints);
	buffer_close(&output);
}

void
check_local_log(struct check_list *list, const struct account *account)
{
	const char *path = account_text(account, SETTING_LOGFILE);
	struct failure why;

	if (path == NULL)
		return;
	if (log_check(path, &why)) {
		check_list_ok(list, "log", "%s can be written",
		    strcmp(path, "-") == 0 ? "standard output" : path);
		return;
	}
	failure_hint(&why, "make it writable for this user, or set another 'logfile'");
	/* Mail goes out all the same, and says so. */
	check_list_doubt(list, "log", &why);
}

void
check_local_queue(struct check_list *list, const struct account *account)
{
	const char *queue = account_text(account, SETTING_QUEUE);

	if (queue == NULL || strcmp(queue, "off") == 0
	    || !account_is_written(account, SETTING_QUEUE))
		return;
	check_list_warn(list, "queue",
	    "what cannot be sent is refused with status 75, and stays with the caller",
	    "'queue %s' (%s): there is no queue in this version", queue,
	    account_where(account, SETTING_QUEUE, list->arena));
}
