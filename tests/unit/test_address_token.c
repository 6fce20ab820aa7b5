/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "mail/address_token.h"

/* All tokens as one line: values in (), signs bare, faults as !words. */
static const char *
tokens(struct text text)
{
	static char line[4096];
	struct address_tokens all = address_token_open(text);
	size_t used = 0;

	line[0] = '\0';
	for (;;) {
		struct address_token token = address_token_next(&all);
		char value[1024];
		size_t length;

		if (token.kind == ADDRESS_TOKEN_END)
			return line;
		if (token.kind == ADDRESS_TOKEN_FAULT) {
			(void)snprintf(line + used, sizeof line - used, "!%s", token.fault);
			return line;
		}
		length = address_token_value(text, &token, value);
		used += (size_t)snprintf(line + used, sizeof line - used,
		    token.kind == ADDRESS_TOKEN_SIGN ? "%.*s" : "(%.*s)", (int)length, value);
	}
}

Test(address_token, finds_words_and_signs)
{
	static const struct {
		const char *label;
		const char *text;
		const char *expected;
	} rows[] = {
		{ "empty", "", "" },
		{ "blanks", " \t ", "" },
		{ "atom", "root", "(root)" },
		{ "dots", "a.b@c.d", "(a).(b)@(c).(d)" },
		{ "quoted", "\"a b\"@c", "(a b)@(c)" },
		{ "quoted pair", "\"a\\\"b\\\\\"", "(a\"b\\)" },
		{ "folding in quotes", "\"a\r\n b\"", "(a b)" },
		{ "backslash in an atom", "a\\@b", "(a@b)" },
		{ "backslash at the end", "a\\", "(a\\)" },
		{ "literal", "a@[1.2. 3.4]", "(a)@([1.2.3.4])" },
		{ "bracket elsewhere", "[tag] a", "([tag])(a)" },
		{ "comment", "a(x)b", "(a)(b)" },
		{ "nested comment", "a((x(y))z)b", "(a)(b)" },
		{ "backslash in a comment", "a(\\))b", "(a)(b)" },
		{ "folding", "a\r\n\tb\n c", "(a)(b)(c)" },
		{ "8-bit", "j\xc3\xb6@d\xc3\xb6", "(j\xc3\xb6)@(d\xc3\xb6)" },
		{ "encoded word with signs", "=?utf-8?q?a,b.c?= <x>", "(=?utf-8?q?a,b.c?=)<(x)>" },
		{ "half an encoded word", "=?utf-8?q?a,b", "(=?utf-8?q?a),(b)" },
		{ "stray closing", "a) b]", "(a))(b])" },
		{ "all signs", ",;:<>@.", ",;:<>@." },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_str_eq(
		    tokens(text_of(rows[i].text)), rows[i].expected, "%s", rows[i].label);
}

Test(address_token, names_what_has_no_end)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
		{ "a \"b", "(a)!a quote that is not closed" },
		{ "\"b\\\"", "!a quote that is not closed" },
		{ "a (b", "(a)!a comment that is not closed" },
		{ "((b)", "!a comment that is not closed" },
		{ "(b\\", "!a comment that is not closed" },
		{ "a@[1.2", "(a)@!a '[' that is not closed" },
		{ "a\nb", "(a)!a line break" },
		{ "a\r\n", "(a)!a line break" },
		{ "a\r b", "(a)!a line break" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_str_eq(
		    tokens(text_of(rows[i].text)), rows[i].expected, "%s", rows[i].text);
}

Test(address_token, stays_at_the_end_and_at_a_fault)
{
	struct address_tokens end = address_token_open(text_of("a"));
	struct address_tokens fault = address_token_open(text_of("\"a"));

	(void)address_token_next(&end);
	cr_expect_eq(address_token_next(&end).kind, ADDRESS_TOKEN_END);
	cr_expect_eq(address_token_next(&end).kind, ADDRESS_TOKEN_END);
	cr_expect_eq(address_token_next(&fault).kind, ADDRESS_TOKEN_FAULT);
	cr_expect_eq(address_token_next(&fault).kind, ADDRESS_TOKEN_FAULT);
}

Test(address_token, tells_where_the_one_before_ended)
{
	struct address_tokens all = address_token_open(text_of("ab (c) de.f"));
	struct address_token first = address_token_next(&all);
	struct address_token second = address_token_next(&all);
	struct address_token third = address_token_next(&all);

	cr_expect_eq(first.before, 0);
	cr_expect_not(first.apart);
	cr_expect_eq(second.before, 6, "behind the comment, not %zu", second.before);
	cr_expect_eq(second.start, 7);
	cr_expect(second.apart);
	cr_expect_eq(third.before, 9);
	cr_expect_not(third.apart);
}
