/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
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

TestSuite(address, .init = open_arena, .fini = close_arena);

static struct address
make(const char *local, const char *domain)
{
	return (struct address){ .local = text_of(local), .domain = text_of(domain) };
}

static const char *
repeat(char byte, size_t count, const char *behind)
{
	char *bytes = arena_zero(arena, count + strlen(behind) + 1);

	memset(bytes, byte, count);
	memcpy(bytes + count, behind, strlen(behind));
	return bytes;
}

static const char *
read_one(const char *argument)
{
	struct address address;
	struct failure why = { 0 };

	if (!address_read(text_of(argument), arena, &address, &why))
		return arena_print(arena, "!%d %s", why.code, why.what);
	return arena_print(arena, "{%.*s|%.*s}", (int)address.local.length, address.local.bytes,
	    (int)address.domain.length, address.domain.bytes);
}

Test(address, reads_one_argument)
{
	static const struct {
		const char *argument;
		const char *expected;
	} rows[] = {
		{ "root", "{root|}" },
		{ " a@b ", "{a|b}" },
		{ "<a@b>", "{a|b}" },
		{ "Name Of <a@b>", "{a|b}" },
		{ "a@b (Name)", "{a|b}" },
		{ "\"a b\"@c", "{a b|c}" },
		{ "\"a\\\" b\"@c", "{a\" b|c}" },
		{ "", "{|}" },
		{ "  ", "{|}" },
		{ "<>", "{|}" },
		{ "a@b.", "{a|b}" },
		{ "<@x:a@b>", "{a|b}" },
		{ "a@[::1]", "{a|[::1]}" },
		{ "host!user", "{host!user|}" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_str_eq(read_one(rows[i].argument), rows[i].expected, "'%s' gives %s",
		    rows[i].argument, read_one(rows[i].argument));
}

/* F175, F176, F177 */
Test(address, refuses_what_is_not_one_address)
{
	static const struct {
		const char *argument;
		const char *expected;
	} rows[] = {
		{ "a@b\r\nRCPT TO:<x@y>",
		    "!64 a control character in the address 'a@b??RCPT TO:<x@y>'" },
		{ "a@b\n", "!64 a control character in the address 'a@b?'" },
		{ "a@b\tc", "!64 a control character in the address 'a@b?c'" },
		{ "a@b SIZE=9", "!64 'a@b SIZE=9' is not one address" },
		{ "<a@b SIZE=9>", "!64 a blank inside the address 'a@b SIZE=9'" },
		{ "a @b", "!64 a blank inside the address 'a@b'" },
		{ "a@b>", "!64 a '>' without its '<' in the address list 'a@b>'" },
		{ "a@b> NOTIFY=NEVER",
		    "!64 a '>' without its '<' in the address list 'a@b> NOTIFY=NEVER'" },
		{ "a@b,c@d", "!64 'a@b,c@d' is not one address" },
		{ "a b", "!64 'a b' is not one address" },
		{ "(name)", "!64 '(name)' is not one address" },
		{ "G: a;", "!64 'G: a;' is not one address" },
		{ "G:;", "!64 'G:;' is not one address" },
		{ "bob@", "!64 an address without a domain in the address list 'bob@'" },
		{ "@dom", "!64 the address '@dom' has an empty local part" },
		{ "a@b..c", "!64 the address 'a@b..c' has a domain with an empty label" },
		{ "a@b\xe2\x80\xa8"
		  "c",
		    "!64 the address 'a@b???c' holds a control character" },
		{ "a\xc0\x8a@b", "!64 the address 'a??@b' is not valid UTF-8" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_str_eq(read_one(rows[i].argument), rows[i].expected, "'%s' gives %s",
		    rows[i].argument, read_one(rows[i].argument));
}

/* F175 */
Test(address, refuses_four_kilobytes)
{
	cr_expect_eq(strncmp(read_one(repeat('a', 4096, "@b")),
			 "!64 a local part that is too long in the address list 'aaa", 55),
	    0);
}

Test(address, quotes_only_what_must_be)
{
	static const struct {
		const char *local;
		const char *expected;
	} rows[] = {
		{ "root", "root@d" },
		{ "a.b", "a.b@d" },
		{ "a+b=c/d!e%f", "a+b=c/d!e%f@d" },
		{ "j\xc3\xb6rg", "j\xc3\xb6rg@d" },
		{ "", "\"\"@d" },
		{ "a b", "\"a b\"@d" },
		{ "a@b", "\"a@b\"@d" },
		{ "a\"b\\c", "\"a\\\"b\\\\c\"@d" },
		{ ".a", "\".a\"@d" },
		{ "a.", "\"a.\"@d" },
		{ "a..b", "\"a..b\"@d" },
		{ "mailto:a", "\"mailto:a\"@d" },
		{ "(a)", "\"(a)\"@d" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct text written = address_format(make(rows[i].local, "d"), arena);

		cr_expect(text_is(written, rows[i].expected), "%s gives %.*s", rows[i].local,
		    (int)written.length, written.bytes);
	}
}

Test(address, writes_bare_and_null_addresses)
{
	cr_expect(text_is(address_format(make("root", ""), arena), "root"));
	cr_expect(text_is(address_format(make("a b", ""), arena), "\"a b\""));
	cr_expect(text_is(address_format(make("", ""), arena), ""));
	cr_expect(text_is(address_format((struct address){ 0 }, arena), ""));
	cr_expect(text_is(address_format_local(text_of("a b"), arena), "\"a b\""));
	cr_expect(text_is(address_format_local(text_of("a.b"), arena), "a.b"));
}

Test(address, knows_the_null_address)
{
	cr_expect(address_is_null((struct address){ 0 }));
	cr_expect(address_is_null(make("", "")));
	cr_expect_not(address_is_null(make("a", "")));
	cr_expect_not(address_is_null(make("", "a")));
}

Test(address, compares_without_letter_case)
{
	cr_expect(address_equal(make("Root", "Dom"), make("rOOT", "dOM")));
	cr_expect_eq(address_hash(make("Root", "Dom")), address_hash(make("rOOT", "dOM")));
	cr_expect(
	    address_equal(make("\u00e9lan", "\u00fcn\u00ef"), make("\u00c9LAN", "\u00dcN\u00cf")));
	cr_expect_eq(address_hash(make("\u00e9lan", "\u00fcn\u00ef")),
	    address_hash(make("\u00c9LAN", "\u00dcN\u00cf")));
	cr_expect_not(address_equal(make("\u00e9lan", "dom"), make("elan", "dom")));
	cr_expect(address_equal(make("\xff"
				     "A",
				    "dom"),
		      make("\xff"
			   "a",
			  "dom")),
	    "not UTF-8");
	cr_expect_eq(address_hash(make("\xff"
				       "A",
			 "dom")),
	    address_hash(make("\xff"
			      "a",
		"dom")));
	cr_expect_not(address_equal(make("root", "dom"), make("root", "")));
	cr_expect_not(address_equal(make("root", "dom"), make("roo", "tdom")));
	cr_expect_neq(address_hash(make("root", "dom")), address_hash(make("roo", "tdom")));
}

/* F175, F176, F177 */
Test(address, checks_what_may_be_sent)
{
	static const struct {
		const char *local;
		const char *domain;
		const char *wrong; /* NULL: nothing */
	} rows[] = {
		{ "root", "dom.test", NULL },
		{ "root", "", NULL },
		{ "a b", "dom", NULL },
		{ "j\xc3\xb6", "d\xc3\xb6m", NULL },
		{ "a", "[127.0.0.1]", NULL },
		{ "a", "[IPv6:::1]", NULL },
		{ "a>", "dom", NULL },
		{ "", "dom", "the address '@dom' has an empty local part" },
		{ "", "", "the address '' has an empty local part" },
		{ "a", "d m", "the address 'a@d m' has a domain that is no name" },
		{ "a", "d>", "the address 'a@d>' has a domain that is no name" },
		{ "a", "<d", "the address 'a@<d' has a domain that is no name" },
		{ "a", "b@d", "the address 'a@b@d' has a domain that is no name" },
		{ "a", "[1] SIZE=9", "the address 'a@[1] SIZE=9' has a domain that is no name" },
		{ "a", "[1 2]", "the address 'a@[1 2]' has a domain that is no name" },
		{ "a", "[]", "the address 'a@[]' has a domain that is no name" },
		{ "a", ".d", "the address 'a@.d' has a domain with an empty label" },
		{ "a", "d.", "the address 'a@d.' has a domain with an empty label" },
		{ "a", "d..e", "the address 'a@d..e' has a domain with an empty label" },
		{ "a\r\nb", "d", "the address 'a??b@d' holds a control character" },
		{ "a", "d\x7f", "the address 'a@d?' holds a control character" },
		{ "a\xc2\x85", "d", "the address 'a??@d' holds a control character" },
		{ "a\xe2\x80\xae", "d", "the address 'a???@d' holds a control character" },
		{ "\xc0\x8a", "d", "the address '??@d' is not valid UTF-8" },
		{ "a", "d\xff", "the address 'a@d?' is not valid UTF-8" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };
		bool good = address_check(make(rows[i].local, rows[i].domain), EX_CONFIG, &why);

		cr_expect_eq(good, rows[i].wrong == NULL, "%s@%s: %s", rows[i].local,
		    rows[i].domain, why.what);
		if (rows[i].wrong == NULL || good)
			continue;
		cr_expect_eq(why.code, EX_CONFIG, "%s", rows[i].wrong);
		cr_expect_str_eq(why.what, rows[i].wrong);
	}
}

Test(address, checks_for_a_NUL)
{
	struct failure why = { 0 };
	const struct address address = { .local = text_make("a\0b", 3), .domain = text_of("d") };

	cr_expect_not(address_check(address, EX_USAGE, &why));
	cr_expect_eq(why.code, EX_USAGE);
}

Test(address, checks_the_length)
{
	struct failure why = { 0 };

	cr_expect(address_check(make(repeat('a', ADDRESS_LOCAL_MAX, ""), "d"), EX_USAGE, &why));
	cr_expect_not(
	    address_check(make(repeat('a', ADDRESS_LOCAL_MAX + 1, ""), "d"), EX_USAGE, &why));
	cr_expect_not_null(strstr(why.what, "has a local part that is too long"), "%s", why.what);
	cr_expect_not(
	    address_check(make("a", repeat('d', ADDRESS_DOMAIN_MAX + 1, "")), EX_USAGE, &why));
	cr_expect_not_null(strstr(why.what, "has a domain that is too long"), "%s", why.what);
}

Test(address, needs_SMTPUTF8_for_the_local_part_only)
{
	cr_expect(address_needs_utf8(make("j\xc3\xb6", "d")));
	cr_expect_not(address_needs_utf8(make("j", "d\xc3\xb6")));
	cr_expect_not(address_needs_utf8(make("j", "d")));
}

Test(address, writes_a_domain_as_A_labels)
{
	static const struct {
		const char *domain;
		const char *expected;
	} rows[] = {
		{ "example.org", "example.org" },
		{ "Example.ORG", "Example.ORG" },
		{ "", "" },
		{ "[127.0.0.1]", "[127.0.0.1]" },
		{ "b\xc3\xbc"
		  "cher.example",
		    "xn--bcher-kva.example" },
		{ "B\xc3\x9c"
		  "CHER.example",
		    "xn--bcher-kva.example" },
		{ "bu\xcc\x88"
		  "cher.example",
		    "xn--bcher-kva.example" },
		{ "stra\xc3\x9f"
		  "e.de",
		    "xn--strae-oqa.de" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };
		struct address ascii;

		cr_assert(address_to_ascii(make("u", rows[i].domain), arena, &ascii, &why),
		    "%s: %s", rows[i].domain, why.what);
		cr_expect(text_is(ascii.domain, rows[i].expected), "%s gives %.*s", rows[i].domain,
		    (int)ascii.domain.length, ascii.domain.bytes);
		cr_expect(text_is(ascii.local, "u"));
	}
}

Test(address, refuses_a_domain_that_has_no_A_labels)
{
	const char *domains[] = { "\xff.de", "[\xc3\xbc]", repeat('a', 80, "\xc3\xbc.de") };

	for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++) {
		struct failure why = { 0 };
		struct address ascii = { 0 };

		cr_assert_not(
		    address_to_ascii(make("u", domains[i]), arena, &ascii, &why), "%s", domains[i]);
		cr_expect_eq(why.code, EX_DATAERR, "%s", why.what);
		cr_expect_null(ascii.local.bytes, "set though it failed");
	}
}

Test(address, splits_an_extension_off)
{
	static const struct {
		const char *local;
		const char *delimiters;
		const char *base; /* NULL: no extension */
	} rows[] = {
		{ "root+x", "+", "root" },
		{ "root+x+y", "+", "root" },
		{ "root-x+y", "+-", "root" },
		{ "root+", "+", "root" },
		{ "root", "+", NULL },
		{ "root+x", "", NULL },
		{ "root+x", NULL, NULL },
		{ "+x", "+", NULL },
		{ "double-bounce", "-", NULL },
		{ "Mailer-Daemon", "-", NULL },
		{ "postmaster", "t", NULL },
		{ "postmaster+x", "+", "postmaster" },
		{ "owner-list", "-", NULL },
		{ "list-request", "+-", NULL },
		{ "owner-list+x", "+", "owner-list" },
		{ "list-requests", "-", "list" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct address base = { 0 };
		bool split = address_base(make(rows[i].local, "d"), rows[i].delimiters, &base);

		cr_expect_eq(split, rows[i].base != NULL, "%s", rows[i].local);
		if (!split)
			continue;
		cr_expect(text_is(base.local, rows[i].base), "%s", rows[i].local);
		cr_expect(text_is(base.domain, "d"), "%s", rows[i].local);
	}
}
