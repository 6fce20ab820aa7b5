/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/tls.h"
#include "tests/support/certificate.h"
#include "tests/support/pipe.h"

static char directory[64];
static char roots[100];
static char cert_file[100];
static char key_file[100];
static struct certificate ca;
static struct certificate leaf;

static void
set_up(void)
{
	(void)snprintf(directory, sizeof directory, "/tmp/relay-tls.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	(void)snprintf(roots, sizeof roots, "%s/roots.pem", directory);
	(void)snprintf(cert_file, sizeof cert_file, "%s/client.pem", directory);
	(void)snprintf(key_file, sizeof key_file, "%s/client.key", directory);
	ca = certificate_authority("Test CA");
	leaf = certificate_leaf(&ca, "srv.test");
	certificate_write(&ca, directory, "roots");
	certificate_write_chain(&leaf, NULL, directory, "client");
}

static void
tear_down(void)
{
	certificate_close(&leaf);
	certificate_close(&ca);
	(void)unlink(roots);
	(void)unlink(cert_file);
	(void)unlink(key_file);
	(void)rmdir(directory);
}

TestSuite(tls, .init = set_up, .fini = tear_down);

static struct tls_rule
rule_for(const char *host)
{
	return (struct tls_rule){ .trust = { .file = roots }, .host = host, .verify = true };
}

static struct pipe_wish
wish_for_leaf(void)
{
	return (struct pipe_wish){ .chain = &leaf, .count = 1 };
}

/* Starts TLS with a peer as wished; the caller closes both. */
static bool
start(const struct pipe_wish *wish, const struct tls_rule *rule, struct pipe_peer **peer,
    struct channel **channel, struct failure *why)
{
	*peer = pipe_open(wish);
	*channel = pipe_channel(*peer);
	return tls_start(channel, rule, deadline_after(20000), why);
}

static void
expect_echo(struct channel *channel, const char *words)
{
	struct failure why = { 0 };
	char bytes[100];
	size_t length = strlen(words);
	size_t have = 0;

	cr_assert(
	    channel_write(channel, text_of(words), deadline_after(20000), &why), "%s", why.what);
	while (have < length) {
		size_t got = 0;

		cr_assert(channel_read(channel, bytes + have, sizeof bytes - have, &got,
			      deadline_after(20000), &why),
		    "%s", why.what);
		cr_assert_gt(got, 0);
		have += got;
	}
	cr_expect_arr_eq(bytes, words, length);
}

Test(tls, runs_over_a_socket)
{
	const struct tls_rule rule = rule_for("srv.test");
	const struct pipe_wish wish = wish_for_leaf();
	struct failure why = { 0 };
	struct channel *channel;
	struct pipe_peer *peer;

	cr_assert(start(&wish, &rule, &peer, &channel, &why), "%s", why.what);
	cr_expect(channel->tls);
	cr_expect_eq(channel->privacy, CHANNEL_VERIFIED);
	cr_expect_str_eq(channel->security, "TLS1.3 AES-256-GCM");
	cr_expect_str_eq(channel->peer, "srv.test:587");
	expect_echo(channel, "EHLO a\r\n");
	channel_close(channel);
	pipe_close(peer);
}

Test(tls, runs_over_pipes)
{
	const struct tls_rule rule = rule_for("srv.test");
	struct pipe_wish wish = wish_for_leaf();
	struct failure why = { 0 };
	struct channel *channel;
	struct pipe_peer *peer;

	wish.pipes = true;
	cr_assert(start(&wish, &rule, &peer, &channel, &why), "%s", why.what);
	expect_echo(channel, "EHLO a\r\n");
	channel_close(channel);
	pipe_close(peer);
}

Test(tls, runs_as_version_1_2)
{
	const struct tls_rule rule = rule_for("srv.test");
	struct pipe_wish wish = wish_for_leaf();
	struct failure why = { 0 };
	struct channel *channel;
	struct pipe_peer *peer;

	wish.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.2";
	cr_assert(start(&wish, &rule, &peer, &channel, &why), "%s", why.what);
	cr_expect_str_eq(channel->security, "TLS1.2 AES-256-GCM");
	expect_echo(channel, "EHLO a\r\n");
	channel_close(channel);
	pipe_close(peer);
}

/* Promise 2: TLS with somebody unknown does not make an open connection private. */
Test(tls, leaves_the_privacy_alone_when_it_verifies_nothing)
{
	static const struct {
		const char *label;
		bool pipes;
		enum channel_privacy privacy;
	} rows[] = {
		{ "open underneath", true, CHANNEL_OPEN },
		{ "local underneath", false, CHANNEL_LOCAL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct tls_rule rule = { .host = "other.test" };
		struct pipe_wish wish = wish_for_leaf();
		struct failure why = { 0 };
		struct channel *channel;
		struct pipe_peer *peer;

		wish.pipes = rows[i].pipes;
		cr_assert(
		    start(&wish, &rule, &peer, &channel, &why), "%s: %s", rows[i].label, why.what);
		cr_expect(channel->tls, "%s", rows[i].label);
		cr_expect_eq(channel->privacy, rows[i].privacy, "%s", rows[i].label);
		channel_close(channel);
		pipe_close(peer);
	}
}

/* F65 */
Test(tls, holds_a_server_to_its_pin_although_nothing_else_is_verified)
{
	const struct tls_rule rule = {
		.host = "srv.test",
		.trust.fingerprint =
		    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
	};
	const struct pipe_wish wish = wish_for_leaf();
	struct failure why = { 0 };
	struct channel *channel;
	struct pipe_peer *peer;

	cr_assert_not(start(&wish, &rule, &peer, &channel, &why));
	cr_expect_eq(why.code, EX_UNAVAILABLE);
	cr_expect_eq(why.stage, FAILURE_TLS);
	pipe_close(peer);
}

Test(tls, asks_for_the_host_by_its_a_labels_and_not_for_an_address)
{
	static const struct {
		const char *host, *asked;
	} rows[] = {
		{ "srv.test", "srv.test" }, { "srv.test.", "srv.test" }, /* F45 */
		{ "b\xc3\xbc"
		  "cher.test",
		    "xn--bcher-kva.test" }, /* F44 */
		{ "127.0.0.1", "" },        /* F43 */
		{ "[::1]", "" },            /* F43 */
		{ "fe80::1%eth0", "" },     /* F43 */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct tls_rule rule = { .host = rows[i].host };
		const struct pipe_wish wish = wish_for_leaf();
		struct failure why = { 0 };
		struct channel *channel;
		struct pipe_peer *peer;

		cr_assert(
		    start(&wish, &rule, &peer, &channel, &why), "%s: %s", rows[i].host, why.what);
		channel_close(channel);
		pipe_join(peer);
		cr_expect_str_eq(pipe_asked_name(peer), rows[i].asked, "%s", rows[i].host);
		pipe_close(peer);
	}
}

Test(tls, refuses_the_wrong_name)
{
	const struct tls_rule rule = rule_for("other.test");
	const struct pipe_wish wish = wish_for_leaf();
	struct failure why = { 0 };
	struct channel *channel;
	struct pipe_peer *peer;

	cr_assert_not(start(&wish, &rule, &peer, &channel, &why));
	cr_expect_null(channel);
	cr_expect_eq(why.code, EX_UNAVAILABLE);
	cr_expect_eq(why.stage, FAILURE_TLS);
	cr_expect_str_eq(why.where, "srv.test:587");
	cr_expect_str_eq(
	    why.what, "the server's certificate is for 'srv.test', not for 'other.test'");
	pipe_close(peer);
}

Test(tls, refuses_rules_that_cannot_be_followed)
{
	const struct {
		const char *label;
		struct tls_rule rule;
		const char *part;
	} rows[] = {
		{ "priorities", { .host = "srv.test", .priorities = "NORMAL:+NONSENSE" },
		    "tls_priorities is not understood at '+NONSENSE'" },
		{ "host F44", { .host = "\xff.test" }, "is no internationalized host name" },
		{ "no host", { .host = NULL }, "the host name is empty" },
		{ "trust file F64",
		    { .host = "srv.test", .verify = true, .trust = { .file = "/dev/null" } },
		    "not a regular file" },
		{ "certificate",
		    { .host = "srv.test", .cert_file = "/nonexistent", .key_file = key_file },
		    "cannot open the file: No such file or directory" },
		{ "key missing", { .host = "srv.test", .cert_file = cert_file },
		    "without its key" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct pipe_wish wish = wish_for_leaf();
		struct failure why = { 0 };
		struct channel *channel;
		struct pipe_peer *peer;

		cr_assert_not(
		    start(&wish, &rows[i].rule, &peer, &channel, &why), "%s", rows[i].label);
		cr_expect_null(channel, "%s", rows[i].label);
		cr_expect_eq(why.code, EX_CONFIG, "%s", rows[i].label);
		cr_expect_eq(why.stage, FAILURE_TLS, "%s", rows[i].label);
		cr_expect(
		    strstr(why.what, rows[i].part) != NULL, "%s: %s", rows[i].label, why.what);
		pipe_close(peer);
	}
}

/* F47 */
Test(tls, refuses_versions_before_1_2)
{
	static const struct {
		const char *label, *client;
	} rows[] = {
		{ "by default", NULL },
		{ "whatever tls_priorities allows", "NORMAL:+VERS-TLS1.0:+VERS-TLS1.1" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tls_rule rule = rule_for("srv.test");
		struct pipe_wish wish = wish_for_leaf();
		struct failure why = { 0 };
		struct channel *channel;
		struct pipe_peer *peer;

		rule.priorities = rows[i].client;
		wish.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0";
		cr_assert_not(start(&wish, &rule, &peer, &channel, &why), "%s", rows[i].label);
		cr_expect_eq(why.code, EX_UNAVAILABLE, "%s: %s", rows[i].label, why.what);
		pipe_close(peer);
	}
}

/* F48 */
Test(tls, refuses_a_server_without_a_common_cipher)
{
	struct tls_rule rule = rule_for("srv.test");
	struct pipe_wish wish = wish_for_leaf();
	struct failure why = { 0 };
	struct channel *channel;
	struct pipe_peer *peer;

	wish.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+3DES-CBC:-MAC-ALL:+SHA1";
	cr_assert_not(start(&wish, &rule, &peer, &channel, &why));
	cr_expect_eq(why.code, EX_UNAVAILABLE);
	cr_expect_eq(why.stage, FAILURE_TLS);
	cr_expect(strstr(why.what, "handshake") != NULL, "%s", why.what);
	pipe_close(peer);
}

static void
say(int in, int out, void *data)
{
	const char *words = data;
	char bytes[512];

	(void)!write(out, words, strlen(words));
	(void)!read(in, bytes, sizeof bytes);
}

/* F6, F16, F290 */
Test(tls, tells_a_server_that_does_not_speak_tls)
{
	static const struct {
		const char *label, *words, *shown;
	} rows[] = {
		{ "plaintext SMTP", "220 mail.example ESMTP ready\r\n",
		    "'220 mail.example ESMTP ready'" },
		{ "injected", "250-evil\r\n250 AUTH PLAIN\r\n", "'250-evil'" },
		{ "HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", "'HTTP/1.1 400 Bad Request'" },
		{ "escapes", "\x1b[2J and more\r\n", "'?[2J and more'" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char words[100];
		const struct tls_rule rule = rule_for("srv.test");
		const struct pipe_wish wish = { .raw = say, .data = words };
		struct failure why = { 0 };
		struct channel *channel;
		struct pipe_peer *peer;

		(void)snprintf(words, sizeof words, "%s", rows[i].words);
		cr_assert_not(start(&wish, &rule, &peer, &channel, &why), "%s", rows[i].label);
		cr_expect_eq(why.code, EX_UNAVAILABLE, "%s", rows[i].label);
		cr_expect(strstr(why.what, "the server does not speak TLS here, it said ") != NULL,
		    "%s", why.what);
		cr_expect(
		    strstr(why.what, rows[i].shown) != NULL, "%s: %s", rows[i].label, why.what);
		cr_expect(strstr(why.hint, "465") != NULL && strstr(why.hint, "587") != NULL, "%s",
		    why.hint);
		pipe_close(peer);
	}
}

static void
hang_up(int in, int out, void *data)
{
	char bytes[1];

	(void)out;
	(void)data;
	(void)!read(in, bytes, sizeof bytes);
}

Test(tls, is_temporary_when_the_server_hangs_up)
{
	const struct tls_rule rule = rule_for("srv.test");
	const struct pipe_wish wish = { .raw = hang_up, .pipes = true };
	struct failure why = { 0 };
	struct channel *channel;
	struct pipe_peer *peer;

	cr_assert_not(start(&wish, &rule, &peer, &channel, &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.what, "the server closed the connection during the TLS handshake");
	cr_expect_eq(why.stage, FAILURE_TLS);
	pipe_close(peer);
}

static void
keep_silent(int in, int out, void *data)
{
	char bytes[4096];

	(void)out;
	(void)data;
	while (read(in, bytes, sizeof bytes) > 0)
		continue;
}

/* F18 */
Test(tls, stops_waiting_for_a_silent_server)
{
	const struct tls_rule rule = rule_for("srv.test");
	const struct pipe_wish wish = { .raw = keep_silent };
	struct pipe_peer *peer = pipe_open(&wish);
	struct channel *channel = pipe_channel(peer);
	struct failure why = { 0 };

	cr_assert_not(tls_start(&channel, &rule, deadline_after(50), &why));
	cr_expect_null(channel);
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_eq(why.stage, FAILURE_TLS);
	cr_expect_str_eq(why.what, "no answer within the time limit");
	cr_expect_str_eq(why.where, "srv.test:587");
	pipe_close(peer);
}

/* An alert record of TLS 1.2: type 21, level fatal. */
static void
alert(int in, int out, void *data)
{
	const unsigned char *description = data;
	const unsigned char record[] = { 21, 3, 3, 0, 2, 2, *description };
	char bytes[4096];

	(void)!read(in, bytes, sizeof bytes);
	(void)!write(out, record, sizeof record);
	(void)!read(in, bytes, sizeof bytes);
}

/* F54 */
Test(tls, tells_the_alert_that_ended_the_handshake)
{
	static const struct {
		unsigned char description;
		int code;
		bool temporary;
		const char *part;
	} rows[] = {
		{ GNUTLS_A_HANDSHAKE_FAILURE, EX_UNAVAILABLE, true, "Handshake failed" },
		{ GNUTLS_A_INTERNAL_ERROR, EX_TEMPFAIL, true, "Internal error" },
		{ GNUTLS_A_PROTOCOL_VERSION, EX_UNAVAILABLE, false, "protocol version" },
		{ GNUTLS_A_UNKNOWN_CA, EX_UNAVAILABLE, false, "CA is unknown" },
		{ GNUTLS_A_UNRECOGNIZED_NAME, EX_UNAVAILABLE, false, "name" },
		{ 200, EX_UNAVAILABLE, false, "unknown" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned char description = rows[i].description;
		const struct tls_rule rule = rule_for("srv.test");
		const struct pipe_wish wish = { .raw = alert, .data = &description };
		struct failure why = { 0 };
		struct channel *channel;
		struct pipe_peer *peer;

		cr_assert_not(start(&wish, &rule, &peer, &channel, &why), "%d", description);
		cr_expect_eq(why.code, rows[i].code, "%d: %s", description, why.what);
		cr_expect_eq(why.temporary, rows[i].temporary, "%d", description);
		cr_expect(strstr(why.what, rows[i].part) != NULL, "%d: %s", description, why.what);
		pipe_close(peer);
	}
}

/* A ServerHello of 1 MiB, in records that hold 16 KiB each. */
static void
talk_much(int in, int out, void *data)
{
	static unsigned char record[5 + 16384] = { 22, 3, 3, 0x40, 0, 2, 0x10, 0, 0, 3, 3 };
	char bytes[4096];

	(void)data;
	(void)!read(in, bytes, sizeof bytes);
	for (size_t i = 0; i < 64; i++) {
		if (write(out, record, sizeof record) < 0)
			return;
		memset(record + 5, 0, sizeof record - 5);
	}
	(void)!read(in, bytes, sizeof bytes);
}

/* F52 */
Test(tls, refuses_a_handshake_message_without_measure)
{
	const struct tls_rule rule = rule_for("srv.test");
	const struct pipe_wish wish = { .raw = talk_much };
	struct failure why = { 0 };
	struct channel *channel;
	struct pipe_peer *peer;

	cr_assert_not(start(&wish, &rule, &peer, &channel, &why));
	cr_expect(strstr(why.what, "time limit") == NULL, "%s", why.what);
	cr_expect_eq(why.stage, FAILURE_TLS);
	pipe_close(peer);
}

/* F52 */
Test(tls, refuses_a_chain_that_is_too_long)
{
	struct certificate chain[16];
	const struct tls_rule rule = rule_for("srv.test");
	const struct pipe_wish wish = { .chain = chain, .count = 16 };
	struct failure why = { 0 };
	struct channel *channel;
	struct pipe_peer *peer;

	chain[0] = leaf;
	for (size_t i = 1; i < 16; i++)
		chain[i] = certificate_authority("Unrelated");
	cr_expect(start(&wish, &rule, &peer, &channel, &why), "F32, unrelated ones: %s", why.what);
	channel_close(channel);
	pipe_close(peer);
	for (size_t i = 1; i < 16; i++)
		certificate_close(&chain[i]);
}

Test(tls, shows_its_certificate_to_a_server_that_asks)
{
	static const struct {
		const char *label;
		bool ask, shown;
	} rows[] = {
		{ "asked", true, true },
		{ "not asked", false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tls_rule rule = rule_for("srv.test");
		struct pipe_wish wish = wish_for_leaf();
		struct failure why = { 0 };
		struct channel *channel;
		struct pipe_peer *peer;

		rule.cert_file = cert_file;
		rule.key_file = key_file;
		wish.ask_certificate = rows[i].ask;
		cr_assert(
		    start(&wish, &rule, &peer, &channel, &why), "%s: %s", rows[i].label, why.what);
		channel_close(channel);
		pipe_join(peer);
		cr_expect_eq(pipe_handshake(peer), 0, "%s", rows[i].label);
		cr_expect_eq(pipe_saw_certificate(peer), rows[i].shown, "%s", rows[i].label);
		pipe_close(peer);
	}
}

/* TLS 1.3: the refusal comes with the first read. */
Test(tls, says_that_the_server_wants_a_certificate)
{
	const struct tls_rule rule = rule_for("srv.test");
	struct pipe_wish wish = wish_for_leaf();
	struct failure why = { 0 };
	struct channel *channel;
	struct pipe_peer *peer;
	char bytes[16];
	size_t got;

	wish.ask_certificate = true;
	cr_assert(start(&wish, &rule, &peer, &channel, &why), "%s", why.what);
	cr_assert_not(
	    channel_read(channel, bytes, sizeof bytes, &got, deadline_after(20000), &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect(strstr(why.what, "the server ended TLS with the alert") != NULL, "%s", why.what);
	cr_expect(strstr(why.hint, "tls_cert_file") != NULL, "%s", why.hint);
	channel_close(channel);
	pipe_close(peer);
}

/* Also the primes of named groups, which GnuTLS itself holds for good enough. */
Test(tls, keeps_to_the_smallest_prime)
{
	static const struct {
		int64_t bits;
		bool good;
	} rows[] = { { 0, true }, { 2048, true }, { 2049, false }, { 4096, false } };
	const struct certificate_wish rsa = {
		.dns = { "srv.test" }, .rsa_bits = 2048, .signer = &ca
	};
	struct certificate chain = certificate_make(&rsa);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tls_rule rule = rule_for("srv.test");
		const struct pipe_wish wish = { .chain = &chain,
			.count = 1,
			.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA:-GROUP-ALL:"
				      "+GROUP-FFDHE2048" };
		struct failure why = { 0 };
		struct channel *channel;
		struct pipe_peer *peer;
		bool started;

		rule.min_dh_bits = rows[i].bits;
		started = start(&wish, &rule, &peer, &channel, &why);
		cr_expect_eq(started, rows[i].good, "%zu: %s", i, why.what);
		channel_close(channel);
		pipe_close(peer);
	}
	certificate_close(&chain);
}

Test(tls, judges_priorities_without_a_server)
{
	struct failure why;

	cr_assert(tls_priorities_check(NULL, &why));
	cr_assert(tls_priorities_check("NORMAL:-VERS-ALL:+VERS-TLS1.3", &why));
	cr_assert_not(tls_priorities_check("NORMAL:+NONSENSE", &why));
	cr_assert_eq(why.code, EX_CONFIG);
	cr_assert_str_eq(why.what, "tls_priorities is not understood at '+NONSENSE'");
}
