/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>
#include <strings.h>

#include "net/card.h"
#include "tests/support/certificate.h"

static struct card
card_of(const struct certificate_wish *wish)
{
	struct certificate made = certificate_make(wish);
	struct card card;

	card_read(made.crt, &card);
	certificate_close(&made);
	return card;
}

Test(card, tells_who_it_is_for_and_who_signed_it)
{
	struct certificate ca = certificate_authority("Test CA");
	const struct card card = card_of(&(struct certificate_wish){
	    .common_name = "srv.test", .dns = { "srv.test", "b.test" }, .signer = &ca });

	cr_expect_str_eq(card.subject, "CN=srv.test");
	cr_expect_str_eq(card.issuer, "CN=Test CA");
	cr_expect_str_eq(card.names, "'srv.test', 'b.test'");
	certificate_close(&ca);
}

Test(card, tells_its_dates)
{
	const struct card card = card_of(
	    &(struct certificate_wish){ .not_before = 1000000000, .not_after = 2000000000 });

	cr_expect_eq(card.begins, 1000000000);
	cr_expect_eq(card.ends, 2000000000);
}

Test(card, tells_key_and_signature)
{
	const struct card elliptic = card_of(&(struct certificate_wish){ .rsa_bits = 0 });
	const struct card old = card_of(&(struct certificate_wish){ .rsa_bits = 2048 });

	cr_expect_str_eq(elliptic.key, "EC/ECDSA 256 bits");
	cr_expect_str_eq(elliptic.signature, "ECDSA-SHA256");
	cr_expect_str_eq(old.key, "RSA 2048 bits");
}

Test(card, tells_the_fingerprint_as_tls_fingerprint_takes_it)
{
	struct certificate ca = certificate_authority("Test CA");
	char wanted[CERTIFICATE_HEX_SIZE];
	char without[CARD_FINGERPRINT_SIZE];
	size_t length = 0;
	struct card card;

	certificate_fingerprint(&ca, wanted);
	for (const char *at = wanted; *at != '\0'; at++)
		if (*at != ':')
			without[length++] = *at;
	without[length] = '\0';
	card_read(ca.crt, &card);
	cr_expect_eq(strcasecmp(card.fingerprint, without), 0, "%s", card.fingerprint);
	certificate_close(&ca);
}

Test(card, has_no_names_when_there_are_none)
{
	const struct card card = card_of(&(struct certificate_wish){ .common_name = "srv.test" });

	cr_expect_str_eq(card.names, "");
}

/* F41: a terminal shows what is not there */
Test(card, shows_no_control_bytes)
{
	const struct card card = card_of(
	    &(struct certificate_wish){ .raw_dns = "a\x1b[2J", .raw_dns_length = 5 });

	cr_expect_null(strchr(card.names, '\x1b'));
	cr_expect_not_null(strchr(card.names, '?'), "%s", card.names);
}

Test(card, leaves_out_names_that_have_no_room)
{
	static char name[200];
	struct certificate_wish wish = { .common_name = "x" };
	struct card card;

	memset(name, 'a', 60);
	name[60] = '.';
	memset(name + 61, 'b', 60);
	for (size_t i = 0; i < CERTIFICATE_NAMES_MAX; i++)
		wish.dns[i] = name;
	card = card_of(&wish);
	cr_expect(strlen(card.names) < CARD_NAMES_SIZE);
	cr_expect_eq(card.names[strlen(card.names) - 1], '\'');
}
