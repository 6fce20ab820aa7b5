/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "base/buffer.h"
#include "flow/explain_object.h"
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

static json_t *
explained(struct house *house, const struct failure *why, int status)
{
	struct buffer words = buffer_open(0);
	json_error_t error;
	json_t *object;

	explain_object(&house->plan, why, status, &words);
	object = json_loadb(words.bytes, words.length, 0, &error);
	cr_assert_not_null(object, "%s", error.text);
	cr_assert_null(memmem(words.bytes, words.length, "secret:word", 11), "a secret is shown");
	buffer_close(&words);
	return object;
}

/* The value at a way of keys and numbers: "routes 0 servers 0 host". */
static json_t *
at(json_t *value, const char *way)
{
	struct text rest = text_of(way);
	char key[40];

	for (;;) {
		struct text word = text_word(&rest, '\0');

		if (word.length == 0)
			return value;
		(void)text_printable(word, key, sizeof key);
		value = json_is_array(value) ? json_array_get(value, (size_t)(key[0] - '0'))
					     : json_object_get(value, key);
		cr_assert_not_null(value, "there is no %s in %s", key, way);
	}
}

#define STRING(object, way, string) cr_expect_str_eq(json_string_value(at(object, way)), string)

Test(explain_object, tells_every_step_with_its_row)
{
	struct house *house = house_open();
	json_t *object;

	seed_tables(house);
	cr_assert(house_plan(house), "%s", house->why.what);
	object = explained(house, NULL, 0);
	STRING(object, "sender given_by", "user");
	STRING(object, "sender mail_from", "pdupont@proximus.example");
	STRING(object, "sender steps 2 step", "generic");
	STRING(object, "sender steps 2 asked", "root@client.example");
	STRING(object, "sender steps 2 tried 0", "root@client.example");
	STRING(object, "sender steps 2 key", "root");
	STRING(object, "sender steps 2 result 0", "pdupont@proximus.example");
	cr_expect_eq(json_integer_value(at(object, "sender steps 2 line")), 1);
	STRING(object, "account because", "it is the default");
	STRING(object, "account domain", "client.example");
	STRING(object, "recipients 0 given", "root");
	STRING(object, "recipients 0 steps 1 step", "alias");
	STRING(object, "recipients 0 steps 1 result 0", "pdupont@proximus.example");
	STRING(object, "recipients 0 targets 0 outcome", "sent");
	STRING(object, "recipients 0 targets 0 rcpt_to", "pdupont@proximus.example");
	cr_expect_eq(json_integer_value(at(object, "recipients 0 targets 0 route")), 1);
	STRING(object, "routes 0 servers 0 host", "relay.proximus.example");
	cr_expect_eq(json_integer_value(at(object, "routes 0 servers 0 port")), 587);
	STRING(object, "routes 0 servers 0 tls", "starttls");
	STRING(object, "routes 0 servers 0 user", "fg12345678@skynet.example");
	STRING(object, "routes 0 servers 0 steps 3 key", "relay.proximus.example:587");
	STRING(object, "routes 0 servers 0 steps 3 tried 0", "relay.proximus.example");
	cr_expect(json_is_null(at(object, "failure")));
	json_decref(object);
	house_close(house);
}

Test(explain_object, nests_targets_and_tells_refusals)
{
	struct house *house = house_open();
	json_t *object;

	seed_tables(house);
	(void)house_file(house, "aliases", "root: a, \"|cmd\"\na: x@elsewhere\n");
	cr_assert(house_plan(house), "%s", house->why.what);
	object = explained(house, NULL, 78);
	STRING(object, "recipients 0 targets 0 targets 0 outcome", "refused");
	STRING(object, "recipients 0 targets 0 targets 0 refused reason",
	    "no transport for 'x@elsewhere'");
	cr_expect_eq(
	    json_integer_value(at(object, "recipients 0 targets 0 targets 0 refused status")), 69);
	cr_expect(json_is_null(at(object, "recipients 0 targets 1 address")));
	STRING(object, "recipients 0 targets 1 outcome", "refused");
	cr_expect_eq(json_integer_value(at(object, "status")), 78);
	json_decref(object);
	house_close(house);
}

Test(explain_object, holds_the_failure_of_a_plan_that_is_not_whole)
{
	struct house *house = house_open();
	json_t *object;

	(void)house_relayrc(house, "host h\n");
	house_arguments(house, "-a nobody x@y");
	cr_assert_not(house_plan(house));
	object = explained(house, &house->why, house->why.code);
	STRING(object, "failure reason", "there is no account 'nobody'");
	cr_expect(json_is_null(at(object, "account")));
	cr_expect(json_is_null(at(object, "sender")));
	cr_expect_eq(json_array_size(at(object, "recipients")), 0);
	json_decref(object);
	house_close(house);
}
