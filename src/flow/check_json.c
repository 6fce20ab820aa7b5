/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_json.h"

#include "base/arena.h"
#include "base/json.h"

/* Takes the value; jansson fails only for want of memory here. */
static void
put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		arena_exhausted();
}

static json_t *
words(const char *text)
{
	return json_from_string(text[0] == '\0' ? NULL : text);
}

static json_t *
finding_value(const struct check_finding *finding)
{
	json_t *object = json_object();

	put(object, "area", json_from_string(finding->area));
	put(object, "subject", json_from_string(finding->subject));
	put(object, "result", json_from_string(check_list_result_name(finding->result)));
	put(object, "what", json_from_string(finding->what));
	put(object, "where", words(finding->where));
	put(object, "server", words(finding->server));
	put(object, "hint", words(finding->hint));
	return object;
}

static json_int_t
count(const struct check_list *list, enum check_result result)
{
	json_int_t sum = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].result == result)
			sum++;
	return sum;
}

void
check_json(const struct check_list *list, struct buffer *to)
{
	json_t *object = json_object();
	json_t *checks = json_array();

	for (size_t i = 0; i < list->count; i++)
		if (json_array_append_new(checks, finding_value(&list->items[i])) != 0)
			arena_exhausted();
	put(object, "status", json_integer(check_list_status(list)));
	put(object, "ok", json_integer(count(list, CHECK_OK)));
	put(object, "warnings", json_integer(count(list, CHECK_WARNING)));
	put(object, "failures", json_integer(count(list, CHECK_FAILURE)));
	put(object, "checks", checks);
	json_print(object, to);
}
