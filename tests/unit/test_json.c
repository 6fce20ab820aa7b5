/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/buffer.h"
#include "base/json.h"

struct row {
	const char *label;
	const char *from;
	const char *value;
};

Test(json, makes_strings_of_any_bytes)
{
	static const struct row rows[] = {
		{ "plain", "hello", "hello" },
		{ "nothing", "", "" },
		{ "utf-8", "caf\303\251", "caf\303\251" },
		{ "latin-1", "caf\351", "caf?" },
		{ "bad in the middle", "a\377b\376c", "a?b?c" },
		{ "overlong", "\300\212", "??" },
		{ "a surrogate", "\355\240\200", "???" },
		{ "cut", "\342\202", "??" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json_t *value = json_from_string(rows[i].from);

		cr_assert(json_is_string(value), "%s", rows[i].label);
		cr_assert_str_eq(json_string_value(value), rows[i].value, "%s", rows[i].label);
		json_decref(value);
	}
}

Test(json, keeps_a_nul_inside_a_string)
{
	json_t *value = json_from_text(text_make("a\0b", 3));

	cr_assert_eq(json_string_length(value), 3);
	cr_assert_eq(memcmp(json_string_value(value), "a\0b", 3), 0);
	json_decref(value);
}

Test(json, gives_null_for_null)
{
	json_t *string = json_from_string(NULL);
	json_t *text = json_from_text((struct text){ NULL, 0 });

	cr_assert(json_is_null(string));
	cr_assert(json_is_null(text));
	json_decref(string);
	json_decref(text);
}

Test(json, leaves_the_input_alone)
{
	char bytes[] = "a\377";
	json_t *value = json_from_string(bytes);

	cr_assert_str_eq(bytes, "a\377");
	json_decref(value);
}

Test(json, prints_in_the_order_of_making)
{
	struct buffer to = buffer_open(0);
	json_t *value = json_object();

	cr_assert_eq(json_object_set_new(value, "zone", json_from_string("a\"b\n")), 0);
	cr_assert_eq(json_object_set_new(value, "account", json_from_string(NULL)), 0);
	json_print(value, &to);
	cr_assert(
	    text_is(buffer_text(&to), "{\n  \"zone\": \"a\\\"b\\n\",\n  \"account\": null\n}\n"),
	    "%.*s", (int)to.length, to.bytes);
	buffer_close(&to);
}

Test(json, appends_to_what_is_there)
{
	struct buffer to = buffer_open(0);

	cr_assert(buffer_add(&to, "x "));
	json_print(json_array(), &to);
	cr_assert(text_is(buffer_text(&to), "x []\n"));
	buffer_close(&to);
}
