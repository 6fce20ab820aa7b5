/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "smtp/mechanism.h"

static struct capability
offering(const char *names)
{
	struct capability capability = { .auth = names != NULL };
	struct text rest = text_of(names);

	for (;;) {
		struct text word = text_word(&rest, '\0');

		if (word.length == 0)
			return capability;
		capability.mechanisms[capability.mechanism_count++] = word;
	}
}

struct choice_row {
	const char *label;
	const char *offered;
	const char *filter;
	bool can_bind;
	const char *chosen;
};

static const struct choice_row choice_rows[] = {
	{ "strongest first", "LOGIN PLAIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256", "on", false,
	    "SCRAM-SHA-256" },
	{ "with binding", "PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "on", true,
	    "SCRAM-SHA-256-PLUS" },
	{ "binding not to be had", "PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "on", false,
	    "SCRAM-SHA-256" },
	{ "sha-1 with binding before sha-256 without", "SCRAM-SHA-256 SCRAM-SHA-1-PLUS", "on", true,
	    "SCRAM-SHA-1-PLUS" },
	{ "plain before cram", "CRAM-MD5 PLAIN LOGIN", "on", false, "PLAIN" },
	{ "cram before login", "LOGIN CRAM-MD5", "on", false, "CRAM-MD5" },
	{ "login alone", "LOGIN NTLM", "on", false, "LOGIN" }, /* F73 */
	{ "letter case", "plain", "on", false, "PLAIN" },
	{ "the filter's order", "PLAIN LOGIN CRAM-MD5", "login plain", false, "LOGIN" },
	{ "commas", "PLAIN LOGIN CRAM-MD5", "CRAM-MD5, LOGIN", false, "CRAM-MD5" },
	{ "one left out", "PLAIN LOGIN", "on !plain", false, "LOGIN" },
	{ "left out alone", "PLAIN LOGIN", "!plain", false, "LOGIN" },
	{ "left out of names", "PLAIN LOGIN", "plain login !plain", false, "LOGIN" },
	{ "the scram family", "PLAIN SCRAM-SHA-1", "scram", false, "SCRAM-SHA-1" }, /* F75 */
	{ "the scram family left out", "PLAIN SCRAM-SHA-1", "on !scram", false, "PLAIN" },
	{ "digest when named", "DIGEST-MD5 PLAIN", "digest-md5", false, "DIGEST-MD5" },
	{ "external when named", "EXTERNAL PLAIN", "external plain", false, "EXTERNAL" },
	{ "a token only when named", "XOAUTH2 PLAIN", "on", true, "PLAIN" },
	{ "a token when named", "XOAUTH2 OAUTHBEARER PLAIN", "oauthbearer xoauth2", false,
	    "OAUTHBEARER" },
};

Test(mechanism, is_chosen_by_filter_offer_and_channel)
{
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof choice_rows / sizeof choice_rows[0]; i++) {
		const struct choice_row *row = &choice_rows[i];
		struct capability capability = offering(row->offered);
		const struct mechanism *chosen = NULL;
		struct failure why;

		cr_assert(
		    mechanism_choose(&capability, row->filter, row->can_bind, arena, &chosen, &why),
		    "%s: %s", row->label, why.what);
		cr_assert_str_eq(chosen->name, row->chosen, "%s", row->label);
	}
	arena_close(arena);
}

struct refusal_row {
	const char *label;
	const char *offered;
	const char *filter;
	const char *what;
};

#define NONE "no usable mechanism: the server offers "

static const struct refusal_row refusal_rows[] = {
	{ "no auth at all", NULL, "on", "the server does not offer AUTH" }, /* F71 */
	{ "only unknown", "X-OWN NTLM", "plain login",
	    NONE "X-OWN NTLM, allowed are PLAIN LOGIN" }, /* F72 */
	{ "auth without a name", "", "plain", NONE "none, allowed are PLAIN" },
	{ "pinned to scram", "PLAIN LOGIN", "scram-sha-256",
	    NONE "PLAIN LOGIN, allowed are SCRAM-SHA-256" }, /* F75 */
	{ "pinned to binding", "SCRAM-SHA-256", "scram-sha-256-plus",
	    NONE "SCRAM-SHA-256, allowed are SCRAM-SHA-256-PLUS" }, /* F76 */
	{ "digest not automatic", "DIGEST-MD5", "on",
	    NONE "DIGEST-MD5, allowed are SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 "
		 "SCRAM-SHA-1 PLAIN CRAM-MD5 LOGIN" }, /* F87 */
};

Test(mechanism, refuses_with_both_lists)
{
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof refusal_rows / sizeof refusal_rows[0]; i++) {
		const struct refusal_row *row = &refusal_rows[i];
		struct capability capability = offering(row->offered);
		const struct mechanism *chosen = NULL;
		struct failure why;

		capability.auth = row->offered != NULL;
		cr_assert(!mechanism_choose(&capability, row->filter, false, arena, &chosen, &why),
		    "%s", row->label);
		cr_assert_str_eq(why.what, row->what, "%s", row->label);
		cr_assert_eq(why.code, EX_UNAVAILABLE, "%s", row->label);
		cr_assert_eq(why.stage, FAILURE_AUTH, "%s", row->label);
		cr_assert_null(chosen, "%s", row->label);
	}
	arena_close(arena);
}

struct filter_row {
	const char *filter;
	const char *what; /* NULL: fine */
};

static const struct filter_row filter_rows[] = {
	{ "on", NULL },
	{ "plain login cram-md5", NULL },
	{ "PLAIN, LOGIN, CRAM-MD5", NULL },
	{ "on !plain !login", NULL },
	{ "scram", NULL },
	{ "!scram", NULL },
	{ "oauthbearer xoauth2", NULL },
	{ "ntlm", "the mechanism 'ntlm' is not supported" },
	{ "plain NTLM", "the mechanism 'ntlm' is not supported" },
	{ "plian", "unknown mechanism 'plian'" },
	{ "on !", "unknown mechanism ''" },
	{ "!on", "unknown mechanism 'on'" },
	{ "", "no mechanism is named" },
};

Test(mechanism, checks_filters)
{
	for (size_t i = 0; i < sizeof filter_rows / sizeof filter_rows[0]; i++) {
		const struct filter_row *row = &filter_rows[i];
		struct failure why = { .code = 0 };
		bool fine = mechanism_filter_check(text_of(row->filter), &why);

		cr_assert_eq(fine, row->what == NULL, "'%s': %s", row->filter, why.what);
		if (fine)
			continue;
		cr_assert_str_eq(why.what, row->what, "'%s'", row->filter);
		cr_assert_eq(why.code, EX_CONFIG, "'%s'", row->filter);
	}
}

Test(mechanism, names_the_known_ones_for_an_unknown_word)
{
	struct failure why;

	cr_assert(!mechanism_filter_check(text_of("plian"), &why));
	cr_assert_not_null(strstr(why.hint, "SCRAM-SHA-256-PLUS"));
	cr_assert_not_null(strstr(why.hint, "LOGIN"));
}

Test(mechanism, is_found_whatever_the_letter_case)
{
	cr_assert_str_eq(mechanism_find(text_of("scram-sha-256"))->name, "SCRAM-SHA-256");
	cr_assert_null(mechanism_find(text_of("ntlm")));
	cr_assert_null(mechanism_find(text_of("")));
}

Test(mechanism, tells_whether_a_filter_names_it)
{
	const struct mechanism *scram = mechanism_find(text_of("scram-sha-1"));
	const struct mechanism *plain = mechanism_find(text_of("plain"));

	cr_assert(mechanism_is_named(scram, text_of("plain, SCRAM")));
	cr_assert(mechanism_is_named(plain, text_of("plain")));
	cr_assert(!mechanism_is_named(plain, text_of("on !plain")));
	cr_assert(!mechanism_is_named(scram, text_of("on")));
	cr_assert(!mechanism_is_named(plain, text_of("")));
}

Test(mechanism, lists_what_a_filter_allows_in_order)
{
	static const struct {
		const char *filter;
		const char *names;
	} rows[] = {
		{ "on",
		    "SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 PLAIN CRAM-MD5 "
		    "LOGIN " },
		{ "login plain", "LOGIN PLAIN " },
		{ "scram !scram-sha-1 plain",
		    "SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 PLAIN " },
	};
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *all = "";
		size_t count;
		const struct mechanism *const *allowed = mechanism_allowed(
		    text_of(rows[i].filter), arena, &count);

		for (size_t k = 0; k < count; k++)
			all = arena_print(arena, "%s%s ", all, allowed[k]->name);
		cr_expect_str_eq(all, rows[i].names, "%s: %s", rows[i].filter, all);
	}
	arena_close(arena);
}
