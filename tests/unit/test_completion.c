/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "base/arena.h"
#include "mail/completion.h"

static struct arena *arena;
static const struct text local_domains[] = { { "D", 1 }, { "localhost", 9 },
	{ "\u00fcn\u00ef.test", 10 } };
static const struct completion completion = {
	.domain = { "D", 1 },
	.local_domains = local_domains,
	.local_count = 3,
};

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

TestSuite(completion, .init = open_arena, .fini = close_arena);

static struct address
make(const char *local, const char *domain)
{
	return (struct address){ .local = text_of(local), .domain = text_of(domain) };
}

static const char *
show(struct address address)
{
	return text_string(address_format(address, arena), arena);
}

Test(completion, knows_the_domains_that_are_ours)
{
	static const struct {
		const char *domain;
		bool local;
	} rows[] = {
		{ "", true },
		{ "d", true },
		{ "LocalHost", true },
		{ "\u00dcN\u00cf.Test", true },
		{ "uni.test", false },
		{ "[127.0.0.1]", true },
		{ "[127.1.2.3]", true },
		{ "[IPv6:::1]", true },
		{ "[ipv6:0:0:0:0:0:0:0:1]", true },
		{ "[::1]", true },
		{ "dd", false },
		{ "sub.d", false },
		{ "127.0.0.1", false },
		{ "[192.0.2.1]", false },
		{ "[IPv6:2001:db8::1]", false },
		{ "[127.0.0.1", false },
		{ "[]", false },
		{ "[127.0.0.1 and so on, far past the room that an address may take up]", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_eq(completion_is_local(&completion, text_of(rows[i].domain)),
		    rows[i].local, "'%s'", rows[i].domain);
}

Test(completion, brings_an_address_to_full_form)
{
	static const struct {
		const char *local;
		const char *domain;
		const char *expected;
	} rows[] = {
		{ "root", "", "root@D" },
		{ "Root", "", "Root@D" },
		{ "root", "host", "root@host" },
		{ "host!user", "", "user@host" },
		{ "a!b!user", "", "b!user@a" },
		{ "user%dom", "", "user@dom" },
		{ "user%a%b", "", "user%a@b" },
		{ "user%dom.", "", "user@dom" },
		{ "host!user%dom", "", "user%dom@host" },
		{ "host!user", "dom", "host!user@dom" },
		{ "user%a", "dom", "user%a@dom" },
		{ "!user", "", "!user@D" },
		{ "host!", "", "host!@D" },
		{ "%dom", "", "%dom@D" },
		{ "user%", "", "user%@D" },
		{ "a b", "", "\"a b\"@D" },
		{ "", "", "" },
		{ "", "dom", "\"\"@dom" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct address whole = completion_apply(
		    &completion, make(rows[i].local, rows[i].domain));

		cr_expect_str_eq(show(whole), rows[i].expected, "%s@%s gives %s", rows[i].local,
		    rows[i].domain, show(whole));
	}
}

Test(completion, treats_the_rest_of_a_local_recipient_anew)
{
	static const struct {
		const char *local;
		const char *domain;
		const char *expected;
	} rows[] = {
		{ "root", "", "root@D" },
		{ "bob%dom.test", "D", "bob@dom.test" },
		{ "bob%dom.test", "LOCALHOST", "bob@dom.test" },
		{ "bob@dom.test", "D", "bob@dom.test" },
		{ "host!bob", "D", "bob@host" },
		{ "bob%D", "D", "bob@D" },
		{ "bob%dom%D%localhost", "D", "bob@dom" },
		{ "\"a b\"@dom", "D", "\"a b\"@dom" },
		{ "@hop:bob@dom", "D", "bob@dom" },
		{ "bob%dom", "elsewhere", "bob%dom@elsewhere" },
		{ "bob@", "D", "\"bob@\"@D" },
		{ "a@b>, c", "D", "\"a@b>, c\"@D" },
		{ "odd name@dom", "D", "\"odd name\"@dom" },
		{ "a@b c@d", "D", "\"a@b c\"@d" },
		{ "%x", "D", "%x@D" },
		{ "", "", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct address whole = completion_recipient(
		    &completion, make(rows[i].local, rows[i].domain), arena);

		cr_expect_str_eq(show(whole), rows[i].expected, "%s@%s gives %s", rows[i].local,
		    rows[i].domain, show(whole));
	}
}

Test(completion, ends_however_often_a_local_domain_is_named)
{
	struct address whole = completion_recipient(
	    &completion, make("u%D%D%D%D%D%D%D%D%D%D%D%D%D%D%D%D%D%D%D%D", ""), arena);

	cr_expect_str_eq(show(whole), "u%D%D%D@D");
}
