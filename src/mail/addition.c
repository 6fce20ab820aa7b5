/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/addition.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "mail/word.h"

/* A display name longer than this is cut: it comes from -F or the passwd file. */
#define NAME_LIMIT 512

#define FIELD_START "From: "

static bool
alphanumeric(char byte)
{
	return (byte >= '0' && byte <= '9') || (text_lower(byte) >= 'a' && text_lower(byte) <= 'z');
}

static bool
atom_byte(char byte)
{
	return alphanumeric(byte) || (byte != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", byte) != NULL);
}

/* Atoms with one blank between them need no quotes; a blank at an end would get lost. */
static bool
plain(struct text name)
{
	bool after_blank = true;

	for (size_t i = 0; i < name.length; i++) {
		bool blank = name.bytes[i] == ' ';

		if (blank ? after_blank : !atom_byte(name.bytes[i]))
			return false;
		after_blank = blank;
	}
	return !after_blank;
}

/* Without control bytes, which could begin a new field (F174). */
static struct text
clean_name(struct text name, struct arena *arena)
{
	char *clean = arena_zero(arena, name.length + 1);
	size_t length = 0;

	for (size_t i = 0; i < name.length && length < NAME_LIMIT; i++)
		if (!text_has_control(text_slice(name, i, i + 1)))
			clean[length++] = name.bytes[i];
	return text_trim(text_make(clean, length));
}

static void
put_quoted(struct text name, struct buffer *field)
{
	(void)buffer_byte(field, '"');
	for (size_t i = 0; i < name.length; i++) {
		if (name.bytes[i] == '"' || name.bytes[i] == '\\')
			(void)buffer_byte(field, '\\');
		(void)buffer_byte(field, name.bytes[i]);
	}
	(void)buffer_byte(field, '"');
}

static void
put_name(struct text name, struct buffer *field)
{
	if (text_has_8bit(name))
		word_encode(name, field);
	else if (plain(name))
		(void)buffer_append(field, name);
	else
		put_quoted(name, field);
}

struct text
addition_from(struct address sender, struct text full_name, struct arena *arena)
{
	struct text address = address_format(sender, arena);
	struct text name = clean_name(full_name, arena);
	struct buffer field = buffer_open(0);
	struct text made;

	(void)buffer_add(&field, FIELD_START);
	if (name.length == 0) {
		(void)buffer_append(&field, address);
	} else {
		put_name(name, &field);
		if (word_column(&field) + address.length + 3 > WORD_LINE_MAX)
			(void)buffer_add(&field, "\r\n");
		(void)buffer_add(&field, " <");
		(void)buffer_append(&field, address);
		(void)buffer_add(&field, ">");
	}
	(void)buffer_add(&field, "\r\n");
	made = text_copy(buffer_text(&field), arena);
	buffer_close(&field);
	return made;
}

/* Not strftime(): its names follow the locale, the field's do not (F191). */
struct text
addition_date(int64_t now, struct arena *arena)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	const time_t moment = (time_t)now;
	struct tm local;
	long zone;

	tzset();
	/* A clock past every year fills the structure half. */
	if (localtime_r(&moment, &local) == NULL)
		local = (struct tm){ .tm_mday = 1, .tm_year = 70, .tm_wday = 4 };
	zone = local.tm_gmtoff < 0 ? -local.tm_gmtoff / 60 : local.tm_gmtoff / 60;
	return text_of(
	    arena_print(arena, "%s, %d %s %04ld %02d:%02d:%02d %c%02ld%02ld", days[local.tm_wday],
		local.tm_mday, months[local.tm_mon], local.tm_year + 1900L, local.tm_hour,
		local.tm_min, local.tm_sec, local.tm_gmtoff < 0 ? '-' : '+', zone / 60, zone % 60));
}

/* What cannot stand on the right side of a Message-ID becomes '-'. */
static const char *
identifier_domain(struct text domain, struct arena *arena)
{
	char *clean = text_string(domain, arena);

	for (size_t i = 0; i < domain.length; i++)
		if (!alphanumeric(clean[i])
		    && (clean[i] == '\0' || strchr("-._[]:", clean[i]) == NULL))
			clean[i] = '-';
	return domain.length == 0 ? "localhost" : clean;
}

static const char *
identifier(const struct addition *addition, struct arena *arena)
{
	return arena_print(arena, "<%" PRIx64 ".%016" PRIx64 "%016" PRIx64 "@%s>", addition->now_us,
	    addition->random[0], addition->random[1], identifier_domain(addition->domain, arena));
}

static struct text
from_field(const struct addition *addition, struct arena *arena)
{
	struct address sender = addition->sender;

	if (address_is_null(sender))
		sender = (struct address){ text_of("MAILER-DAEMON"), addition->domain };
	return addition_from(sender, addition->full_name, arena);
}

struct text
addition_make(const struct addition *addition, const struct header *header, struct arena *arena)
{
	struct text from = text_of("");
	const char *date = "";
	const char *message_id = "";

	if (addition->from && !header_has(header, "From"))
		from = from_field(addition, arena);
	if (addition->date && !header_has(header, "Date"))
		date = arena_print(
		    arena, "Date: %s\r\n", addition_date(addition->now, arena).bytes);
	if (addition->message_id && !header_has(header, "Message-ID"))
		message_id = arena_print(arena, "Message-ID: %s\r\n", identifier(addition, arena));
	return text_of(
	    arena_print(arena, "%.*s%s%s", (int)from.length, from.bytes, date, message_id));
}
