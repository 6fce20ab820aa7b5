/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "mail/address.h"

#define COMMENT_WIDTH 76
#define NAME_WIDTH 20
#define TRIES_MAX 10000
/* A line that is lost piece by piece must not be shown whole each time. */
#define QUOTE_MAX ((size_t)500)

static bool
is_taken(const struct import_writer *writer, const char *name)
{
	for (size_t i = 0; i < writer->account_count; i++)
		if (strcmp(writer->accounts[i], name) == 0)
			return true;
	return false;
}

const char *
import_writer_name(struct import_writer *writer, const char *wanted)
{
	const char *name = arena_string(writer->arena, wanted);

	for (int i = 2; i < TRIES_MAX && is_taken(writer, name); i++)
		name = arena_print(writer->arena, "%s-%d", wanted, i);
	writer->accounts = arena_grow(writer->arena, writer->accounts, writer->account_count,
	    &writer->account_capacity, sizeof *writer->accounts);
	writer->accounts[writer->account_count++] = name;
	return name;
}

void
import_writer_account(struct import_writer *writer, const char *name, const char *parent)
{
	(void)buffer_print(writer->output, "\naccount %s%s%s\n", name, parent == NULL ? "" : " : ",
	    parent == NULL ? "" : parent);
}

void
import_writer_quote(struct import_writer *writer, struct text line)
{
	char shown[QUOTE_MAX + 1];

	(void)buffer_print(writer->output, "#   %s%s\n", text_printable(line, shown, sizeof shown),
	    line.length > QUOTE_MAX ? " ..." : "");
}

/* Words to COMMENT_WIDTH columns; a longer one stands alone. */
static void
put_comment(struct import_writer *writer, const char *sentence)
{
	struct text rest = text_of(sentence);
	size_t column = 0;

	for (;;) {
		struct text word = text_word(&rest, '\0');

		if (word.length == 0)
			break;
		if (column > 0 && column + 1 + word.length > COMMENT_WIDTH) {
			(void)buffer_byte(writer->output, '\n');
			column = 0;
		}
		(void)buffer_add(writer->output, column == 0 ? "# " : " ");
		(void)buffer_append(writer->output, word);
		column += word.length + 1;
	}
	(void)buffer_byte(writer->output, '\n');
}

static void
complain(struct import_writer *writer, const struct import_place *place, struct failure *why)
{
	if (writer->complaint_count++ > IMPORT_WRITER_COMPLAINTS_MAX)
		return;
	if (writer->complaint_count > IMPORT_WRITER_COMPLAINTS_MAX)
		fail(why, EX_CONFIG, "more follows: see the comments in what was printed");
	else if (place->line == 0)
		failure_at(why, "%s", place->file);
	else
		failure_at(why, "%s:%zu", place->file, place->line);
	failure_format(why, "relay", writer->complaints);
}

static void put_note(struct import_writer *writer, const struct import_place *place,
    const char *format, va_list list) __attribute__((format(printf, 3, 0)));

static void
put_note(struct import_writer *writer, const struct import_place *place, const char *format,
    va_list list)
{
	char sentence[sizeof((struct failure *)NULL)->what];
	struct failure why;

	(void)vsnprintf(sentence, sizeof sentence, format, list);
	fail(&why, EX_CONFIG, "%s", sentence);
	put_comment(writer, why.what);
	complain(writer, place, &why);
}

void
import_writer_comment(struct import_writer *writer, const char *format, ...)
{
	char sentence[sizeof((struct failure *)NULL)->what];
	struct failure why;
	va_list list;

	va_start(list, format);
	(void)vsnprintf(sentence, sizeof sentence, format, list);
	va_end(list);
	/* For its control bytes. */
	fail(&why, EX_CONFIG, "%s", sentence);
	put_comment(writer, why.what);
}

void
import_writer_note(
    struct import_writer *writer, const struct import_place *place, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	put_note(writer, place, format, list);
	va_end(list);
}

void
import_writer_lost(
    struct import_writer *writer, const struct import_place *place, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	put_note(writer, place, format, list);
	va_end(list);
	import_writer_quote(writer, text_trim(place->original));
}

static bool
needs_quotes(struct text value)
{
	size_t last = value.length - 1;

	return value.length > 0
	    && (text_blank(value.bytes[0]) || text_blank(value.bytes[last])
		|| (last > 0 && value.bytes[0] == '"' && value.bytes[last] == '"'));
}

static void
put_setting(struct import_writer *writer, const struct setting *setting, struct text value)
{
	const char *quote = needs_quotes(value) ? "\"" : "";

	if (value.length == 0) {
		(void)buffer_print(writer->output, "%s\n", setting->name);
		return;
	}
	(void)buffer_print(writer->output, "%-*s %s", NAME_WIDTH, setting->name, quote);
	(void)buffer_append(writer->output, value);
	(void)buffer_print(writer->output, "%s\n", quote);
}

/* Line ends cannot be written at all, so they are refused whatever the setting says. */
static bool
check_value(struct import_writer *writer, const struct setting *setting, struct text value,
    struct failure *why)
{
	struct address address;
	struct value ignored;

	if (text_find(value, '\n') < value.length || text_find(value, '\r') < value.length
	    || text_find(value, '\0') < value.length)
		return fail(why, EX_CONFIG, "holds a control character");
	if (setting->id == SETTING_FROM && !address_read(value, writer->arena, &address, why))
		return false;
	return setting_read(setting, value, writer->environment, writer->arena, &ignored, why);
}

bool
import_writer_setting(struct import_writer *writer, const struct import_place *place,
    enum setting_id id, struct text value)
{
	const struct setting *setting = setting_row(id);
	struct failure why;

	if (!check_value(writer, setting, value, &why)) {
		import_writer_lost(writer, place, "not kept, as %s cannot be that: %s",
		    setting->name, setting->type == SETTING_IS_SECRET ? "control bytes" : why.what);
		return false;
	}
	writer->secret = writer->secret || setting->type == SETTING_IS_SECRET;
	put_setting(writer, setting, value);
	return true;
}

bool
import_writer_word(struct import_writer *writer, const struct import_place *place,
    enum setting_id id, const char *value)
{
	return import_writer_setting(writer, place, id, text_of(value));
}

bool
import_writer_number(struct import_writer *writer, const struct import_place *place,
    enum setting_id id, int64_t value)
{
	return import_writer_word(
	    writer, place, id, arena_print(writer->arena, "%lld", (long long)value));
}

bool
import_writer_file(struct import_writer *writer, const struct import_place *place,
    enum setting_id id, struct text value)
{
	const char *path = text_string(value, writer->arena);

	if (access(path, F_OK) != 0)
		import_writer_note(writer, place,
		    "there is no '%s' here: %s must be able to read it", path,
		    setting_row(id)->name);
	return import_writer_setting(writer, place, id, value);
}

bool
import_writer_domain(struct import_writer *writer, const struct import_place *place,
    enum setting_id id, struct text domain)
{
	const struct address address = { .local = text_of("x"), .domain = domain };
	struct failure ignored;

	if (domain.length > 0 && address_check(address, EX_CONFIG, &ignored))
		return import_writer_setting(
		    writer, place, id, import_writer_literal(writer, domain));
	import_writer_lost(
	    writer, place, "not kept: that is no name for %s", setting_row(id)->name);
	return false;
}

struct text
import_writer_literal(const struct import_writer *writer, struct text text)
{
	char *doubled = arena_zero(writer->arena, 2 * text.length + 1);
	size_t used = 0;

	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '%')
			doubled[used++] = '%';
		doubled[used++] = text.bytes[i];
	}
	return text_make(doubled, used);
}
