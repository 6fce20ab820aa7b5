/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "base/buffer.h"
#include "flow/explain_json.h"
#include "tests/support/house.h"

static json_t *
explained(struct house *house, const char *relayrc, const char *arguments)
{
	struct buffer words = buffer_open(0);
	json_error_t error;
	json_t *object;

	(void)house_relayrc(house, relayrc);
	house_arguments(house, arguments);
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	explain_json(&house->plan, house->arena, &words);
	object = json_loadb(words.bytes, words.length, 0, &error);
	cr_assert_not_null(object, "%s", error.text);
	cr_assert_null(memmem(words.bytes, words.length, "hunter2", 7), "the secret is shown");
	buffer_close(&words);
	return object;
}

Test(explain_json, has_a_key_for_every_setting)
{
	struct house *house = house_open();
	json_t *object = explained(house, "host mail.example\n", "x@y");

	for (int id = 0; id < SETTING_COUNT; id++)
		cr_assert_not_null(json_object_get(object, setting_row((enum setting_id)id)->name),
		    "%s", setting_row((enum setting_id)id)->name);
	json_decref(object);
	house_close(house);
}

Test(explain_json, shows_switches_and_numbers_as_such)
{
	struct house *house = house_open();
	json_t *object = explained(house, "host mail.example\nport 2525\n", "x@y");

	cr_assert(json_is_true(json_object_get(object, "tls")));
	cr_assert_eq(json_integer_value(json_object_get(object, "port")), 2525);
	cr_assert(json_is_null(json_object_get(object, "proxy_host")));
	json_decref(object);
	house_close(house);
}

Test(explain_json, hides_the_password_and_says_where_it_comes_from)
{
	struct house *house = house_open();
	json_t *object = explained(house, "host mail.example\nuser u\npassword hunter2\n", "x@y");
	json_t *route = json_array_get(json_object_get(object, "routes"), 0);
	json_t *server = json_array_get(json_object_get(route, "servers"), 0);

	cr_assert_str_eq(json_string_value(json_object_get(object, "password")), "***");
	cr_assert_str_eq(json_string_value(json_object_get(server, "user")), "u");
	cr_assert_not_null(
	    strstr(json_string_value(json_object_get(server, "password_from")), "relayrc.user:3"));
	json_decref(object);
	house_close(house);
}

Test(explain_json, lists_recipients_and_the_refused)
{
	struct house *house = house_open();
	json_t *object;
	json_t *recipient;

	(void)house_file(house, "transport", "a.example smtp:h\n");
	object = explained(house, "transport %s/transport\n", "x@a.example y@b.example");
	recipient = json_array_get(json_object_get(object, "recipients"), 0);
	cr_assert_str_eq(json_string_value(json_object_get(recipient, "address")), "x@a.example");
	recipient = json_array_get(json_object_get(object, "refused"), 0);
	cr_assert_str_eq(json_string_value(json_object_get(recipient, "address")), "y@b.example");
	cr_assert_str_eq(json_string_value(json_object_get(object, "from")), "root@client.example");
	json_decref(object);
	house_close(house);
}

Test(explain_json, shows_the_domains_and_the_rows_of_generic)
{
	struct house *house = house_open();
	json_t *object;
	json_t *row;

	(void)house_file(house, "generic", "# outside\nroot me@far.example\n");
	object = explained(house, "host mail.example\ngeneric %s/generic\n", "x@a.example");
	cr_assert_str_eq(
	    json_string_value(json_object_get(object, "effective_domain")), "client.example");
	cr_assert_str_eq(
	    json_string_value(json_object_get(object, "effective_domain_from")), "/etc/mailname");
	cr_assert_eq(json_array_size(json_object_get(object, "effective_local_domains")), 3);
	row = json_array_get(json_object_get(object, "from_generic"), 0);
	cr_assert_str_eq(json_string_value(json_object_get(row, "key")), "root");
	cr_assert_eq(json_integer_value(json_object_get(row, "line")), 2);
	json_decref(object);
	house_close(house);
}
