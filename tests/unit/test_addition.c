/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mail/addition.h"

#define ADDRESS \
	{ \
		{ "ann", 3 }, \
		{ \
			"b.example", 9 \
		} \
	}

static struct addition
everything(void)
{
	return (struct addition){
		.from = true,
		.date = true,
		.message_id = true,
		.sender = ADDRESS,
		.full_name = text_of("Ann Smith"),
		.domain = text_of("b.example"),
		.now = 1700000000,
		.now_us = UINT64_C(0x1234abcd),
		.random = { 1, UINT64_C(0xfedcba9876543210) },
	};
}

static void
set_zone(const char *zone)
{
	cr_assert_eq(setenv("TZ", zone, 1), 0);
}

static const char *
made(const struct addition *addition, const char *block, struct arena *arena)
{
	struct header header = header_read(text_of(block), arena);

	return text_string(addition_make(addition, &header, arena), arena);
}

/* F162 */
Test(addition, adds_all_that_is_missing)
{
	struct arena *arena = arena_open();
	struct addition addition = everything();

	set_zone("UTC0");
	cr_assert_str_eq(made(&addition, "", arena),
	    "From: Ann Smith <ann@b.example>\r\n"
	    "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
	    "Message-ID: <1234abcd.0000000000000001fedcba9876543210@b.example>\r\n");
	arena_close(arena);
}

Test(addition, leaves_alone_what_is_there_in_any_letter_case)
{
	struct arena *arena = arena_open();
	struct addition addition = everything();

	cr_assert_str_empty(
	    made(&addition, "FROM: x@y\r\ndate : now\r\nmessage-id: <1@2>\r\n", arena));
	arena_close(arena);
}

Test(addition, adds_only_what_was_asked_for)
{
	struct arena *arena = arena_open();
	struct addition addition = everything();

	addition.date = false;
	addition.message_id = false;
	cr_assert_str_eq(
	    made(&addition, "To: a@b\r\n", arena), "From: Ann Smith <ann@b.example>\r\n");
	addition.from = false;
	cr_assert_str_empty(made(&addition, "To: a@b\r\n", arena));
	arena_close(arena);
}

Test(addition, judges_the_plain_fields_beside_resent_ones)
{
	struct arena *arena = arena_open();
	struct addition addition = everything();

	addition.date = false;
	addition.message_id = false;
	cr_assert_str_eq(
	    made(&addition, "Resent-From: x@y\r\n", arena), "From: Ann Smith <ann@b.example>\r\n");
	arena_close(arena);
}

Test(addition, names_the_mailer_daemon_for_the_null_sender)
{
	struct arena *arena = arena_open();
	struct addition addition = everything();

	addition.sender = (struct address){ text_of(""), text_of("") };
	addition.full_name = text_of("");
	addition.date = false;
	addition.message_id = false;
	cr_assert_str_eq(made(&addition, "", arena), "From: MAILER-DAEMON@b.example\r\n");
	arena_close(arena);
}

struct domain_row {
	const char *label;
	const char *domain;
	const char *shown;
};

Test(addition, keeps_a_message_id_well_formed_whatever_the_domain)
{
	static const struct domain_row rows[] = {
		{ "none", "", "localhost" },
		{ "a literal", "[127.0.0.1]", "[127.0.0.1]" },
		{ "8-bit", "caf\303\251", "caf--" },
		{ "line ends and brackets", "a>\r\nX: y", "a---X:-y" },
	};
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct addition addition = everything();
		const char *wanted = arena_print(arena,
		    "Message-ID: <1234abcd.0000000000000001fedcba9876543210@%s>\r\n",
		    rows[i].shown);

		addition.from = false;
		addition.date = false;
		addition.domain = text_of(rows[i].domain);
		cr_assert_str_eq(made(&addition, "", arena), wanted, "%s", rows[i].label);
	}
	arena_close(arena);
}

struct name_row {
	const char *label;
	const char *name;
	const char *field;
};

/* F174 */
Test(addition, writes_a_name_as_it_must_be_written)
{
	static const struct name_row rows[] = {
		{ "none", "", "From: ann@b.example\r\n" },
		{ "only blanks", "  \t ", "From: ann@b.example\r\n" },
		{ "one atom", "CronDaemon", "From: CronDaemon <ann@b.example>\r\n" },
		{ "two atoms", "Ann Smith", "From: Ann Smith <ann@b.example>\r\n" },
		{ "a dot", "Ann B. Smith", "From: \"Ann B. Smith\" <ann@b.example>\r\n" },
		{ "a comma", "Smith, Ann", "From: \"Smith, Ann\" <ann@b.example>\r\n" },
		{ "two blanks", "Ann  Smith", "From: \"Ann  Smith\" <ann@b.example>\r\n" },
		{ "quotes", "A \"B\" C\\", "From: \"A \\\"B\\\" C\\\\\" <ann@b.example>\r\n" },
		{ "angles", "x <y@z>", "From: \"x <y@z>\" <ann@b.example>\r\n" },
		{ "a new field", "x\r\nBcc: y", "From: \"xBcc: y\" <ann@b.example>\r\n" },
		{ "delete", "a\177b", "From: ab <ann@b.example>\r\n" },
		{ "utf-8", "Jos\303\251 P", "From: =?utf-8?Q?Jos=C3=A9_P?= <ann@b.example>\r\n" },
		{ "utf-8 and specials", "\303\251?=_(",
		    "From: =?utf-8?Q?=C3=A9=3F=3D=5F=28?= <ann@b.example>\r\n" },
		{ "no utf-8", "a\351b", "From: =?unknown-8bit?Q?a=E9b?= <ann@b.example>\r\n" },
		{ "overlong utf-8", "\300\212",
		    "From: =?unknown-8bit?Q?=C0=8A?= <ann@b.example>\r\n" },
		{ "cut utf-8", "a\303", "From: =?unknown-8bit?Q?a=C3?= <ann@b.example>\r\n" },
	};
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct address sender = ADDRESS;
		struct text field = addition_from(sender, text_of(rows[i].name), arena);

		cr_assert_str_eq(text_string(field, arena), rows[i].field, "%s", rows[i].label);
	}
	arena_close(arena);
}

static void
assert_encoded_line(struct text line)
{
	struct text word = text_trim(line);

	cr_assert_leq(line.length, 76, "'%.*s'", (int)line.length, line.bytes);
	if (text_starts_fold(word, "From: "))
		word = text_slice(word, 6, word.length);
	word = text_slice(word, 0, text_find(word, ' '));
	if (word.length == 0 || word.bytes[0] == '<')
		return;
	cr_assert_leq(word.length, 75, "'%.*s'", (int)word.length, word.bytes);
	cr_assert(text_starts_fold(word, "=?utf-8?Q?"), "'%.*s'", (int)word.length, word.bytes);
	cr_assert(text_is(text_slice(word, word.length - 2, word.length), "?="));
	/* Every character is two bytes here, so a cut one would leave an odd number. */
	cr_assert_eq((word.length - 12) % 6, 0, "'%.*s'", (int)word.length, word.bytes);
}

Test(addition, splits_a_long_name_into_encoded_words_at_characters)
{
	struct arena *arena = arena_open();
	const struct address sender = ADDRESS;
	char name[201] = "";
	struct text rest;
	size_t lines = 0;

	for (size_t i = 0; i < 200; i += 2)
		memcpy(name + i, "\303\251", 2);
	rest = addition_from(sender, text_of(name), arena);
	while (rest.length > 0) {
		size_t end = text_find(rest, '\n');

		assert_encoded_line(text_slice(rest, 0, end - 1));
		rest = text_slice(rest, end + 1, rest.length);
		lines++;
	}
	cr_assert_gt(lines, 8, "600 encoded bytes in %zu lines", lines);
	arena_close(arena);
}

Test(addition, cuts_a_name_without_end)
{
	struct arena *arena = arena_open();
	const struct address sender = ADDRESS;
	char name[4097] = "";

	memset(name, 'x', sizeof name - 1);
	cr_assert_leq(addition_from(sender, text_of(name), arena).length, 600);
	arena_close(arena);
}

struct date_row {
	const char *zone;
	int64_t now;
	const char *date;
};

Test(addition, writes_the_date_in_local_time_with_its_zone)
{
	static const struct date_row rows[] = {
		{ "UTC0", 0, "Thu, 1 Jan 1970 00:00:00 +0000" },
		{ "UTC0", 951827696, "Tue, 29 Feb 2000 12:34:56 +0000" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 1700000000, "Tue, 14 Nov 2023 23:13:20 +0100" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 1690000000, "Sat, 22 Jul 2023 06:26:40 +0200" },
		{ "IST-5:30", 1700000000, "Wed, 15 Nov 2023 03:43:20 +0530" },
		{ "NST3:30", 1700000000, "Tue, 14 Nov 2023 18:43:20 -0330" },
		{ "EST5", 1700000000, "Tue, 14 Nov 2023 17:13:20 -0500" },
		{ "UTC0", INT64_C(4102444800), "Fri, 1 Jan 2100 00:00:00 +0000" },
	};
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct text date;

		set_zone(rows[i].zone);
		date = addition_date(rows[i].now, arena);
		cr_assert_str_eq(date.bytes, rows[i].date, "%s", rows[i].zone);
	}
	arena_close(arena);
}

/* F190 */
Test(addition, takes_utc_when_the_zone_is_nonsense)
{
	static const char *const zones[] = { ":/etc/shadow", "no zone at all!",
		":../../etc/passwd" };
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
		set_zone(zones[i]);
		cr_assert_str_eq(addition_date(1700000000, arena).bytes,
		    "Tue, 14 Nov 2023 22:13:20 +0000", "%s", zones[i]);
	}
	arena_close(arena);
}

/* F191 */
Test(addition, writes_english_names_whatever_the_locale)
{
	struct arena *arena = arena_open();

	(void)setlocale(LC_ALL, "tr_TR.UTF-8");
	set_zone("UTC0");
	cr_assert_str_eq(addition_date(1690000000, arena).bytes, "Sat, 22 Jul 2023 04:26:40 +0000");
	arena_close(arena);
}

Test(addition, does_not_fail_on_a_clock_beyond_all_years)
{
	struct arena *arena = arena_open();

	set_zone("UTC0");
	cr_assert_str_eq(addition_date(INT64_MAX, arena).bytes, "Thu, 1 Jan 1970 00:00:00 +0000");
	arena_close(arena);
}
