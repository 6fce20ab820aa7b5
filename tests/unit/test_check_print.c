/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/check_print.h"

static struct arena *arena;
static struct check_list list;
static struct buffer out;

static void
set_up(void)
{
	arena = arena_open();
	list = check_list_open(arena);
	out = buffer_open(0);
}

static void
tear_down(void)
{
	buffer_close(&out);
	arena_close(arena);
}

TestSuite(check_print, .init = set_up, .fini = tear_down);

static const char *
printed(bool color)
{
	check_print(&list, color, &out);
	return text_string(buffer_text(&out), arena);
}

static bool
holds(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

Test(check_print, puts_findings_below_their_subject)
{
	const char *text;

	check_list_subject(&list, "this machine");
	check_list_ok(&list, "clock", "noon");
	check_list_subject(&list, "a.example:587");
	check_list_warn(&list, "valid", "renew it", "3 days left");
	check_list_note(&list, "login", "none");
	text = printed(false);
	cr_expect_str_eq(text,
	    "this machine\n"
	    "  ok       clock        noon\n"
	    "\n"
	    "a.example:587\n"
	    "  warning  valid        3 days left\n"
	    "                        hint: renew it\n"
	    "  note     login        none\n"
	    "\n"
	    "1 ok, 1 warning, 0 failures\n",
	    "%s", text);
}

Test(check_print, names_the_place_unless_the_subject_does)
{
	struct failure why;
	const char *text;

	fail(&why, EX_NOPERM, "refused");
	failure_hint(&why, "mend it");
	failure_at(&why, "a.example:587");
	failure_reply(&why, 535, "", text_of("no"));
	check_list_subject(&list, "a.example:587");
	check_list_fail(&list, "login", &why);
	check_list_subject(&list, "b.example:587");
	check_list_fail(&list, "login", &why);
	text = printed(false);
	cr_expect(holds(text,
		      "a.example:587\n"
		      "  failure  login        refused\n"
		      "                        server: 535 no\n"
		      "                        hint: mend it\n"),
	    "%s", text);
	cr_expect(holds(text, "  failure  login        a.example:587: refused\n"), "%s", text);
}

Test(check_print, stays_within_eighty_columns)
{
	struct text rest;
	const char *text;

	check_list_subject(&list, "x");
	for (size_t i = 1; i < 70; i++) {
		char word[71] = "";

		memset(word, 'w', i);
		check_list_ok(&list, "greeting", "%s %s a %s bb %s", word, word, word, word);
	}
	text = printed(false);
	rest = text_of(text);
	while (rest.length > 0) {
		size_t end = text_find(rest, '\n');

		cr_expect(end <= 80, "%.*s", (int)end, rest.bytes);
		cr_expect(end == 0 || rest.bytes[end - 1] != ' ', "'%.*s'", (int)end, rest.bytes);
		rest = text_slice(rest, end + 1, rest.length);
	}
}

/* A fingerprint is there to be copied. */
Test(check_print, keeps_a_word_whole)
{
	char word[65];

	memset(word, 'f', 64);
	word[64] = '\0';
	check_list_ok(&list, "fingerprint", "SHA-256 %s", word);
	cr_expect(holds(printed(false), arena_print(arena, "SHA-256\n    %s\n", word)));
}

Test(check_print, colors_only_when_told)
{
	const char *text;

	check_list_subject(&list, "x");
	check_list_ok(&list, "tls", "fine");
	cr_expect_null(strchr(printed(false), '\033'));
	buffer_clear(&out);
	text = printed(true);
	cr_expect(holds(text, "  \033[32mok\033[0m       tls          fine\n"), "%s", text);
}
