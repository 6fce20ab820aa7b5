/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

#define SENTENCE_MAX 1024

static void put(char *to, size_t size, const char *format, va_list list)
    __attribute__((format(printf, 3, 0)));

static void
put(char *to, size_t size, const char *format, va_list list)
{
	char sentence[SENTENCE_MAX];

	(void)vsnprintf(sentence, sizeof sentence, format, list);
	(void)text_printable(text_of(sentence), to, size);
}

static void
begin(struct failure *why, int code)
{
	*why = (struct failure){ .code = code };
	why->temporary = code == EX_TEMPFAIL || code == EX_NOHOST || code == EX_OSERR;
}

bool
fail(struct failure *why, int code, const char *format, ...)
{
	char sentence[sizeof why->what];
	va_list list;

	/* An argument may be part of the failure that is being replaced. */
	va_start(list, format);
	put(sentence, sizeof sentence, format, list);
	va_end(list);
	begin(why, code);
	memcpy(why->what, sentence, sizeof sentence);
	return false;
}

bool
failure_errno(struct failure *why, int code, int number, const char *format, ...)
{
	char sentence[sizeof why->what / 2];
	const char *words = strerrordesc_np(number);
	va_list list;

	va_start(list, format);
	put(sentence, sizeof sentence, format, list);
	va_end(list);
	begin(why, code);
	(void)snprintf(why->what, sizeof why->what, "%s: %s", sentence,
	    words == NULL ? "unknown error" : words);
	return false;
}

bool
failure_at(struct failure *why, const char *format, ...)
{
	va_list list;

	if (why->where[0] != '\0')
		return false;
	va_start(list, format);
	put(why->where, sizeof why->where, format, list);
	va_end(list);
	return false;
}

bool
failure_hint(struct failure *why, const char *format, ...)
{
	va_list list;

	if (why->hint[0] != '\0')
		return false;
	va_start(list, format);
	put(why->hint, sizeof why->hint, format, list);
	va_end(list);
	return false;
}

bool
failure_in(struct failure *why, enum failure_stage stage)
{
	if (why->stage == FAILURE_SOMEWHERE)
		why->stage = stage;
	return false;
}

bool
failure_reply(struct failure *why, int smtp_code, const char *enhanced, struct text words)
{
	why->smtp_code = smtp_code;
	(void)text_printable(text_of(enhanced), why->enhanced, sizeof why->enhanced);
	(void)text_printable(words, why->reply, sizeof why->reply);
	if (smtp_code >= 400 && smtp_code < 500)
		why->temporary = true;
	return false;
}

static bool
about_message(enum failure_stage stage)
{
	return stage == FAILURE_SENDER || stage == FAILURE_RECIPIENT || stage == FAILURE_DATA
	    || stage == FAILURE_INPUT || stage == FAILURE_USAGE || stage == FAILURE_PLAN;
}

enum failure_class
failure_class(const struct failure *why)
{
	if (why->stage == FAILURE_TLS || why->stage == FAILURE_AUTH || why->stage == FAILURE_CONFIG
	    || why->stage == FAILURE_TABLE || why->code == EX_CONFIG)
		return FAILURE_ACCOUNT;
	if (about_message(why->stage) && !why->temporary)
		return FAILURE_MESSAGE;
	return FAILURE_NETWORK;
}

const char *
failure_stage_name(enum failure_stage stage)
{
	static const char *const names[FAILURE_STAGE_COUNT] = {
		[FAILURE_SOMEWHERE] = "run",
		[FAILURE_USAGE] = "usage",
		[FAILURE_CONFIG] = "configuration",
		[FAILURE_TABLE] = "table",
		[FAILURE_INPUT] = "input",
		[FAILURE_PLAN] = "plan",
		[FAILURE_CONNECT] = "connect",
		[FAILURE_GREETING] = "greeting",
		[FAILURE_TLS] = "tls",
		[FAILURE_AUTH] = "auth",
		[FAILURE_SENDER] = "sender",
		[FAILURE_RECIPIENT] = "recipient",
		[FAILURE_DATA] = "data",
	};

	return stage < FAILURE_STAGE_COUNT ? names[stage] : "run";
}

static void
format_reply(const struct failure *why, struct buffer *to)
{
	/* The enhanced code stands in the words already when the server sent it. */
	(void)buffer_print(to, "  server: %d %s\n", why->smtp_code, why->reply);
}

void
failure_format(const struct failure *why, const char *program, struct buffer *to)
{
	(void)buffer_print(to, "%s: ", program);
	if (why->where[0] != '\0')
		(void)buffer_print(to, "%s: ", why->where);
	(void)buffer_print(to, "%s\n", why->what);
	if (why->smtp_code != 0)
		format_reply(why, to);
	if (why->hint[0] != '\0')
		(void)buffer_print(to, "  hint: %s\n", why->hint);
}
