/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/record.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/log.h"

#define DEFAULT_TIME "%b %d %H:%M:%S"
#define TIME_MAX 200

/* What a line tells; NULL or 0 is left out. */
struct record {
	const char *host;
	const char *tls;
	const char *auth;
	const char *user;
	const char *from;
	const char *recipients;
	const char *message_id;
	uint64_t size_bytes;
	int smtp_code;
	const char *smtp_words;
	const char *error;
	int status;
};

static const char *
safe(struct text text, struct arena *arena)
{
	return text_printable(text, arena_zero(arena, text.length + 1), text.length + 1);
}

/* Nothing in a value may look like the next key: blanks and quotes would. */
static const char *
plain(const char *words, char quote, struct arena *arena)
{
	char *copy = arena_string(arena, words == NULL ? "" : words);

	for (char *at = copy; *at != '\0'; at++)
		if (*at == '\'' || (quote == '\0' && *at == ' '))
			*at = '_';
	return copy;
}

static const char *
join_recipients(const struct report *report, struct arena *arena)
{
	struct buffer all = buffer_open(0);
	const char *joined;

	for (size_t i = 0; i < report->count; i++) {
		if (i > 0)
			(void)buffer_byte(&all, ',');
		(void)buffer_append(&all, report->verdicts[i].recipient);
	}
	joined = safe(buffer_text(&all), arena);
	buffer_close(&all);
	return joined;
}

static const struct failure *
first_failure(const struct report *report)
{
	for (size_t i = 0; i < report->count; i++)
		if (report->verdicts[i].state != VERDICT_DELIVERED)
			return report->verdicts[i].why;
	return NULL;
}

static const char *
message_id(const struct message *message, struct arena *arena)
{
	struct header header = header_read(message->edited, arena);
	size_t at = 0;
	const struct header_field *field = header_find(&header, "Message-ID", &at);

	return field == NULL ? NULL : safe(text_trim(field->value), arena);
}

static void
describe_server(const struct plan *plan, struct record *record)
{
	const struct route *route = plan->routes.count == 0 ? NULL : &plan->routes.items[0];

	record->host = account_text(plan->account, SETTING_HOST);
	record->tls = account_switch(plan->account, SETTING_TLS) ? "on" : "off";
	record->auth = "off";
	if (route == NULL || route->hop_count == 0)
		return;
	record->host = route->hops[0].server.host;
	if (route->hops[0].credential.source == CREDENTIAL_NONE)
		return;
	record->auth = "on";
	record->user = route->hops[0].credential.user;
}

static struct record
make(const struct plan *plan, const struct message *message, const struct report *report,
    struct arena *arena)
{
	struct record record = { .status = report_status(report) };
	const struct failure *why = first_failure(report);

	describe_server(plan, &record);
	record.from = safe(address_format(plan->sender, arena), arena);
	record.recipients = join_recipients(report, arena);
	record.message_id = message_id(message, arena);
	if (why == NULL) {
		record.size_bytes = message_size(message);
		record.smtp_code = 250;
		record.smtp_words = report->reply;
		return record;
	}
	record.error = why->what;
	record.smtp_code = why->smtp_code;
	record.smtp_words = why->smtp_code == 0 ? NULL : why->reply;
	return record;
}

static const char *
exit_name(int status, struct arena *arena)
{
	static const char *const names[] = { "EX_USAGE", "EX_DATAERR", "EX_NOINPUT", "EX_NOUSER",
		"EX_NOHOST", "EX_UNAVAILABLE", "EX_SOFTWARE", "EX_OSERR", "EX_OSFILE",
		"EX_CANTCREAT", "EX_IOERR", "EX_TEMPFAIL", "EX_PROTOCOL", "EX_NOPERM",
		"EX_CONFIG" };

	if (status == EX_OK)
		return "EX_OK";
	if (status >= EX_USAGE && status <= EX_CONFIG)
		return names[status - EX_USAGE];
	return arena_print(arena, "%d", status);
}

/* The format is the user's own (logfile_time_format): no compiler can check it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static const char *
stamp(const struct plan *plan, struct arena *arena)
{
	const char *format = account_text(plan->account, SETTING_LOGFILE_TIME_FORMAT);
	time_t now = (time_t)plan->environment->now;
	char words[TIME_MAX];
	struct tm local;

	if (localtime_r(&now, &local) == NULL
	    || strftime(words, sizeof words, format == NULL ? DEFAULT_TIME : format, &local) == 0)
		return arena_print(arena, "%lld", (long long)now);
	return arena_string(arena, words);
}
#pragma GCC diagnostic pop

static void
put_text(const struct record *record, struct arena *arena, struct buffer *to)
{
	(void)buffer_print(to, "host=%s tls=%s auth=%s", record->host == NULL ? "-" : record->host,
	    record->tls, record->auth);
	if (record->user != NULL)
		(void)buffer_print(
		    to, " user=%s", plain(safe(text_of(record->user), arena), '\0', arena));
	(void)buffer_print(to, " from=%s recipients=%s", plain(record->from, '\0', arena),
	    plain(record->recipients, '\0', arena));
	if (record->size_bytes > 0)
		(void)buffer_print(to, " mailsize=%llu", (unsigned long long)record->size_bytes);
	if (record->message_id != NULL)
		(void)buffer_print(to, " msgid=%s", plain(record->message_id, '\0', arena));
	if (record->smtp_code != 0)
		(void)buffer_print(to, " smtpstatus=%d smtpmsg='%s'", record->smtp_code,
		    plain(record->smtp_words, '\'', arena));
	if (record->error != NULL)
		(void)buffer_print(to, " errormsg='%s'", plain(record->error, '\'', arena));
	(void)buffer_print(to, " exitcode=%s", exit_name(record->status, arena));
}

static void
set(json_t *object, const char *key, const char *text)
{
	if (text != NULL && json_object_set_new(object, key, json_from_string(text)) != 0)
		arena_exhausted();
}

static void
put_json(
    const struct record *record, const char *time_words, struct arena *arena, struct buffer *to)
{
	json_t *object = json_object();
	char *words;

	set(object, "time", time_words);
	set(object, "host", record->host);
	set(object, "tls", record->tls);
	set(object, "auth", record->auth);
	set(object, "user", record->user);
	set(object, "from", record->from);
	set(object, "recipients", record->recipients);
	set(object, "msgid", record->message_id);
	if (record->size_bytes > 0)
		(void)json_object_set_new(
		    object, "mailsize", json_integer((json_int_t)record->size_bytes));
	if (record->smtp_code != 0)
		(void)json_object_set_new(object, "smtpstatus", json_integer(record->smtp_code));
	set(object, "smtpmsg", record->smtp_words);
	set(object, "errormsg", record->error);
	set(object, "exitcode", exit_name(record->status, arena));
	words = json_dumps(object, JSON_COMPACT);
	if (words != NULL)
		(void)buffer_add(to, words);
	free(words);
	json_decref(object);
}

static void
write_file(const struct plan *plan, const struct record *record, bool json, struct arena *arena,
    struct buffer *warnings)
{
	const char *path = account_text(plan->account, SETTING_LOGFILE);
	struct buffer line = buffer_open(0);
	struct failure why;

	if (path == NULL)
		return;
	if (json) {
		put_json(record, stamp(plan, arena), arena, &line);
	} else {
		(void)buffer_print(&line, "%s ", stamp(plan, arena));
		put_text(record, arena, &line);
	}
	if (!log_append(path, buffer_text(&line), &why) && warnings != NULL)
		(void)buffer_print(warnings, "relay: warning: %s: %s\n", why.where, why.what);
	buffer_close(&line);
}

static void
write_syslog(const struct plan *plan, const struct record *record, bool json, struct arena *arena)
{
	struct buffer line = buffer_open(0);

	if (!account_has(plan->account, SETTING_SYSLOG))
		return;
	if (json)
		put_json(record, NULL, arena, &line);
	else
		put_text(record, arena, &line);
	log_syslog((int)account_number(plan->account, SETTING_SYSLOG), record->status != EX_OK,
	    buffer_text(&line));
	buffer_close(&line);
}

void
record_write(const struct plan *plan, const struct message *message, const struct report *report,
    struct arena *arena, struct buffer *warnings)
{
	const char *form = account_text(plan->account, SETTING_LOG_FORMAT);
	bool json = form != NULL && strcmp(form, "json") == 0;
	struct record record = make(plan, message, report, arena);

	write_file(plan, &record, json, arena, warnings);
	write_syslog(plan, &record, json, arena);
}

void
record_failure(const struct plan *plan, const struct message *message, const struct failure *why,
    struct arena *arena)
{
	const struct envelope_recipients *recipients = &plan->envelope.recipients;
	struct report report = { 0 };

	for (size_t i = 0; i < recipients->count; i++)
		(void)report_add(
		    &report, address_format(recipients->items[i].address, arena), arena);
	if (report.count == 0)
		(void)report_add(&report, text_of("-"), arena);
	report_fail_open(&report, 0, report.count, why);
	record_write(plan, message, &report, arena, NULL);
}
