/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/check_json.h"

static json_t *
written(const struct check_list *list)
{
	struct buffer text = buffer_open(0);
	json_t *object;

	check_json(list, &text);
	object = json_loadb(text.bytes, text.length, 0, NULL);
	cr_assert_not_null(object);
	buffer_close(&text);
	return object;
}

static const char *
member(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

Test(check_json, writes_findings_in_their_order)
{
	struct arena *arena = arena_open();
	struct check_list list = check_list_open(arena);
	struct failure why;
	json_t *object;
	json_t *checks;

	check_list_subject(&list, "a.example:587");
	check_list_ok(&list, "tls", "TLS1.3");
	check_list_warn(&list, "valid", "renew it", "3 days left");
	fail(&why, EX_NOPERM, "refused");
	failure_at(&why, "192.0.2.1:587");
	failure_reply(&why, 535, "", text_of("no \xff"));
	check_list_fail(&list, "login", &why);
	object = written(&list);
	cr_expect_eq(json_integer_value(json_object_get(object, "status")), EX_NOPERM);
	cr_expect_eq(json_integer_value(json_object_get(object, "ok")), 1);
	cr_expect_eq(json_integer_value(json_object_get(object, "warnings")), 1);
	cr_expect_eq(json_integer_value(json_object_get(object, "failures")), 1);
	checks = json_object_get(object, "checks");
	cr_assert_eq(json_array_size(checks), 3);
	cr_expect_str_eq(member(json_array_get(checks, 0), "area"), "tls");
	cr_expect_str_eq(member(json_array_get(checks, 0), "subject"), "a.example:587");
	cr_expect_str_eq(member(json_array_get(checks, 0), "result"), "ok");
	cr_expect_str_eq(member(json_array_get(checks, 0), "what"), "TLS1.3");
	cr_expect(json_is_null(json_object_get(json_array_get(checks, 0), "hint")));
	cr_expect_str_eq(member(json_array_get(checks, 1), "result"), "warning");
	cr_expect_str_eq(member(json_array_get(checks, 1), "hint"), "renew it");
	cr_expect_str_eq(member(json_array_get(checks, 2), "result"), "failure");
	cr_expect_str_eq(member(json_array_get(checks, 2), "where"), "192.0.2.1:587");
	cr_expect_str_eq(member(json_array_get(checks, 2), "server"), "535 no ?");
	json_decref(object);
	arena_close(arena);
}

Test(check_json, writes_an_empty_list)
{
	struct arena *arena = arena_open();
	const struct check_list list = check_list_open(arena);
	json_t *object = written(&list);

	cr_expect_eq(json_integer_value(json_object_get(object, "status")), EX_OK);
	cr_expect_eq(json_array_size(json_object_get(object, "checks")), 0);
	json_decref(object);
	arena_close(arena);
}
