/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "smtp/auth_words.h"

struct row {
	const char *label;
	const char *sent;
	const char *secret;
	const char *words;
	bool repeated;
};

/* F102 */
static const struct row rows[] = {
	{ "nothing", "AHVzZXIAc2VjcmV0", "secret", "wrong password", false },
	{ "response", "AHVzZXIAc2VjcmV0", NULL, "what is AHVzZXIAc2VjcmV0", true },
	{ "its middle", "AHVzZXIAc2VjcmV0", NULL, "ZXIA", true },
	{ "too little of it", "AHVzZXIAc2VjcmV0", NULL, "ZXI", false },
	{ "secret", "", "secret", "'secret'", true },
	{ "part of a short secret", "", "secret", "secre", false },
	{ "part of a long secret", "", "a long secret", "long sec", true },
	{ "too little of a long secret", "", "a long secret", "long se", false },
	{ "no secret", "", NULL, "a", false },
	{ "empty secret", "", "", "a", false },
	{ "no response", "=", NULL, "a=b", false },
	{ "no words", "AHVzZXIAc2VjcmV0", "secret", "", false },
};

Test(auth_words, finds_what_was_sent_in_what_is_said)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct auth_words words = auth_words_open();

		auth_words_keep(&words, text_of("d2hhdGV2ZXI="));
		auth_words_keep(&words, text_of(row->sent));
		cr_assert_eq(auth_words_repeat(&words, row->secret, text_of(row->words)),
		    row->repeated, "%s", row->label);
		auth_words_close(&words);
	}
}

/* Two responses are no one response. */
Test(auth_words, does_not_look_across_responses)
{
	struct auth_words words = auth_words_open();

	auth_words_keep(&words, text_of("AAAA"));
	auth_words_keep(&words, text_of("BBBB"));
	cr_assert(!auth_words_repeat(&words, NULL, text_of("AABB")));
	cr_assert(auth_words_repeat(&words, NULL, text_of("xBBBB")));
	auth_words_close(&words);
}
