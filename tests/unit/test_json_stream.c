/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/json_stream.h"

/* What is written one by one. */
static void
write_all(struct buffer *to)
{
	struct json_stream stream = { .to = to };
	json_t *part = json_object();

	(void)json_object_set_new(part, "x", json_string("a\nb\"c"));
	(void)json_object_set_new(part, "y", json_array());
	json_stream_open(&stream, NULL, '{');
	json_stream_put(&stream, "null", json_null());
	json_stream_open(&stream, "list", '[');
	json_stream_put(&stream, NULL, part);
	json_stream_open(&stream, NULL, '{');
	json_stream_put(&stream, "number", json_integer(7));
	json_stream_close(&stream, '}');
	json_stream_close(&stream, ']');
	json_stream_open(&stream, "none", '[');
	json_stream_close(&stream, ']');
	json_stream_put(&stream, "last", json_true());
	json_stream_close(&stream, '}');
}

Test(json_stream, writes_what_jansson_writes_of_the_whole)
{
	struct buffer whole = buffer_open(0);
	struct buffer parts = buffer_open(0);
	json_error_t error;
	json_t *value;

	write_all(&parts);
	value = json_loadb(parts.bytes, parts.length, 0, &error);
	cr_assert_not_null(value, "%s", error.text);
	json_print(value, &whole);
	cr_expect(text_equal(buffer_text(&parts), buffer_text(&whole)), "%.*s\ninstead of\n%.*s",
	    (int)parts.length, parts.bytes, (int)whole.length, whole.bytes);
	buffer_close(&parts);
	buffer_close(&whole);
}

Test(json_stream, writes_an_empty_object_on_one_line)
{
	struct buffer words = buffer_open(0);
	struct json_stream stream = { .to = &words };

	json_stream_open(&stream, NULL, '{');
	json_stream_close(&stream, '}');
	cr_expect(text_is(buffer_text(&words), "{}\n"));
	buffer_close(&words);
}
