/* SPDX-License-Identifier: ISC */
/*
 * The relayrc that --import prints: settings that are sure to be valid, comments about what became
 * of the rest, and a line on standard error for each loss.  Secrets go into settings and comments,
 * never into complaints.
 */
#ifndef RELAY_CONFIG_IMPORT_WRITER_H
#define RELAY_CONFIG_IMPORT_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "config/setting.h"

struct arena;
struct buffer;
struct environment;

/* More complaints than these help nobody; the comments go on. */
#define IMPORT_WRITER_COMPLAINTS_MAX ((size_t)100)

struct import_writer {
	const struct environment *environment;
	struct arena *arena;
	struct buffer *output;
	struct buffer *complaints;
	size_t complaint_count;
	bool secret;           /* a password was written */
	const char **accounts; /* names that were given; belongs to arena */
	size_t account_count;
	size_t account_capacity;
};

/* Where something stood. */
struct import_place {
	const char *file;
	size_t line;          /* 0: the file as a whole */
	struct text original; /* the line */
};

/* A name like `wanted` that no account has yet, from now on taken; belongs to arena. */
const char *import_writer_name(struct import_writer *writer, const char *wanted);

/* Begins an account. */
void import_writer_account(struct import_writer *writer, const char *name, const char *parent);

/*
 * Writes the setting, quoted where that is needed.  A value that the setting does not take is a
 * loss instead, and false.  The value is taken as relayrc has it: see import_writer_literal().
 */
bool import_writer_setting(struct import_writer *writer, const struct import_place *place,
    enum setting_id id, struct text value);
bool import_writer_word(struct import_writer *writer, const struct import_place *place,
    enum setting_id id, const char *value);
bool import_writer_number(struct import_writer *writer, const struct import_place *place,
    enum setting_id id, int64_t value);

/* As import_writer_setting() for a file, with a complaint when it is not there. */
bool import_writer_file(struct import_writer *writer, const struct import_place *place,
    enum setting_id id, struct text value);

/* As import_writer_setting() for the name of a domain or host, % doubled; a loss when it is none.
 */
bool import_writer_domain(struct import_writer *writer, const struct import_place *place,
    enum setting_id id, struct text domain);

/* The text with every % doubled, for settings in which that stands for something
 * (domain, maildomain, from); belongs to arena. */
struct text import_writer_literal(const struct import_writer *writer, struct text text);

/* A comment, wrapped. */
void import_writer_comment(struct import_writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A comment of one line as it is, control bytes aside. */
void import_writer_quote(struct import_writer *writer, struct text line);

/* A comment and a complaint with the place: something is not as it was. */
void import_writer_note(struct import_writer *writer, const struct import_place *place,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same and the original line: it is not kept. */
void import_writer_lost(struct import_writer *writer, const struct import_place *place,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
