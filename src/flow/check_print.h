/* SPDX-License-Identifier: ISC */
/*
 * The findings of --check for a person, in 80 columns.
 */
#ifndef RELAY_FLOW_CHECK_PRINT_H
#define RELAY_FLOW_CHECK_PRINT_H

#include <stdbool.h>

#include "flow/check_list.h"

struct buffer;

/* A line for each, below its subject, and how many there were of a kind; the server's words and
 * the hint have lines of their own. */
void check_print(const struct check_list *list, bool color, struct buffer *to);

#endif
