/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "flow/check_list.h"

static struct arena *arena;
static struct check_list list;

static void
set_up(void)
{
	arena = arena_open();
	list = check_list_open(arena);
}

static void
tear_down(void)
{
	arena_close(arena);
}

TestSuite(check_list, .init = set_up, .fini = tear_down);

static void
add_failure(const char *area, int code, const char *what)
{
	struct failure why;

	fail(&why, code, "%s", what);
	check_list_fail(&list, area, &why);
}

Test(check_list, is_well_when_nothing_failed)
{
	struct failure why;

	check_list_ok(&list, "tls", "TLS%d", 13);
	check_list_note(&list, "login", "none");
	check_list_warn(&list, "valid", "tell them", "%d days left", 3);
	fail(&why, EX_CANTCREAT, "cannot open it");
	check_list_doubt(&list, "log", &why);
	cr_expect_eq(check_list_status(&list), EX_OK);
	cr_expect_eq(list.count, 4);
	cr_expect_str_eq(list.items[0].what, "TLS13");
	cr_expect_str_eq(list.items[2].hint, "tell them");
	cr_expect_eq(list.items[3].result, CHECK_WARNING);
}

Test(check_list, has_the_status_of_the_first_failure)
{
	check_list_ok(&list, "tls", "fine");
	add_failure("login", EX_NOPERM, "refused");
	add_failure("connect", EX_TEMPFAIL, "no answer");
	cr_expect_eq(check_list_status(&list), EX_NOPERM);
}

Test(check_list, takes_a_failure_with_all_that_it_says)
{
	struct failure why;

	fail(&why, EX_NOPERM, "the server refused the login");
	failure_at(&why, "a.example:587");
	failure_hint(&why, "check the password");
	failure_reply(&why, 535, "5.7.8", text_of("5.7.8 no"));
	check_list_subject(&list, "%s:%d", "a.example", 587);
	check_list_fail(&list, "login", &why);
	cr_expect_str_eq(list.items[0].subject, "a.example:587");
	cr_expect_str_eq(list.items[0].area, "login");
	cr_expect_str_eq(list.items[0].what, "the server refused the login");
	cr_expect_str_eq(list.items[0].where, "a.example:587");
	cr_expect_str_eq(list.items[0].server, "535 5.7.8 no");
	cr_expect_str_eq(list.items[0].hint, "check the password");
}

Test(check_list, gives_the_advice_that_delivering_would)
{
	struct failure why;

	fail(&why, EX_UNAVAILABLE, "refused");
	failure_in(&why, FAILURE_SENDER);
	check_list_fail(&list, "sender", &why);
	cr_expect_neq(list.items[0].hint[0], '\0');
}

Test(check_list, makes_warnings_of_what_something_else_stands_in_for)
{
	add_failure("connect", EX_TEMPFAIL, "before");
	add_failure("connect", EX_TEMPFAIL, "refused");
	add_failure("trust", EX_UNAVAILABLE, "expired");
	check_list_soften(&list, 1, "connect");
	cr_expect_eq(list.items[0].result, CHECK_FAILURE);
	cr_expect_eq(list.items[1].result, CHECK_WARNING);
	cr_expect_eq(list.items[2].result, CHECK_FAILURE);
	list.items[0].result = CHECK_OK;
	cr_expect_eq(check_list_status(&list), EX_UNAVAILABLE);
}

/* Servers and files choose much of it. */
Test(check_list, holds_nothing_that_a_terminal_would_obey)
{
	check_list_subject(&list, "a\x1b[2J");
	check_list_ok(&list, "greeting", "hi\x1b]0;x\x07\r\n");
	check_list_warn(&list, "valid", "b\x7f", "c");
	cr_expect_str_eq(list.items[0].subject, "a?[2J");
	cr_expect_str_eq(list.items[0].what, "hi?]0;x???");
	cr_expect_str_eq(list.items[1].hint, "b?");
}

Test(check_list, cuts_what_is_too_long)
{
	static char words[5000];

	memset(words, 'x', sizeof words - 1);
	check_list_ok(&list, "greeting", "%s", words);
	cr_expect(strlen(list.items[0].what) < sizeof words);
	cr_expect(strlen(list.items[0].what) > 500);
}
