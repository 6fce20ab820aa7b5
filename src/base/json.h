/* SPDX-License-Identifier: ISC */
/*
 * What jansson leaves to its caller: bytes that may not be UTF-8, and printing
 * into a buffer.  Objects are built with jansson's own calls.
 */
#ifndef RELAY_BASE_JSON_H
#define RELAY_BASE_JSON_H

#include <jansson.h>

#include "base/text.h"

struct buffer;

/* A string value; invalid UTF-8 becomes '?'.  NULL bytes give null.  The caller owns it. */
json_t *json_from_text(struct text text);
json_t *json_from_string(const char *string);

/* Appends the value, indented by two, and a line end.  Takes the reference. */
void json_print(json_t *value, struct buffer *to);

#endif
