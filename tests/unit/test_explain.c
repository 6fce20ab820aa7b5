/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/buffer.h"
#include "flow/explain.h"
#include "tests/support/house.h"

static struct house *
explained(const char *relayrc, const char *arguments, struct buffer *words)
{
	struct house *house = house_open();

	(void)house_file(house, "aliases", "root: me@far.example\n");
	(void)house_file(house, "generic", "root out@far.example\n");
	(void)house_file(house, "sasl", "mail.example:587 user:verysecret\n");
	(void)house_relayrc(house, relayrc);
	house_arguments(house, arguments);
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	*words = buffer_open(0);
	explain_text(&house->plan, house->arena, words);
	(void)buffer_byte(words, '\0');
	return house;
}

#define HOLDS(words, part) cr_assert_not_null(strstr((words).bytes, part), "%s", (words).bytes)
#define LACKS(words, part) cr_assert_null(strstr((words).bytes, part), "%s", (words).bytes)

Test(explain, shows_settings_with_the_place_where_they_were_written)
{
	struct buffer words;
	struct house *house = explained("host mail.example\ntimeout 7\n", "x@y", &words);

	HOLDS(words, "account default, because it is the default");
	HOLDS(words, "relayrc.user:2)");
	HOLDS(words, "tls_starttls");
	buffer_close(&words);
	house_close(house);
}

Test(explain, shows_envelope_and_route)
{
	struct buffer words;
	struct house *house = explained(
	    "host mail.example\naliases %s/aliases\ngeneric %s/generic\nsasl_passwd %s/sasl\n",
	    "root", &words);

	HOLDS(words, "from out@far.example (generic: was root@client.example, ");
	HOLDS(words, "/generic:1)");
	HOLDS(words, "to me@far.example, given as root@client.example");
	HOLDS(words, "server mail.example port 587, STARTTLS, certificate for mail.example");
	HOLDS(words, "login as user, password from ");
	HOLDS(words, "/sasl:1");
	buffer_close(&words);
	house_close(house);
}

Test(explain, shows_no_secret)
{
	struct buffer words;
	struct house *house = explained(
	    "host mail.example\nuser u\npassword hunter2hunter2\nsasl_passwd %s/sasl\n", "root",
	    &words);

	LACKS(words, "hunter2hunter2");
	LACKS(words, "verysecret");
	HOLDS(words, "***");
	buffer_close(&words);
	house_close(house);
}

Test(explain, names_who_is_refused)
{
	struct buffer words;
	struct house *house = house_open();

	(void)house_relayrc(house, "transport %s/transport\n");
	(void)house_file(house, "transport", "a.example smtp:h\n");
	house_arguments(house, "x@b.example");
	cr_assert(house_plan(house), "%s", house->why.what);
	words = buffer_open(0);
	explain_text(&house->plan, house->arena, &words);
	(void)buffer_byte(&words, '\0');
	HOLDS(words, "refused x@b.example: no transport for 'x@b.example' (");
	buffer_close(&words);
	house_close(house);
}

Test(explain, shows_the_domains_that_hold)
{
	struct buffer words;
	struct house *house = explained("host mail.example\nmaildomain a.example\n", "x@y", &words);

	HOLDS(words, "effective domain         a.example ");
	HOLDS(words, "relayrc.user:2)");
	HOLDS(words, "a.example, client.example, localhost, localhost.a.example");
	buffer_close(&words);
	house_close(house);
}
