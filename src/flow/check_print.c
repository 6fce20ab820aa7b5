/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_print.h"

#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

#define WIDTH 80
#define RESULT_WIDTH 9 /* what is longest, and two blanks */
#define AREA_WIDTH 13
#define INDENT 2
#define COLUMN (INDENT + RESULT_WIDTH + AREA_WIDTH)
#define LONG_INDENT 4 /* of a word that has no room in the column: a fingerprint */

struct printer {
	struct buffer *to;
	bool color;
	size_t column;
};

static const char *const colors[] = {
	[CHECK_OK] = "\033[32m",
	[CHECK_NOTE] = "\033[2m",
	[CHECK_WARNING] = "\033[33m",
	[CHECK_FAILURE] = "\033[1;31m",
};

/* Characters, as far as UTF-8 tells: what is wide or combines is rare here. */
static size_t
width(struct text text)
{
	size_t sum = 0;

	for (size_t i = 0; i < text.length; i++)
		if (((unsigned char)text.bytes[i] & 0xc0U) != 0x80U)
			sum++;
	return sum;
}

static void
put(struct printer *printer, struct text text)
{
	(void)buffer_append(printer->to, text);
	printer->column += width(text);
}

static void
pad(struct printer *printer, size_t column)
{
	while (printer->column < column)
		put(printer, text_of(" "));
}

static void
end_line(struct printer *printer)
{
	(void)buffer_byte(printer->to, '\n');
	printer->column = 0;
}

static void
put_word(struct printer *printer, struct text word)
{
	size_t start = printer->column <= COLUMN ? COLUMN : printer->column + 1;

	if (start + width(word) > WIDTH) {
		end_line(printer);
		start = COLUMN + width(word) > WIDTH ? LONG_INDENT : COLUMN;
	}
	pad(printer, start);
	put(printer, word);
}

static void
put_words(struct printer *printer, const char *words)
{
	struct text rest = text_of(words);

	for (;;) {
		struct text word = text_word(&rest, '\0');

		if (word.length == 0)
			return;
		put_word(printer, word);
	}
}

static void
put_labelled(struct printer *printer, const char *label, const char *words)
{
	if (words[0] == '\0')
		return;
	put_words(printer, label);
	put_words(printer, words);
	end_line(printer);
}

static void
put_result(struct printer *printer, enum check_result result)
{
	pad(printer, INDENT);
	if (printer->color)
		(void)buffer_add(printer->to, colors[result]);
	put(printer, text_of(check_list_result_name(result)));
	if (printer->color)
		(void)buffer_add(printer->to, "\033[0m");
	pad(printer, INDENT + RESULT_WIDTH);
}

/* The place goes before what happened there, unless the line stands below it. */
static void
put_finding(struct printer *printer, const struct check_finding *finding)
{
	put_result(printer, finding->result);
	put(printer, text_of(finding->area));
	if (finding->where[0] != '\0' && strcmp(finding->where, finding->subject) != 0) {
		put_words(printer, finding->where);
		put(printer, text_of(":"));
	}
	put_words(printer, finding->what);
	end_line(printer);
	put_labelled(printer, "server:", finding->server);
	put_labelled(printer, "hint:", finding->hint);
}

static void
put_subject(struct printer *printer, const struct check_list *list, size_t at)
{
	const char *subject = list->items[at].subject;

	if (at > 0 && strcmp(subject, list->items[at - 1].subject) == 0)
		return;
	if (at > 0)
		end_line(printer);
	if (printer->color)
		(void)buffer_add(printer->to, "\033[1m");
	(void)buffer_add(printer->to, subject);
	if (printer->color)
		(void)buffer_add(printer->to, "\033[0m");
	end_line(printer);
}

static void
put_sum(const struct check_list *list, struct buffer *to)
{
	size_t counts[CHECK_FAILURE + 1] = { 0 };

	for (size_t i = 0; i < list->count; i++)
		counts[list->items[i].result]++;
	(void)buffer_print(to, "\n%zu ok, %zu warning%s, %zu failure%s\n", counts[CHECK_OK],
	    counts[CHECK_WARNING], counts[CHECK_WARNING] == 1 ? "" : "s", counts[CHECK_FAILURE],
	    counts[CHECK_FAILURE] == 1 ? "" : "s");
}

void
check_print(const struct check_list *list, bool color, struct buffer *to)
{
	struct printer printer = { .to = to, .color = color };

	for (size_t i = 0; i < list->count; i++) {
		put_subject(&printer, list, i);
		put_finding(&printer, &list->items[i]);
	}
	put_sum(list, to);
}
