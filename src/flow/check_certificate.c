/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_certificate.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define DAY ((int64_t)24 * 60 * 60)
#define DATE_SIZE 24

static void
put_date(int64_t moment, char date[DATE_SIZE])
{
	time_t seconds = (time_t)moment;
	struct tm parts;

	if (gmtime_r(&seconds, &parts) == NULL
	    || strftime(date, DATE_SIZE, "%Y-%m-%d", &parts) == 0)
		(void)snprintf(date, DATE_SIZE, "?");
}

/* `whose`: "", or which of the chain it is about. */
static void
find_dates(struct check_list *list, const struct card *card, int64_t now, const char *whose)
{
	int64_t days = (card->ends - now) / DAY;
	char begins[DATE_SIZE];
	char ends[DATE_SIZE];

	put_date(card->begins, begins);
	put_date(card->ends, ends);
	if (card->begins > now)
		check_list_warn(list, "valid", "is this machine's clock right?",
		    "%snot before %s, until %s", whose, begins, ends);
	else if (card->ends < now)
		check_list_warn(list, "valid",
		    "the server's operator has to renew it, unless this machine's clock is wrong",
		    "%sexpired on %s", whose, ends);
	else if (days < CHECK_CERTIFICATE_DAYS)
		check_list_warn(list, "valid",
		    "if it is not renewed by then, no mail will go out any more: tell the "
		    "server's operator",
		    "%suntil %s, only %" PRId64 " day%s left", whose, ends, days,
		    days == 1 ? "" : "s");
	else
		check_list_ok(
		    list, "valid", "%suntil %s, %" PRId64 " days left", whose, ends, days);
}

static void
find_own(struct check_list *list, const struct card *card, int64_t now)
{
	check_list_ok(list, "certificate", "of '%s', signed by '%s'", card->subject, card->issuer);
	if (card->names[0] == '\0')
		check_list_warn(list, "names",
		    "the server needs a certificate with its name as subjectAltName (RFC 9525)",
		    "none");
	else
		check_list_ok(list, "names", "%s", card->names);
	find_dates(list, card, now, "");
	check_list_ok(list, "key", "%s, signed with %s", card->key, card->signature);
	check_list_ok(list, "fingerprint", "SHA-256 %s", card->fingerprint);
}

static void
find_others(struct check_list *list, const struct terms *terms, int64_t now)
{
	for (size_t i = 1; i < terms->count; i++) {
		char whose[sizeof terms->cards[i].subject + 4];

		(void)snprintf(whose, sizeof whose, "'%s' ", terms->cards[i].subject);
		check_list_ok(list, "chain", "%zu: '%s', signed by '%s'", i + 1,
		    terms->cards[i].subject, terms->cards[i].issuer);
		find_dates(list, &terms->cards[i], now, whose);
	}
}

void
check_certificate_find(struct check_list *list, const struct terms *terms, int64_t now)
{
	check_list_ok(list, "tls", "%s, %s%s%s", terms->version, terms->cipher,
	    terms->group[0] == '\0' ? "" : ", ", terms->group);
	if (terms->count == 0)
		return;
	find_own(list, &terms->cards[0], now);
	find_others(list, terms, now);
}
