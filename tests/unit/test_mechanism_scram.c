/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "smtp/mechanism_scram.h"

struct vector {
	const char *mechanism;
	const char *nonce;
	const char *first;
	const char *server_first;
	const char *final;
	const char *server_final;
};

/* RFC 5802 5, RFC 7677 3. */
static const struct vector vectors[] = {
	{ "SCRAM-SHA-1", "fyko+d2lbbFgONRv9qkxdawL", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
	    "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
	    "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
	    "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=" },
	{ "SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
	    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,"
	    "i=4096",
	    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
	    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" },
};

static struct mechanism_scram_login
login_of(const char *mechanism, const char *nonce, struct secret *secret)
{
	secret_keep(secret, text_of("pencil"));
	return (struct mechanism_scram_login){ .mechanism = mechanism_find(text_of(mechanism)),
		.user = "user",
		.secret = secret,
		.nonce = nonce };
}

static void
expect(const struct buffer *said, const char *wanted)
{
	cr_assert(text_is(buffer_text(said), wanted), "%.*s", (int)said->length, said->bytes);
}

Test(mechanism_scram, says_what_the_standards_say)
{
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		const struct vector *row = &vectors[i];
		struct secret secret = { 0 };
		struct mechanism_scram_login login = login_of(row->mechanism, row->nonce, &secret);
		struct mechanism_scram *scram = mechanism_scram_open(&login);
		struct buffer said = buffer_open(0);
		bool finished = true;
		struct failure why;

		cr_assert(mechanism_scram_step(scram, text_of(NULL), &said, &finished, &why));
		expect(&said, row->first);
		cr_assert(!finished);
		cr_assert(
		    mechanism_scram_step(scram, text_of(row->server_first), &said, &finished, &why),
		    "%s", why.what);
		expect(&said, row->final);
		cr_assert(!finished);
		cr_assert(
		    mechanism_scram_step(scram, text_of(row->server_final), &said, &finished, &why),
		    "%s", why.what);
		expect(&said, "");
		cr_assert(finished);
		cr_assert(!mechanism_scram_step(scram, text_of("more"), &said, &finished, &why));
		cr_assert(!finished);
		mechanism_scram_close(scram);
		buffer_close(&said);
		secret_wipe(&secret);
	}
}

static const char *
first_of(const struct mechanism_scram_login *login, struct arena *arena)
{
	struct mechanism_scram *scram = mechanism_scram_open(login);
	struct buffer said = buffer_open(0);
	const char *string;
	bool finished;
	struct failure why;

	if (mechanism_scram_step(scram, text_of(NULL), &said, &finished, &why))
		string = text_string(buffer_text(&said), arena);
	else
		string = arena_print(arena, "!%d %s", why.code, why.what);
	buffer_close(&said);
	mechanism_scram_close(scram);
	return string;
}

/* F76 */
Test(mechanism_scram, says_how_the_channel_is_bound)
{
	struct arena *arena = arena_open();
	struct secret secret = { 0 };
	struct mechanism_scram_login login = login_of("scram-sha-256", "nonce", &secret);

	cr_assert_str_eq(first_of(&login, arena), "n,,n=user,r=nonce");
	login.binding_type = "tls-exporter";
	login.binding = text_of("data");
	cr_assert_str_eq(first_of(&login, arena), "y,,n=user,r=nonce");
	login.plus_offered = true;
	cr_assert_str_eq(first_of(&login, arena), "n,,n=user,r=nonce");
	login.mechanism = mechanism_find(text_of("scram-sha-256-plus"));
	cr_assert_str_eq(first_of(&login, arena), "p=tls-exporter,,n=user,r=nonce");
	login.binding_type = "tls-unique";
	cr_assert_str_eq(first_of(&login, arena), "p=tls-unique,,n=user,r=nonce");
	secret_wipe(&secret);
	arena_close(arena);
}

Test(mechanism_scram, writes_names_so_that_they_end_where_they_end)
{
	struct arena *arena = arena_open();
	struct secret secret = { 0 };
	struct mechanism_scram_login login = login_of("scram-sha-1", "nonce", &secret);

	login.user = "a,b=c";
	cr_assert_str_eq(first_of(&login, arena), "n,,n=a=2Cb=3Dc,r=nonce");
	/* RFC 4013 3: a soft hyphen is nothing, a Roman numeral is letters. */
	login.user = "I\302\255X";
	cr_assert_str_eq(first_of(&login, arena), "n,,n=IX,r=nonce");
	login.user = "\342\205\250";
	cr_assert_str_eq(first_of(&login, arena), "n,,n=IX,r=nonce");
	login.user = "a\007";
	cr_assert_eq(memcmp(first_of(&login, arena), "!78 user or password do not suit", 32), 0);
	secret_wipe(&secret);
	arena_close(arena);
}

Test(mechanism_scram, takes_a_fresh_nonce_each_time)
{
	struct arena *arena = arena_open();
	struct secret secret = { 0 };
	struct mechanism_scram_login login = login_of("scram-sha-1", NULL, &secret);
	const char *first = first_of(&login, arena);

	cr_assert_eq(strlen(first), strlen("n,,n=user,r=") + 32);
	cr_assert_str_neq(first, first_of(&login, arena));
	secret_wipe(&secret);
	arena_close(arena);
}

struct offer_row {
	const char *said;
	const char *what; /* NULL: fine */
};

#define WRONG "the server's part of SCRAM-SHA-1 is wrong: "
#define ITERATIONS "the server asks for an iteration count outside 4096 to 1000000"

static const struct offer_row offer_rows[] = {
	{ "r=nonceX,s=QSXCR+Q6sek8bf92,i=4096", NULL },
	{ "r=nonceX,s=QSXCR+Q6sek8bf92,i=4096,x=later", NULL },
	{ "", WRONG "its nonce does not begin with ours" }, /* F81 */
	{ "r=", WRONG "its nonce does not begin with ours" },
	{ "r=nonce,s=QSXCR+Q6sek8bf92,i=4096", WRONG "its nonce does not begin with ours" },
	{ "r=noncX,s=QSXCR+Q6sek8bf92,i=4096", WRONG "its nonce does not begin with ours" },
	{ "s=QSXCR+Q6sek8bf92,r=nonceX,i=4096", WRONG "its nonce does not begin with ours" },
	{ "m=x,r=nonceX,s=QSXCR+Q6sek8bf92,i=4096", WRONG "it demands an extension" }, /* F85 */
	{ "r=nonceX", WRONG "it has no salt" },                                        /* F83 */
	{ "r=nonceX,s=,i=4096", WRONG "it has no salt" },
	{ "r=nonceX,i=4096", WRONG "it has no salt" },
	{ "r=nonceX,s=!,i=4096", WRONG "its salt is no base64" },
	{ "r=nonceX,s=QSXCR+Q6sek8bf92", WRONG "it has no iteration count" }, /* F82 */
	{ "r=nonceX,s=QSXCR+Q6sek8bf92,i=", ITERATIONS },
	{ "r=nonceX,s=QSXCR+Q6sek8bf92,i=1", ITERATIONS },
	{ "r=nonceX,s=QSXCR+Q6sek8bf92,i=4095", ITERATIONS },
	{ "r=nonceX,s=QSXCR+Q6sek8bf92,i=1000001", ITERATIONS },
	{ "r=nonceX,s=QSXCR+Q6sek8bf92,i=99999999999999999999", ITERATIONS },
	{ "r=nonceX,s=QSXCR+Q6sek8bf92,i=0x2000", ITERATIONS },
	{ "r=nonceX,s=QSXCR+Q6sek8bf92,i=-1", ITERATIONS },
};

Test(mechanism_scram, takes_no_offer_that_is_none)
{
	for (size_t i = 0; i < sizeof offer_rows / sizeof offer_rows[0]; i++) {
		const struct offer_row *row = &offer_rows[i];
		struct secret secret = { 0 };
		struct mechanism_scram_login login = login_of("scram-sha-1", "nonce", &secret);
		struct mechanism_scram *scram = mechanism_scram_open(&login);
		struct buffer said = buffer_open(0);
		bool finished;
		struct failure why;
		bool fine;

		cr_assert(mechanism_scram_step(scram, text_of(NULL), &said, &finished, &why));
		fine = mechanism_scram_step(scram, text_of(row->said), &said, &finished, &why);
		cr_assert_eq(fine, row->what == NULL, "%s: %s", row->said, why.what);
		if (!fine) {
			cr_assert_str_eq(why.what, row->what, "%s", row->said);
			cr_assert_eq(why.code, EX_PROTOCOL, "%s", row->said);
			cr_assert_eq(said.length, 0, "%s", row->said);
		}
		mechanism_scram_close(scram);
		buffer_close(&said);
		secret_wipe(&secret);
	}
}
