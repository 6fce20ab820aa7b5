/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "mail/address.h"

static struct arena *arena;

static void
open_arena(void)
{
	arena = arena_open();
}

static void
close_arena(void)
{
	arena_close(arena);
}

TestSuite(address_list, .init = open_arena, .fini = close_arena);

/* Every address as {local|domain}, with < for an angle and ; for a group member. */
static const char *
show(const struct address_list *list)
{
	struct buffer line = buffer_open(0);
	const char *shown;

	for (size_t i = 0; i < list->count; i++) {
		const struct address_span *span = &list->spans[i];

		(void)buffer_add(&line, span->grouped ? ";" : "");
		(void)buffer_add(&line, span->angle ? "<" : "");
		(void)buffer_byte(&line, '{');
		(void)buffer_append(&line, span->address.local);
		(void)buffer_byte(&line, '|');
		(void)buffer_append(&line, span->address.domain);
		(void)buffer_byte(&line, '}');
	}
	shown = text_string(buffer_text(&line), arena);
	buffer_close(&line);
	return shown;
}

static const char *
read_all(const char *text)
{
	struct failure why = { 0 };
	struct address_list list;

	if (!address_list_read(text_of(text), 0, arena, &list, &why))
		return arena_print(arena, "!%d %s", why.code, why.what);
	return show(&list);
}

struct row {
	const char *label;
	const char *text;
	const char *expected;
};

static void
check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cr_expect_str_eq(read_all(rows[i].text), rows[i].expected, "%s: %s gives %s",
		    rows[i].label, rows[i].text, read_all(rows[i].text));
}

Test(address_list, finds_addresses)
{
	static const struct row rows[] = {
		{ "nothing", "", "" },
		{ "blanks and commas", " , ,, ", "" },
		{ "only a comment", "(nobody)", "" },
		{ "bare name", "root", "{root|}" },
		{ "address", "a@b.c", "{a|b.c}" },
		{ "two", "a@b,c@d", "{a|b}{c|d}" },
		{ "display name", "Root <root@d>", "<{root|d}" },
		{ "quoted display name", "\"R, oot\" <root@d>", "<{root|d}" },
		{ "name with a dot", "Charlie R. Root <root>", "<{root|}" },
		{ "address as display name", "a@b <c@d>", "<{c|d}" },
		{ "smile as display name", "Joe :) <joe@x>", "<{joe|x}" },
		{ "comment behind", "root (Cron Daemon)", "{root|}" },
		{ "comments everywhere", "(a)root(b)@(c)d(e)", "{root|d}" },
		{ "null", "<>", "<{|}" },
		{ "null with a name", "Nobody < >, a", "<{|}{a|}" },
		{ "quoted local part", "\"a b\"@c", "{a b|c}" },
		{ "partly quoted", "\"a\".b@c", "{a.b|c}" },
		{ "bare quoted null", "\"\"", "{|}" },
		{ "two at signs", "a@b@c", "{a@b|c}" },
		{ "literal", "a@[127.0.0.1]", "{a|[127.0.0.1]}" },
		{ "literal of IPv6", "a@[IPv6:::1], b", "{a|[IPv6:::1]}{b|}" },
		{ "blanks around dot and at", "a . b @ c . d", "{a.b|c.d}" },
		{ "folding around at", "a\r\n @\r\n\tb", "{a|b}" },
		{ "one trailing dot", "a@b.", "{a|b}" },
		{ "two trailing dots", "a@b..", "{a|b.}" },
		{ "UTF-8", "j\xc3\xb6rg@m\xc3\xbcller.de", "{j\xc3\xb6rg|m\xc3\xbcller.de}" },
		{ "blank in an angle", "<a b@c>", "<{a b|c}" },
	};

	check_rows(rows, sizeof rows / sizeof rows[0]);
}

Test(address_list, parts_bare_words)
{
	static const struct row rows[] = {
		{ "words", "root alice", "{root|}{alice|}" },
		{ "addresses", "a@b c@d", "{a|b}{c|d}" },
		{ "by a comment", "root(x)alice", "{root|}{alice|}" },
		{ "folded", "root\r\n alice", "{root|}{alice|}" },
		{ "before a name", "root, Alice <alice>", "{root|}<{alice|}" },
		{ "behind an angle", "<root> alice", "<{root|}{alice|}" },
		{ "name behind an angle", "<root> Alice B <alice>", "<{root|}<{alice|}" },
		{ "semicolon as comma", "a;b", "{a|}{b|}" },
	};

	check_rows(rows, sizeof rows / sizeof rows[0]);
}

Test(address_list, knows_groups_by_their_semicolon)
{
	static const struct row rows[] = {
		{ "members", "Team: root, x@y;", ";{root|};{x|y}" },
		{ "empty", "undisclosed-recipients:;", "" },
		{ "behind a group", "Team: a; b", ";{a|}{b|}" },
		{ "before a group", "a, Team: b;", "{a|};{b|}" },
		{ "name in a group", "Team: B <b@c>;", ";<{b|c}" },
		{ "group in a group", "A: b, C: d;", ";{b|};{d|}" },
		{ "no semicolon", "mailto:root@d", "{mailto:root|d}" },
		{ "semicolon in quotes", "a:b@c, \"x;y\"@d", "{a:b|c}{x;y|d}" },
		{ "semicolon before", "a; b:c@d", "{a|}{b:c|d}" },
		{ "include", ":include:/etc/list", "{:include:/etc/list|}" },
		{ "colon in an angle", "<mailto:root@d>", "<{mailto:root|d}" },
	};

	check_rows(rows, sizeof rows / sizeof rows[0]);
}

Test(address_list, drops_source_routes)
{
	static const struct row rows[] = {
		{ "one hop", "<@a:u@d>", "<{u|d}" },
		{ "two hops", "<@a,@b:root@D>", "<{root|D}" },
		{ "blanks", "< @a , @b : root @ D >", "<{root|D}" },
		{ "bare", "@a,@b:root@D", "{root|D}" },
		{ "bare, then another", "@a:u@d, b", "{u|d}{b|}" },
		{ "leads nowhere", "@a", "{|a}" },
		{ "literal as hop", "<@[1.2.3.4]:u@d>", "<{u|d}" },
	};

	check_rows(rows, sizeof rows / sizeof rows[0]);
}

/* F171 */
Test(address_list, refuses_what_has_no_end)
{
	static const struct row rows[] = {
		{ "quote", "\"a", "!65 a quote that is not closed in the address list '\"a'" },
		{ "comment", "a (b",
		    "!65 a comment that is not closed in the address list 'a (b'" },
		{ "angle", "<a@b", "!65 a '<' that is not closed in the address list '<a@b'" },
		{ "angle, comma", "<a, b>",
		    "!65 a '<' that is not closed in the address list '<a, b>'" },
		{ "two angles", "<<>>", "!65 a '<' inside another in the address list '<<>>'" },
		{ "closing angle", "a@b>", "!65 a '>' without its '<' in the address list 'a@b>'" },
		{ "literal", "a@[1", "!65 a '[' that is not closed in the address list 'a@[1'" },
		{ "domain", "bob@", "!65 an address without a domain in the address list 'bob@'" },
		{ "line break", "a\nb", "!65 a line break in the address list 'a?b'" },
		{ "line break in quotes", "\"a\\\nb\"@c",
		    "!65 a line break or NUL inside an address in the address list '\"a\\?b\"@c'" },
	};

	check_rows(rows, sizeof rows / sizeof rows[0]);
}

/* F176 */
Test(address_list, refuses_a_command_smuggled_in_behind_an_address)
{
	struct failure why;
	struct address_list list;

	cr_expect_not(address_list_read(text_of("a@b>\r\nRCPT TO:<x@y"), 0, arena, &list, &why));
	cr_expect_eq(why.code, EX_DATAERR);
	cr_expect_not(address_list_read(text_of("a@b> NOTIFY=NEVER"), 0, arena, &list, &why));
	cr_expect_eq(why.code, EX_DATAERR);
}

Test(address_list, refuses_a_NUL_inside_an_address)
{
	struct failure why;
	struct address_list list;

	cr_expect_not(address_list_read(text_make("a\0b@c", 5), 0, arena, &list, &why));
	cr_expect_eq(why.code, EX_DATAERR);
	cr_expect_str_eq(why.what, "a line break or NUL inside an address in the address list 'a'");
}

Test(address_list, forgives_a_display_name_what_an_address_may_not_hold)
{
	struct failure why = { 0 };
	struct address_list list;
	struct buffer line = buffer_open(0);

	for (size_t i = 0; i < ADDRESS_LOCAL_MAX + 1; i++)
		(void)buffer_byte(&line, 'n');
	(void)buffer_add(&line, " at@ <a@b>");
	cr_assert(address_list_read(buffer_text(&line), 0, arena, &list, &why), "%s", why.what);
	cr_expect_str_eq(show(&list), "<{a|b}");
	buffer_close(&line);
}

Test(address_list, refuses_a_part_past_its_maximum)
{
	static const struct {
		const char *before;
		size_t length;
		const char *behind;
		const char *wrong;
	} rows[] = {
		{ "", ADDRESS_LOCAL_MAX, "@d", NULL },
		{ "", ADDRESS_LOCAL_MAX + 1, "@d", "a local part that is too long" },
		{ "u@", ADDRESS_DOMAIN_MAX, "", NULL },
		{ "u@", ADDRESS_DOMAIN_MAX + 1, "", "a domain that is too long" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buffer line = buffer_open(0);
		struct address_list list;
		struct failure why = { 0 };
		bool done;

		(void)buffer_add(&line, rows[i].before);
		for (size_t j = 0; j < rows[i].length; j++)
			(void)buffer_byte(&line, 'x');
		(void)buffer_add(&line, rows[i].behind);
		done = address_list_read(buffer_text(&line), 0, arena, &list, &why);
		cr_expect_eq(done, rows[i].wrong == NULL, "row %zu: %s", i, why.what);
		if (rows[i].wrong != NULL)
			cr_expect_not_null(
			    strstr(why.what, rows[i].wrong), "row %zu: %s", i, why.what);
		buffer_close(&line);
	}
}

Test(address_list, counts_addresses_against_the_limit)
{
	struct failure why;
	struct address_list list;

	cr_expect(address_list_read(text_of("a b, c"), 3, arena, &list, &why));
	cr_expect(address_list_read(text_of("a b c d <e>"), 1, arena, &list, &why));
	cr_expect_not(address_list_read(text_of("a b, c"), 2, arena, &list, &why));
	cr_expect_eq(why.code, EX_DATAERR);
	cr_expect_str_eq(why.what, "more than 2 addresses in one list");
}

Test(address_list, tells_where_the_address_stands)
{
	static const struct {
		const char *text;
		const char *spanned;
		size_t comma; /* of the last span */
	} rows[] = {
		{ "root", "root", 0 },
		{ " (a) root (b)", "root", 0 },
		{ "Root <root@d>", "root@d", 0 },
		{ "R < (x) root @ d (y) >", "root @ d", 0 },
		{ "<@a,@b:u@d>", "@a,@b:u@d", 0 },
		{ "< @a : >", "@a :", 0 },
		{ "<>", "", 0 },
		{ "\"a b\"@c", "\"a b\"@c", 0 },
		{ "a@b.", "a@b.", 0 },
		{ "a, b", "b", 0 },
		{ "a b", "b", 1 },
		{ "a (x) b", "b", 5 },
		{ "<a> (x) B C <b>", "b", 7 },
		{ "<a> <b>", "b", 3 },
		{ "G: a b;", "b", 4 },
		{ "a G: b;", "b", 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };
		struct text text = text_of(rows[i].text);
		struct address_list list;
		struct address_span last;

		cr_assert(address_list_read(text, 0, arena, &list, &why), "%s", why.what);
		cr_assert_gt(list.count, 0, "%s", rows[i].text);
		last = list.spans[list.count - 1];
		cr_expect(text_is(text_slice(text, last.start, last.end), rows[i].spanned),
		    "%s: %zu to %zu", rows[i].text, last.start, last.end);
		cr_expect_eq(
		    last.comma, rows[i].comma, "%s: comma at %zu", rows[i].text, last.comma);
	}
}

/* F171 */
Test(address_list, stands_a_hundred_thousand_nested_comments)
{
	struct buffer line = buffer_open(0);
	struct failure why;
	struct address_list list;

	for (int i = 0; i < 100000; i++)
		(void)buffer_byte(&line, '(');
	cr_expect_not(address_list_read(buffer_text(&line), 0, arena, &list, &why));
	cr_expect_eq(why.code, EX_DATAERR);
	for (int i = 0; i < 100000; i++)
		(void)buffer_byte(&line, ')');
	(void)buffer_add(&line, "root");
	cr_assert(address_list_read(buffer_text(&line), 0, arena, &list, &why), "%s", why.what);
	cr_expect_str_eq(show(&list), "{root|}");
	buffer_close(&line);
}

/* F170 */
Test(address_list, reads_a_hundred_thousand_addresses)
{
	static const char *const seams[] = { ", ", " ", "\r\n ", ";" };

	for (size_t seam = 0; seam < sizeof seams / sizeof seams[0]; seam++) {
		struct buffer line = buffer_open(0);
		struct failure why = { 0 };
		struct address_list list;

		for (int i = 0; i < 100000; i++)
			(void)buffer_print(&line, "user%d@example.org%s", i, seams[seam]);
		(void)buffer_add(&line, "last");
		cr_assert(
		    address_list_read(buffer_text(&line), 0, arena, &list, &why), "%s", why.what);
		cr_expect_eq(list.count, 100001, "seam %zu: %zu", seam, list.count);
		buffer_close(&line);
	}
}

/* F171 */
Test(address_list, reads_a_route_of_a_hundred_thousand_hops)
{
	struct buffer line = buffer_open(0);
	struct failure why = { 0 };
	struct address_list list;

	for (int i = 0; i < 100000; i++)
		(void)buffer_print(&line, "@hop%d,", i);
	(void)buffer_add(&line, "@last:user@d");
	cr_assert(address_list_read(buffer_text(&line), 0, arena, &list, &why), "%s", why.what);
	cr_expect_str_eq(show(&list), "{user|d}");
	buffer_close(&line);
}

/* A quick generator with a fixed start, so that a failure can be repeated. */
static unsigned
next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(*state >> 33);
}

Test(address_list, keeps_its_promises_for_any_bytes)
{
	static const char alphabet[] = "ab.@,;:<>()[]\"\\ \t\r\n!%=?\x80\xc3";
	uint64_t seed = 20240601;

	for (int round = 0; round < 20000; round++) {
		char bytes[40];
		size_t length = next_random(&seed) % sizeof bytes;
		size_t reached = 0;
		struct address_list list;
		struct failure why;

		for (size_t i = 0; i < length; i++)
			bytes[i] = alphabet[next_random(&seed) % sizeof alphabet];
		if (!address_list_read(text_make(bytes, length), 0, arena, &list, &why)) {
			cr_assert_eq(why.code, EX_DATAERR);
			continue;
		}
		for (size_t i = 0; i < list.count; i++) {
			const struct address_span *span = &list.spans[i];

			cr_assert_leq(reached, span->start, "round %d", round);
			cr_assert_leq(span->start, span->end, "round %d", round);
			cr_assert_leq(span->end, length, "round %d", round);
			cr_assert(span->comma == 0
				|| (span->comma >= reached && span->comma <= span->start),
			    "round %d", round);
			reached = span->end;
		}
	}
}

Test(address_list, reads_its_own_writing_back)
{
	static const char *const locals[] = { "root", "a b", "a\"b", "a\\b", "a@b", "a,b", ".a",
		"a.", "a..b", "mailto:x", "<x>", "(c)", "j\xc3\xb6", "a\tb", "|cmd arg", ";" };

	for (size_t i = 0; i < sizeof locals / sizeof locals[0]; i++) {
		struct address address = { .local = text_of(locals[i]), .domain = text_of("d.e") };
		struct failure why = { 0 };
		struct address_list list;

		cr_assert(address_list_read(address_format(address, arena), 0, arena, &list, &why),
		    "%s: %s", locals[i], why.what);
		cr_expect_eq(list.count, 1, "%s", locals[i]);
		cr_expect(text_equal(list.spans[0].address.local, address.local), "%s", locals[i]);
		cr_expect(text_is(list.spans[0].address.domain, "d.e"), "%s", locals[i]);
	}
}
