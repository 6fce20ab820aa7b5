/* SPDX-License-Identifier: ISC */
/*
 * What a test of --import needs: files in a directory, a machine named box.example, what was
 * printed, and whether relay would read that.
 */
#ifndef RELAY_TESTS_SUPPORT_IMPORTED_H
#define RELAY_TESTS_SUPPORT_IMPORTED_H

#include "tests/support/shelf.h"

#include "base/buffer.h"
#include "base/environment.h"
#include "config/config.h"
#include "config/import_file.h"
#include "config/import_writer.h"

struct imported {
	struct shelf *shelf;
	struct environment environment;
	struct buffer output;
	struct buffer complaints;
	struct import_writer writer;
	struct import_place place; /* file:7, "the line" */
};

static inline struct imported *
imported_open(void)
{
	struct shelf *shelf = shelf_open();
	struct imported *imported = arena_zero(shelf->arena, sizeof *imported);

	imported->shelf = shelf;
	imported->environment = (struct environment){ .user = "joe",
		.host = "box.example",
		.mailname = "box.example",
		.full_name = "",
		.home = "/home/joe",
		.system_directory = "/nonexistent" };
	imported->writer = (struct import_writer){ .environment = &imported->environment,
		.arena = shelf->arena,
		.output = &imported->output,
		.complaints = &imported->complaints };
	imported->place = (struct import_place){ "file", 7, text_of("the line") };
	return imported;
}

static inline void
imported_close(struct imported *imported)
{
	buffer_close(&imported->output);
	buffer_close(&imported->complaints);
	shelf_close(imported->shelf);
}

/* What was printed, and what was complained of. */
static inline const char *
imported_output(const struct imported *imported)
{
	return text_string(buffer_text(&imported->output), imported->shelf->arena);
}

static inline const char *
imported_complaints(const struct imported *imported)
{
	return text_string(buffer_text(&imported->complaints), imported->shelf->arena);
}

/* Forgets what was printed, for the next row of a table. */
static inline void
imported_again(struct imported *imported)
{
	buffer_clear(&imported->output);
	buffer_clear(&imported->complaints);
	imported->writer.account_count = 0;
	imported->writer.complaint_count = 0;
	imported->writer.secret = false;
}

/* The lines of the output that say something to relay, blanks made one, a '|' between. */
static inline const char *
imported_settings(const struct imported *imported)
{
	struct text rest = buffer_text(&imported->output);
	struct buffer lines = buffer_open(0);
	const char *result;

	while (rest.length > 0) {
		size_t end = text_find(rest, '\n');
		struct text line = text_slice(rest, 0, end);
		struct text word = text_word(&line, '\0');

		rest = text_slice(rest, end + 1, rest.length);
		if (word.length == 0 || word.bytes[0] == '#')
			continue;
		(void)buffer_add(&lines, lines.length == 0 ? "" : "|");
		(void)buffer_append(&lines, word);
		line = text_trim(line);
		(void)buffer_add(&lines, line.length == 0 ? "" : " ");
		(void)buffer_append(&lines, line);
	}
	result = text_string(buffer_text(&lines), imported->shelf->arena);
	buffer_close(&lines);
	return result;
}

/* The output is a relayrc without a fault. */
static inline void
imported_valid(const struct imported *imported, const char *label)
{
	struct config config = { 0 };

	config_parse("printed", buffer_text(&imported->output), false, true, &imported->environment,
	    imported->shelf->arena, &config);
	for (size_t i = 0; i < config.remark_count; i++)
		cr_assert(!config.remarks[i].fault, "%s: %s: %s\n%s", label,
		    config.remarks[i].why.where, config.remarks[i].why.what,
		    imported_output(imported));
}

/* A file of the set, by the name that its program gives it. */
static inline void
imported_file(
    struct imported *imported, struct import_set *set, const char *name, const char *content)
{
	struct import_file *file = arena_zero(imported->shelf->arena, sizeof *file);

	*file = (struct import_file){
		.path = shelf_file(imported->shelf, name, content),
		.name = name,
		.bytes = text_of(arena_string(imported->shelf->arena, content)),
	};
	set->files = arena_grow(
	    imported->shelf->arena, set->files, set->count, &set->capacity, sizeof *set->files);
	set->files[set->count++] = file;
}

#endif
