/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_list.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "flow/advice.h"

#define WHAT_MAX 1200

struct check_list
check_list_open(struct arena *arena)
{
	return (struct check_list){ .subject = "", .arena = arena };
}

/* Much of what is found comes from servers and files. */
static const char *
shown(const struct check_list *list, const char *words)
{
	size_t size = strlen(words) + 1;

	return text_printable(text_of(words), arena_zero(list->arena, size), size);
}

static const char *formatted(const struct check_list *list, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static const char *
formatted(const struct check_list *list, const char *format, va_list arguments)
{
	char words[WHAT_MAX];

	(void)vsnprintf(words, sizeof words, format, arguments);
	return shown(list, words);
}

static struct check_finding *
add(struct check_list *list, enum check_result result, const char *area)
{
	struct check_finding *finding;

	list->items = arena_grow(
	    list->arena, list->items, list->count, &list->capacity, sizeof *list->items);
	finding = &list->items[list->count++];
	*finding = (struct check_finding){ .subject = list->subject,
		.area = area,
		.result = result,
		.what = "",
		.where = "",
		.server = "",
		.hint = "" };
	return finding;
}

void
check_list_subject(struct check_list *list, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	list->subject = formatted(list, format, arguments);
	va_end(arguments);
}

void
check_list_ok(struct check_list *list, const char *area, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(list, CHECK_OK, area)->what = formatted(list, format, arguments);
	va_end(arguments);
}

void
check_list_note(struct check_list *list, const char *area, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(list, CHECK_NOTE, area)->what = formatted(list, format, arguments);
	va_end(arguments);
}

void
check_list_warn(
    struct check_list *list, const char *area, const char *hint, const char *format, ...)
{
	struct check_finding *finding = add(list, CHECK_WARNING, area);
	va_list arguments;

	va_start(arguments, format);
	finding->what = formatted(list, format, arguments);
	va_end(arguments);
	finding->hint = shown(list, hint);
}

static const char *
server_words(const struct check_list *list, const struct failure *why)
{
	if (why->smtp_code == 0)
		return "";
	return shown(list, arena_print(list->arena, "%d %s", why->smtp_code, why->reply));
}

static struct check_finding *
add_failure(
    struct check_list *list, enum check_result result, const char *area, const struct failure *why)
{
	struct check_finding *finding = add(list, result, area);
	struct failure advised = *why;

	advice_add(&advised);
	finding->what = shown(list, why->what);
	finding->where = shown(list, why->where);
	finding->server = server_words(list, why);
	finding->hint = shown(list, advised.hint);
	return finding;
}

void
check_list_fail(struct check_list *list, const char *area, const struct failure *why)
{
	add_failure(list, CHECK_FAILURE, area, why)->code = why->code;
}

void
check_list_doubt(struct check_list *list, const char *area, const struct failure *why)
{
	(void)add_failure(list, CHECK_WARNING, area, why);
}

void
check_list_soften(struct check_list *list, size_t first, const char *area)
{
	for (size_t i = first; i < list->count; i++) {
		struct check_finding *finding = &list->items[i];

		if (finding->result != CHECK_FAILURE || strcmp(finding->area, area) != 0)
			continue;
		finding->result = CHECK_WARNING;
		finding->code = 0;
	}
}

int
check_list_status(const struct check_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].result == CHECK_FAILURE)
			return list->items[i].code;
	return EX_OK;
}

const char *
check_list_result_name(enum check_result result)
{
	static const char *const names[] = {
		[CHECK_OK] = "ok",
		[CHECK_NOTE] = "note",
		[CHECK_WARNING] = "warning",
		[CHECK_FAILURE] = "failure",
	};

	return names[result];
}
