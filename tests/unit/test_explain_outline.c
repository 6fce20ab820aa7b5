/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/explain_outline.h"
#include "tests/support/house.h"

#define TABLES \
	"aliases %s/aliases\ntransport %s/transport\n" \
	"sasl_passwd %s/sasl_passwd\ngeneric %s/generic\nmaildomain client.example\n"

static void
seed_tables(struct house *house)
{
	(void)house_relayrc(house, TABLES);
	(void)house_file(house, "aliases", "root: pdupont@proximus.example\n");
	(void)house_file(
	    house, "transport", "pdupont@proximus.example smtp:relay.proximus.example:587\n");
	(void)house_file(house, "sasl_passwd",
	    "relay.proximus.example:587 fg12345678@skynet.example:secret:word\n");
	(void)house_file(house, "generic", "root pdupont@proximus.example\n");
}

/* With the part of the directory's name that is never the same made X, as long as it was. */
static void
explain(struct house *house, struct buffer *words)
{
	char *at;

	*words = buffer_open(0);
	explain_outline(&house->plan, words);
	(void)buffer_byte(words, '\0');
	while ((at = strstr(words->bytes, house->directory)) != NULL)
		memset(at + strlen("/tmp/relay-test."), 'X', 6);
}

Test(explain_outline, reads_well_on_the_usual_tables)
{
	struct house *house = house_open();
	struct buffer words;

	seed_tables(house);
	cr_assert(house_plan(house), "%s", house->why.what);
	explain(house, &words);
	cr_expect_str_eq(words.bytes,
	    "sender       root, the user's name\n"
	    "  complete   root@client.example           /tmp/relay-test.XXXXXX/relayrc.user:5\n"
	    "  generic    root -> pdupont@proximus.example   /tmp/relay-test.XXXXXX/generic:1\n"
	    "             tried: root@client.example\n"
	    "  generic    no row for pdupont@proximus.example  /tmp/relay-test.XXXXXX/generic\n"
	    "             tried: pdupont@proximus.example, @proximus.example\n"
	    "  MAIL FROM  pdupont@proximus.example\n"
	    "\n"
	    "account      default, because it is the default\n"
	    "                                           /tmp/relay-test.XXXXXX/relayrc.user:1\n"
	    "  domain     client.example                /tmp/relay-test.XXXXXX/relayrc.user:5\n"
	    "  local      client.example, localhost, localhost.client.example\n"
	    "\n"
	    "recipient    root\n"
	    "  complete   root@client.example           /tmp/relay-test.XXXXXX/relayrc.user:5\n"
	    "  alias      root                               /tmp/relay-test.XXXXXX/aliases:1\n"
	    "  -> pdupont@proximus.example\n"
	    "     transport  pdupont@proximus.example -> smtp:relay.proximus.example:587\n"
	    "                                              /tmp/relay-test.XXXXXX/transport:1\n"
	    "     generic    no row for pdupont@proximus.example\n"
	    "                                                  /tmp/relay-test.XXXXXX/generic\n"
	    "                tried: pdupont@proximus.example, @proximus.example\n"
	    "     RCPT TO    pdupont@proximus.example, by route 1\n"
	    "\n"
	    "route 1      smtp:relay.proximus.example:587\n"
	    "  server     relay.proximus.example:587\n"
	    "  TLS        STARTTLS, certificate for relay.proximus.example, verified by the\n"
	    "             system's authorities\n"
	    "  mechanism  the first that the server offers of SCRAM-SHA-256-PLUS,\n"
	    "             SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, CRAM-MD5,\n"
	    "             LOGIN\n"
	    "  login      relay.proximus.example:587 -> fg12345678@skynet.example\n"
	    "                                            /tmp/relay-test.XXXXXX/sasl_passwd:1\n"
	    "             tried: relay.proximus.example\n",
	    "%s", words.bytes);
	buffer_close(&words);
	house_close(house);
}

Test(explain_outline, prints_the_servers_of_a_route_once)
{
	struct house *house = house_open();
	struct buffer words;

	seed_tables(house);
	(void)house_file(house, "aliases", "root: a@far, b@far, c@far\n");
	(void)house_file(house, "transport", "far smtp:relay.proximus.example:587\n");
	cr_assert(house_plan(house), "%s", house->why.what);
	explain(house, &words);
	cr_expect_not_null(strstr(words.bytes, "c@far, by route 1"), "%s", words.bytes);
	cr_expect_not_null(strstr(words.bytes, "\n  server "));
	cr_expect_null(strstr(strstr(words.bytes, "\n  server ") + 1, "\n  server "));
	buffer_close(&words);
	house_close(house);
}

Test(explain_outline, ends_no_line_with_a_blank_and_shows_no_secret)
{
	struct house *house = house_open();
	struct buffer words;

	seed_tables(house);
	house_arguments(house, "root root@localhost nobody x@y");
	cr_assert(house_plan(house), "%s", house->why.what);
	explain(house, &words);
	cr_expect_null(strstr(words.bytes, " \n"), "%s", words.bytes);
	cr_expect_null(strstr(words.bytes, "secret"));
	cr_expect_not_null(strstr(words.bytes, "\n  as above\n"), "%s", words.bytes);
	buffer_close(&words);
	house_close(house);
}

Test(explain_outline, shows_what_was_decided_before_a_fault)
{
	struct house *house = house_open();
	struct buffer words;

	seed_tables(house);
	(void)unlink(arena_print(house->arena, "%s/transport", house->directory));
	cr_assert_not(house_plan(house));
	explain(house, &words);
	cr_expect_not_null(strstr(words.bytes, "sender       root, the user's name\n"));
	cr_expect_null(strstr(words.bytes, "MAIL FROM"), "generic was not asked");
	cr_expect_not_null(strstr(words.bytes, "  -> pdupont@proximus.example\n     not decided\n"),
	    "%s", words.bytes);
	buffer_close(&words);
	house_close(house);
}

Test(explain_outline, says_that_a_login_is_not_known_yet)
{
	struct house *house = house_open();
	struct buffer words;

	seed_tables(house);
	(void)unlink(arena_print(house->arena, "%s/sasl_passwd", house->directory));
	cr_assert_not(house_plan(house));
	explain(house, &words);
	cr_expect_not_null(strstr(words.bytes, "  login      not known\n"), "%s", words.bytes);
	buffer_close(&words);
	house_close(house);
}

Test(explain_outline, shows_nothing_without_an_account)
{
	struct house *house = house_open();
	struct buffer words;

	(void)house_relayrc(house, "host h\n");
	house_arguments(house, "-a nobody x@y");
	cr_assert_not(house_plan(house));
	explain(house, &words);
	cr_expect_str_eq(words.bytes, "");
	buffer_close(&words);
	house_close(house);
}
