/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "smtp/auth_challenge.h"

static bool
take(const char *line, struct auth_challenge *challenge, struct failure *why)
{
	struct text lines[] = { text_of(line) };
	struct reply reply = { .code = 334, .lines = lines, .line_count = 1 };

	return auth_challenge_read(&reply, challenge, why);
}

/* F77 */
Test(auth_challenge, is_decoded_or_refused)
{
	static const struct {
		const char *line;
		const char *text; /* NULL: refused */
	} rows[] = {
		{ "", "" },
		{ "aGVsbG8=", "hello" },
		{ "aGVsbG8", NULL },
		{ "aGVsb G8=", NULL },
		{ "aGVs=G8=", NULL },
		{ "====", NULL },
		{ "aGVsbG8*", NULL },
		{ "{\"status\"}", NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct auth_challenge challenge;
		struct failure why;

		cr_assert_eq(
		    take(rows[i].line, &challenge, &why), rows[i].text != NULL, "%s", rows[i].line);
		if (rows[i].text == NULL) {
			cr_assert_eq(why.code, EX_PROTOCOL, "%s", rows[i].line);
			continue;
		}
		cr_assert(
		    text_is(auth_challenge_text(&challenge), rows[i].text), "%s", rows[i].line);
		auth_challenge_close(&challenge);
		auth_challenge_close(&challenge);
	}
}

static void
judge(const char *mechanism, bool named, const char *bytes, const char *what)
{
	struct auth_challenge challenge = { (char *)(uintptr_t)bytes, strlen(bytes) };
	struct failure why;
	bool fine = auth_challenge_judge(
	    &challenge, mechanism_find(text_of(mechanism)), named, &why);

	cr_assert_eq(fine, what == NULL, "%s '%.80s'", mechanism, bytes);
	if (fine)
		return;
	cr_assert_str_eq(why.what, what, "%s '%.80s'", mechanism, bytes);
	cr_assert_eq(why.code, EX_PROTOCOL);
}

#define FORM "the server's challenge for CRAM-MD5 has not the form of a message id"
#define EMPTY "the server's challenge for CRAM-MD5 is empty"

/* F86 */
Test(auth_challenge, lets_cram_md5_sign_message_ids)
{
	judge("CRAM-MD5", false, "<1896.697170952@postoffice.reston.mci.net>", NULL);
	judge("CRAM-MD5", false, "", EMPTY);
	judge("CRAM-MD5", true, "", EMPTY);
	judge("CRAM-MD5", false, "chosen text", FORM);
	judge("CRAM-MD5", false, "<no-host>", FORM);
	judge("CRAM-MD5", false, "<no-host@>", FORM);
	judge("CRAM-MD5", false, "<a b@host>", FORM);
	judge("CRAM-MD5", false, "<a@host>\n", FORM);
	judge("CRAM-MD5", false, "<a\177@host>", FORM);
	judge("CRAM-MD5", true, "chosen text", NULL);
	judge("PLAIN", false, "chosen text", NULL);
}

/* F86 */
Test(auth_challenge, caps_what_cram_md5_signs)
{
	char bytes[AUTH_CHALLENGE_CRAM_MAX + 2] = "";

	memset(bytes, '@', AUTH_CHALLENGE_CRAM_MAX);
	judge("CRAM-MD5", true, bytes, NULL);
	bytes[0] = '<';
	bytes[AUTH_CHALLENGE_CRAM_MAX - 1] = '>';
	judge("CRAM-MD5", false, bytes, NULL);
	memset(bytes, '@', AUTH_CHALLENGE_CRAM_MAX + 1);
	judge("CRAM-MD5", true, bytes, "the server's challenge for CRAM-MD5 has 1025 bytes");
}
