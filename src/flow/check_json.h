/* SPDX-License-Identifier: ISC */
/*
 * The findings of --check for a program: one JSON object.
 */
#ifndef RELAY_FLOW_CHECK_JSON_H
#define RELAY_FLOW_CHECK_JSON_H

#include "flow/check_list.h"

struct buffer;

/* Keys: `status` (the exit status), `ok`, `warnings`, `failures` (how many), and `checks`, an array
 * of objects with subject, area, result, what, and where, server, hint (null when empty). */
void check_json(const struct check_list *list, struct buffer *to);

#endif
