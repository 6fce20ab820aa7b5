/* SPDX-License-Identifier: ISC */
/*
 * What --check found out, one finding after the other.
 */
#ifndef RELAY_FLOW_CHECK_LIST_H
#define RELAY_FLOW_CHECK_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"

struct arena;

enum check_result {
	CHECK_OK,
	CHECK_NOTE, /* neither good nor bad, or not looked at */
	CHECK_WARNING,
	CHECK_FAILURE
};

/* No member is NULL; all may be shown on a terminal.  Texts belong to the list's arena. */
struct check_finding {
	const char *subject; /* what was looked at: "account work", "mail.example.net:587" */
	const char *area;    /* which side of it: one word, for programs too */
	enum check_result result;
	const char *what;   /* what was found */
	const char *where;  /* file:line or host:port; may be empty */
	const char *server; /* the server's own words; may be empty */
	const char *hint;   /* the next thing to do; may be empty */
	int code;           /* sysexits.h; 0 unless a failure */
};

struct check_list {
	struct check_finding *items; /* belongs to arena */
	size_t count;
	size_t capacity;
	const char *subject; /* of what is added next */
	struct arena *arena;
};

struct check_list check_list_open(struct arena *arena);

/* What the findings from here on are about. */
void check_list_subject(struct check_list *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Each adds a finding; `area` is static. */
void check_list_ok(struct check_list *list, const char *area, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void check_list_note(struct check_list *list, const char *area, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void check_list_warn(struct check_list *list, const char *area, const char *hint,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A failure, or what came of it and does no harm: with the hint that delivering would give. */
void check_list_fail(struct check_list *list, const char *area, const struct failure *why);
void check_list_doubt(struct check_list *list, const char *area, const struct failure *why);

/* Makes warnings of the failures of an area from `first` on: something else stands in. */
void check_list_soften(struct check_list *list, size_t first, const char *area);

/* EX_OK, or the exit status of the first failure. */
int check_list_status(const struct check_list *list);

/* "ok", "note", "warning" or "failure". */
const char *check_list_result_name(enum check_result result);

#endif
