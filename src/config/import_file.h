/* SPDX-License-Identifier: ISC */
/*
 * A file of another program's configuration that --import reads: which program's, its lines,
 * and which files belong together.  What stands in it is no more trusted than mail.
 */
#ifndef RELAY_CONFIG_IMPORT_FILE_H
#define RELAY_CONFIG_IMPORT_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"

struct arena;

enum import_peer {
	IMPORT_SSMTP,
	IMPORT_DMA,
	IMPORT_NULLMAILER,
	IMPORT_POSTFIX,
	IMPORT_MSMTP /* last: its `defaults` would hold for the accounts behind it */
};

struct import_file {
	const char *path;
	const char *name; /* as the program calls it: "revaliases", "remotes" */
	enum import_peer peer;
	struct text bytes; /* without byte order mark and NUL */
};

/* Files that make one configuration. */
struct import_set {
	enum import_peer peer;
	const char *directory; /* of its first file */
	const struct import_file **files;
	size_t count;
	size_t capacity;
};

/* A line, for iterating: begin with { .rest = file->bytes }. */
struct import_line {
	struct text rest;
	struct text text; /* without line end, blanks kept */
	size_t number;
};

/* A file that is read in these programs' names, and its program. */
struct import_file_name {
	const char *name;
	enum import_peer peer;
	bool alone; /* worth an import by itself; the others only belong to one */
};

/* The names, ended by a NULL. */
const struct import_file_name *import_file_names(void);

/*
 * Reads a file and tells whose it is, by its name, else by its first line that means something to
 * one of them.  Fails as file_read(), with EX_USAGE and the list of what is read when it is
 * nobody's, and with EX_CONFIG for a NUL and a line over CONFIG_LINE_MAX, at file:line.
 */
bool import_file_read(
    const char *path, struct arena *arena, struct import_file *file, struct failure *why);

/* Reads a file that is known to be `name`; peer is left alone.  Fails as above, but for EX_USAGE.
 */
bool import_file_read_as(const char *path, const char *name, struct arena *arena,
    struct import_file *file, struct failure *why);

/* The file of that name in the set; NULL: none. */
const struct import_file *import_file_find(const struct import_set *set, const char *name);

/* The next line; false at the end. */
bool import_file_next(struct import_line *line);

/* The directory that the path names a file in; belongs to arena. */
const char *import_file_directory(const char *path, struct arena *arena);

#endif
