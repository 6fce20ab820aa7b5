/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/environment.h"
#include "config/import_dma.h"
#include "config/import_file.h"
#include "config/import_msmtp.h"
#include "config/import_nullmailer.h"
#include "config/import_postfix.h"
#include "config/import_ssmtp.h"
#include "config/import_writer.h"

#define PATHS_MAX ((size_t)256)

/* How each is written, in the order of enum import_peer. */
static bool (*const writers[])(const struct import_set *set, struct import_writer *writer,
    const char **first, struct failure *why) = {
	[IMPORT_SSMTP] = import_ssmtp_write,
	[IMPORT_DMA] = import_dma_write,
	[IMPORT_NULLMAILER] = import_nullmailer_write,
	[IMPORT_POSTFIX] = import_postfix_write,
	[IMPORT_MSMTP] = import_msmtp_write,
};

struct sets {
	struct import_set *items; /* belongs to arena */
	size_t count;
	size_t capacity;
	struct arena *arena;
};

static void
add_file(struct sets *sets, struct import_set *set, const struct import_file *file)
{
	set->files = arena_grow(
	    sets->arena, set->files, set->count, &set->capacity, sizeof *set->files);
	set->files[set->count++] = file;
}

/* May the file join?  Those that belong to another one need not lie beside it. */
static bool
takes(const struct import_set *set, const struct import_file *file, const char *directory)
{
	const struct import_file_name *name = import_file_names();

	while (strcmp(name->name, file->name) != 0)
		name++;
	return set->peer == file->peer && import_file_find(set, file->name) == NULL
	    && set->peer != IMPORT_MSMTP && set->peer != IMPORT_POSTFIX
	    && (strcmp(set->directory, directory) == 0 || !name->alone);
}

static void
add_to_sets(struct sets *sets, const struct import_file *file)
{
	const char *directory = import_file_directory(file->path, sets->arena);
	struct import_set *set;

	for (size_t i = 0; i < sets->count; i++) {
		if (!takes(&sets->items[i], file, directory))
			continue;
		add_file(sets, &sets->items[i], file);
		return;
	}
	sets->items = arena_grow(
	    sets->arena, sets->items, sets->count, &sets->capacity, sizeof *sets->items);
	set = &sets->items[sets->count++];
	*set = (struct import_set){ .peer = file->peer, .directory = directory };
	add_file(sets, set, file);
}

static bool
read_file(struct sets *sets, const char *path, struct failure *why)
{
	struct import_file *file = arena_zero(sets->arena, sizeof *file);

	if (!import_file_read(path, sets->arena, file, why))
		return false;
	add_to_sets(sets, file);
	return true;
}

static const char *
path_in(const char *directory, const char *name, struct arena *arena)
{
	size_t length = strlen(directory);
	bool slash = length > 0 && directory[length - 1] == '/';

	return arena_print(arena, "%s%s%s", directory, slash ? "" : "/", name);
}

/* A directory is read for the configurations it holds, not for what is only part of one. */
static bool
read_directory(struct sets *sets, const char *directory, struct failure *why)
{
	const struct import_file_name *name = import_file_names();
	size_t before = sets->count;

	for (; name->name != NULL; name++) {
		const char *path = path_in(directory, name->name, sets->arena);

		if (name->alone && access(path, F_OK) == 0 && !read_file(sets, path, why))
			return false;
	}
	if (sets->count > before)
		return true;
	fail(why, EX_USAGE, "the directory holds nothing that can be imported");
	failure_at(why, "%s", directory);
	return failure_hint(
	    why, "looked for are msmtprc, .msmtprc, ssmtp.conf, dma.conf, remotes and main.cf");
}

static bool
read_path(struct sets *sets, const char *path, struct failure *why)
{
	struct stat status;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return read_directory(sets, path, why);
	return read_file(sets, path, why);
}

/* What belongs to a configuration and was not named.  dma names its other file itself. */
static void
add_beside(struct sets *sets, struct import_set *set, struct import_writer *writer)
{
	const struct import_file_name *name = import_file_names();

	if (set->peer == IMPORT_DMA)
		return;
	for (; name->name != NULL; name++) {
		struct import_file *file = arena_zero(sets->arena, sizeof *file);
		const char *path = path_in(set->directory, name->name, sets->arena);
		const struct import_place place = { path, 0, text_of(NULL) };
		struct failure why;

		if (name->peer != set->peer || name->alone
		    || import_file_find(set, name->name) != NULL || access(path, F_OK) != 0)
			continue;
		if (import_file_read_as(path, name->name, sets->arena, file, &why))
			add_file(sets, set, file);
		else
			import_writer_note(writer, &place, "this file is left out: %s", why.what);
	}
}

static bool
check_defaults(const struct sets *sets, struct failure *why)
{
	const struct import_file *with_defaults = NULL;
	size_t count = 0;

	for (size_t i = 0; i < sets->count; i++) {
		if (sets->items[i].peer != IMPORT_MSMTP)
			continue;
		count++;
		if (import_msmtp_has_defaults(sets->items[i].files[0]))
			with_defaults = sets->items[i].files[0];
	}
	if (count < 2 || with_defaults == NULL)
		return true;
	fail(why, EX_USAGE, "its 'defaults' would hold for the accounts of the other file");
	failure_at(why, "%s", with_defaults->path);
	return failure_hint(why, "import each msmtprc by itself, into a file of its own");
}

static bool
has_default(const struct import_writer *writer)
{
	for (size_t i = 0; i < writer->account_count; i++)
		if (strcmp(writer->accounts[i], "default") == 0)
			return true;
	return false;
}

static bool
write_sets(struct sets *sets, struct import_writer *writer, struct failure *why)
{
	const char *default_account = NULL;

	for (int peer = IMPORT_SSMTP; peer <= IMPORT_MSMTP; peer++)
		for (size_t i = 0; i < sets->count; i++) {
			const char *first = NULL;

			if ((int)sets->items[i].peer != peer)
				continue;
			add_beside(sets, &sets->items[i], writer);
			if (!writers[peer](&sets->items[i], writer, &first, why))
				return false;
			default_account = default_account == NULL ? first : default_account;
		}
	if (default_account != NULL && !has_default(writer))
		(void)buffer_print(writer->output, "\naccount default : %s\n", default_account);
	return true;
}

static void
write_head(const struct sets *sets, const struct import_writer *writer, struct buffer *output)
{
	(void)buffer_add(output, "# relayrc, made by relay --import of\n");
	for (size_t i = 0; i < sets->count; i++)
		for (size_t j = 0; j < sets->items[i].count; j++) {
			struct text path = text_of(sets->items[i].files[j]->path);
			char shown[512];

			(void)buffer_print(
			    output, "#   %s\n", text_printable(path, shown, sizeof shown));
		}
	if (writer->secret)
		(void)buffer_add(output,
		    "# It holds a password: chmod 600, or 640 for /etc/relayrc and a group of "
		    "those who send.\n");
}

bool
import_run(const char *const *paths, size_t count, const struct environment *environment,
    struct arena *arena, struct buffer *output, struct buffer *complaints, struct failure *why)
{
	struct sets sets = { .arena = arena };
	struct buffer body = buffer_open(0);
	struct import_writer writer = {
		.environment = environment,
		.arena = arena,
		.output = &body,
		.complaints = complaints,
	};
	bool good = count > 0 && count <= PATHS_MAX && !environment->privileged;

	if (environment->privileged) {
		fail(why, EX_NOPERM, "nothing is imported with privileges");
	} else if (!good) {
		fail(why, EX_USAGE, "'--import' takes files, from 1 to %zu", PATHS_MAX);
		failure_hint(why, "for example: relay --import /etc/ssmtp/ssmtp.conf");
	}
	for (size_t i = 0; good && i < count; i++)
		good = read_path(&sets, paths[i], why);
	good = good && check_defaults(&sets, why) && write_sets(&sets, &writer, why);
	if (good) {
		write_head(&sets, &writer, output);
		(void)buffer_append(output, buffer_text(&body));
	}
	buffer_close(&body);
	return good ? true : failure_in(why, FAILURE_CONFIG);
}
