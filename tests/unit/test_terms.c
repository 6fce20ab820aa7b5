/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "net/terms.h"
#include "net/tls.h"
#include "tests/support/certificate.h"
#include "tests/support/pipe.h"

struct sight {
	unsigned times;
	struct terms terms;
};

static void
see(void *data, const struct terms *terms)
{
	struct sight *sight = data;

	sight->times++;
	sight->terms = *terms;
}

/* Shakes hands with a server that shows `chain`; the client pins nobody and trusts nobody. */
static struct sight
shake(const struct certificate *chain, size_t count, const char *host, bool verify, bool *started)
{
	const struct pipe_wish wish = { .chain = chain, .count = count };
	struct sight sight = { 0 };
	struct tls_rule rule = { .host = host,
		.verify = verify,
		.trust = { .file = "system" },
		.seen = see,
		.seen_data = &sight };
	struct pipe_peer *peer = pipe_open(&wish);
	struct channel *channel = pipe_channel(peer);
	struct failure why;

	*started = tls_start(&channel, &rule, deadline_after(20000), &why);
	channel_close(channel);
	pipe_close(peer);
	return sight;
}

Test(terms, tell_version_cipher_and_chain)
{
	struct certificate ca = certificate_authority("Test CA");
	struct certificate chain[] = { certificate_leaf(&ca, "srv.test"), ca };
	bool started;
	const struct sight sight = shake(chain, 2, "srv.test", false, &started);

	cr_assert(started);
	cr_expect_eq(sight.times, 1);
	cr_expect_str_eq(sight.terms.version, "TLS1.3");
	cr_expect_str_eq(sight.terms.cipher, "AES-256-GCM");
	cr_expect_neq(sight.terms.group[0], '\0');
	cr_assert_eq(sight.terms.count, 2);
	cr_expect_str_eq(sight.terms.cards[0].names, "'srv.test'");
	cr_expect_str_eq(sight.terms.cards[1].subject, "CN=Test CA");
	certificate_close(&chain[0]);
	certificate_close(&ca);
}

/* Who wants to know what is wrong wants to see the certificate that was refused. */
Test(terms, are_told_before_a_certificate_is_refused)
{
	struct certificate ca = certificate_authority("Test CA");
	struct certificate leaf = certificate_leaf(&ca, "srv.test");
	bool started;
	const struct sight sight = shake(&leaf, 1, "srv.test", true, &started);

	cr_assert_not(started);
	cr_expect_eq(sight.times, 1);
	cr_expect_eq(sight.terms.count, 1);
	certificate_close(&leaf);
	certificate_close(&ca);
}
