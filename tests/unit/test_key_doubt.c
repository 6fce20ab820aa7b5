/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/key_doubt.h"

#include "tests/support/shelf.h"

struct doubt_case {
	const char *key;
	const char *what; /* NULL: it may match */
};

static void
expect(const struct doubt_case *row, const char *doubt)
{
	if (row->what == NULL)
		cr_expect_null(doubt, "%s: %s", row->key, doubt);
	else
		cr_expect(doubt != NULL && strstr(doubt, row->what) != NULL, "%s: %s", row->key,
		    doubt == NULL ? "no doubt" : doubt);
}

/* F208 F209 */
Test(key_doubt, knows_keys_of_generic_that_match_nothing)
{
	static const struct doubt_case rows[] = {
		{ "root", NULL },
		{ "root+x", NULL },
		{ "first.last", NULL },
		{ "root@dom.example", NULL },
		{ "@dom.example", NULL },
		{ "@dom", NULL },
		{ "a@[127.0.0.1]", NULL },
		{ "\"a b\"@dom.example", NULL },
		{ "\"a b\"", NULL },
		{ "\"a\\\"b\"@dom.example", NULL },
		{ "a@b@dom.example", NULL },
		{ "J\xc3\xb6rg@b\xc3\xbc.example", NULL },
		{ "/var", NULL },
		{ "\"root\"@dom.example", "fewest quotes" },
		{ "\"root\"", "fewest quotes" },
		{ "\"a\\ b\"@dom.example", "fewest quotes" },
		{ "a\\ b@dom.example", "double quotes" },
		{ "root@", "no domain" },
		{ "@", "no domain" },
		{ "root@dom.example.", "dot at their end" },
		{ "@.dom.example", "one whole domain" },
		{ "@*.dom.example", "one whole domain" },
		{ "root@dom..example", "is no domain" },
		{ ".dom.example", "each subdomain" },
		{ "*", "no wildcard" },
		{ "*@dom.example", "no wildcard" },
		{ "a\x01@dom.example", "control byte" },
		{ "/^(a+)+$/", "no patterns" },
		{ "/^root@/i", "no patterns" },
	};
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect(&rows[i], key_doubt_generic(text_of(rows[i].key), arena));
	arena_close(arena);
}

Test(key_doubt, knows_keys_of_transport_that_match_nothing)
{
	static const struct doubt_case rows[] = {
		{ "*", NULL },
		{ "dom.example", NULL },
		{ ".dom.example", NULL },
		{ ".example", NULL },
		{ "word", NULL },
		{ "a@dom.example", NULL },
		{ "[127.0.0.1]", NULL },
		{ "@dom.example", "without '@'" },
		{ "*@dom.example", "without '@'" },
		{ "*.dom.example", "all subdomains" },
		{ "dom.example.", "dot at their end" },
		{ "a@", "no domain" },
		{ "\"a\"@dom.example", "fewest quotes" },
		{ "dom..example", "neither an address nor a domain" },
		{ "[mail.example]:587", "neither an address nor a domain" },
		{ "/.*/", "no patterns" },
	};
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect(&rows[i], key_doubt_transport(text_of(rows[i].key), arena));
	arena_close(arena);
}

Test(key_doubt, knows_keys_of_sasl_passwd_that_match_nothing)
{
	static const struct doubt_case rows[] = {
		{ "mail.example", NULL },
		{ "[mail.example]", NULL },
		{ "mail.example:587", NULL },
		{ "[mail.example]:submission", NULL },
		{ "[::1]:587", NULL },
		{ "/run/relay/submit", NULL },
		{ "a@dom.example", "sender_dependent_auth on" },
		{ "@dom.example", "sender_dependent_auth on" },
		{ "smtp://mail.example", "host:port" },
		{ "smtp:mail.example:587", "host:port" },
		{ "mail.example:70000", "host:port" },
		{ "a,b", "host:port" },
	};
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect(&rows[i], key_doubt_password(text_of(rows[i].key), false, arena));
	cr_expect_null(key_doubt_password(text_of("a@dom.example"), true, arena));
	cr_expect_null(key_doubt_password(text_of("o'brien"), true, arena));
	cr_expect_not_null(key_doubt_password(text_of("a@"), true, arena));
	arena_close(arena);
}
