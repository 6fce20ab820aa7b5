/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_cdb.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_TINYCDB
#include <cdb.h>
#include <dlfcn.h>
#endif

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/file_guard.h"
#include "table/table.h"
#include "table/table_keys.h"

#define LIBRARY "libcdb.so.1"

#define SUFFIX ".cdb"

/* The format (cdb(5)): places and sizes of hash tables, 256 pairs of numbers of four bytes; then
 * the rows; then those tables, of slots of eight bytes. */
#define INDEX_TABLES ((size_t)256)
#define INDEX_PAIR ((size_t)8)
#define INDEX_BYTES (INDEX_TABLES * INDEX_PAIR)
#define SLOT_BYTES 8

/*
 * Of tinycdb's two ways to ask, the one that reads: the other maps the file, and one that is
 * truncated under a map (by `cp` over it, say) kills the process with SIGBUS in the middle of
 * a mail.  The price is some five system calls a key.
 */
struct library {
	void *handle;
	int (*seek)(int fd, const void *key, unsigned length, unsigned *value_length);
	int (*read)(int fd, void *to, int length);
	unsigned (*unpack)(const unsigned char bytes[4]);
};

struct table_cdb {
	struct library library;
	int fd;
	struct buffer key;
	struct buffer value;
	char path[];
};

#ifdef HAVE_TINYCDB

bool
table_cdb_is_supported(void)
{
	return true;
}

static bool
refuse_library(const char *problem, struct failure *why)
{
	fail(why, EX_CONFIG, "tables of type 'cdb:' need the library of tinycdb: %s",
	    problem == NULL ? "it lacks a function" : problem);
	return failure_hint(why,
	    "install the package tinycdb, or libcdb1 where it is called so; or name the text "
	    "that the table was compiled from");
}

static void
unload(struct library *library)
{
	if (library->handle != NULL)
		(void)dlclose(library->handle);
	library->handle = NULL;
}

static bool
load(struct library *library, struct failure *why)
{
	library->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (library->handle == NULL)
		return refuse_library(dlerror(), why);
	library->seek = (__typeof__(&cdb_seek))dlsym(library->handle, "cdb_seek");
	library->read = (__typeof__(&cdb_bread))dlsym(library->handle, "cdb_bread");
	library->unpack = (__typeof__(&cdb_unpack))dlsym(library->handle, "cdb_unpack");
	if (library->seek != NULL && library->read != NULL && library->unpack != NULL)
		return true;
	unload(library);
	return refuse_library(NULL, why);
}

#else

bool
table_cdb_is_supported(void)
{
	return false;
}

static void
unload(struct library *library)
{
	(void)library;
}

static bool
load(struct library *library, struct failure *why)
{
	(void)library;
	fail(why, EX_CONFIG,
	    "tables of type 'cdb:' are not supported: relay was built without "
	    "tinycdb");
	return failure_hint(why,
	    "name the text that the table was compiled from, or build relay with "
	    "--with-tinycdb");
}

#endif

/* A table that cannot be read now is a reason to try again, never to go on without it. */
static bool
refuse(const char *path, struct failure *why)
{
	if (why->code == EX_NOINPUT || why->code == EX_NOPERM || why->code == EX_IOERR) {
		why->code = EX_TEMPFAIL;
		why->temporary = true;
	}
	failure_at(why, "%s", path);
	return failure_in(why, FAILURE_TABLE);
}

static bool
refuse_damaged(const char *path, struct failure *why)
{
	fail(why, EX_TEMPFAIL, "the compiled table is damaged, or is none");
	failure_hint(why, "compile it anew with postmap (aliases: postalias), as cdb:/path");
	return refuse(path, why);
}

/*
 * The tables of the index stand at the end of the file, so one that was cut short lacks some: it
 * is found here, whatever is asked for.  This bounds the slots that a search may run through, too.
 */
static bool
is_whole(const struct library *library, int fd, uint64_t size)
{
	unsigned char index[INDEX_BYTES];
	uint64_t left = size - INDEX_BYTES;

	if (size < INDEX_BYTES || pread(fd, index, INDEX_BYTES, 0) != (ssize_t)INDEX_BYTES)
		return false;
	for (size_t at = 0; at < INDEX_BYTES; at += INDEX_PAIR) {
		uint64_t start = library->unpack(index + at);
		uint64_t bytes = (uint64_t)library->unpack(index + at + 4) * SLOT_BYTES;

		if (bytes == 0)
			continue;
		if (start < INDEX_BYTES || start + bytes > size || bytes > left)
			return false;
		left -= bytes;
	}
	return true;
}

static bool
open_file(
    const struct library *library, const char *path, bool secret, int *fd, struct failure *why)
{
	struct stat status;

	if (!file_open(path, fd, &status, why))
		return refuse(path, why);
	if ((secret && !file_keeps_secret(path, &status, why))
	    || !file_guard_check(path, &status, FILE_GUARD_GROUP, why))
		(void)refuse(path, why);
	else if (!is_whole(library, *fd, (uint64_t)status.st_size))
		(void)refuse_damaged(path, why);
	else
		return true;
	close(*fd);
	return false;
}

static struct table_cdb *
cdb_new(const char *path)
{
	size_t size = strlen(path) + 1;
	struct table_cdb *cdb = calloc(1, sizeof *cdb + size);

	if (cdb == NULL)
		arena_exhausted();
	memcpy(cdb->path, path, size);
	/* Room for a NUL behind what a text could hold. */
	cdb->key = buffer_open(TABLE_LINE_MAX + 1);
	cdb->value = buffer_open(TABLE_LINE_MAX + 1);
	return cdb;
}

bool
table_cdb_open(const char *path, bool secret, struct table_cdb **cdb, struct failure *why)
{
	struct library library = { 0 };
	int fd;

	if (!load(&library, why))
		return refuse(path, why);
	if (!open_file(&library, path, secret, &fd, why)) {
		unload(&library);
		return false;
	}
	*cdb = cdb_new(path);
	(*cdb)->library = library;
	(*cdb)->fd = fd;
	return true;
}

void
table_cdb_close(struct table_cdb *cdb)
{
	if (cdb == NULL)
		return;
	close(cdb->fd);
	unload(&cdb->library);
	buffer_close(&cdb->key);
	buffer_close(&cdb->value);
	free(cdb);
}

static bool
refuse_row(const struct table_cdb *cdb, struct text key, const char *problem, struct failure *why)
{
	fail(why, EX_CONFIG, "the row for '%.*s': %s", (int)key.length, key.bytes, problem);
	return refuse(cdb->path, why);
}

/* Reads the value that the descriptor stands before. */
static bool
read_value(struct table_cdb *cdb, struct text key, size_t length, struct failure *why)
{
	if (!buffer_room(&cdb->value, length))
		return refuse_row(cdb, key, "the value is too long", why);
	if (cdb->library.read(cdb->fd, cdb->value.bytes, (int)length) < 0)
		return refuse_damaged(cdb->path, why);
	cdb->value.length = length;
	return true;
}

/* Asks for the key as it stands in cdb->key. */
static bool
ask(struct table_cdb *cdb, struct text key, bool *found, struct failure *why)
{
	unsigned length;
	int answer = cdb->library.seek(cdb->fd, cdb->key.bytes, (unsigned)cdb->key.length, &length);

	if (answer < 0)
		return refuse_damaged(cdb->path, why);
	*found = answer > 0;
	return !*found || read_value(cdb, key, length, why);
}

/* Text tables have their rows judged when they are split; these come whole. */
static bool
judge(const struct table_cdb *cdb, struct text key, struct text *value, struct failure *why)
{
	struct text whole = buffer_text(&cdb->value);
	const char *problem;

	if (whole.length > 0 && whole.bytes[whole.length - 1] == '\0')
		whole.length--;
	whole = text_trim(whole);
	problem = whole.length == 0 ? "a key without a value" : table_line_problem(whole);
	if (problem != NULL)
		return refuse_row(cdb, key, problem, why);
	*value = whole;
	return true;
}

bool
table_cdb_find(
    struct table_cdb *cdb, struct text key, struct text *value, bool *found, struct failure *why)
{
	bool there = false;

	buffer_clear(&cdb->key);
	buffer_clear(&cdb->value);
	/* A key that is too long for a text is in no table that was compiled of one. */
	if (buffer_append(&cdb->key, key) && !ask(cdb, key, &there, why))
		return false;
	if (!there && buffer_byte(&cdb->key, '\0') && !ask(cdb, key, &there, why))
		return false;
	if (there && !judge(cdb, key, value, why))
		return false;
	*found = there;
	return true;
}

static bool
search(struct table_keys *keys, struct table_cdb *cdb, struct failure *why)
{
	for (size_t i = 0; i < keys->count; i++) {
		struct table_key *key = &keys->items[i];
		struct text value;
		bool found;

		if (key->found)
			continue;
		if (!table_cdb_find(cdb, key->key, &value, &found, why))
			return false;
		if (!found)
			continue;
		key->found = true;
		key->value = text_copy(value, keys->arena);
	}
	return true;
}

bool
table_cdb_search(
    struct table_keys *keys, const char *path, struct table_cdb **cdb, struct failure *why)
{
	if (*cdb == NULL && !table_cdb_open(path, false, cdb, why))
		return false;
	return search(keys, *cdb, why);
}

static bool
is_newer(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

const char *
table_cdb_newer_text(const char *path, struct arena *arena)
{
	size_t length = strlen(path);
	struct stat compiled;
	struct stat source;
	const char *text;

	assert(length >= sizeof SUFFIX - 1);
	text = arena_copy(arena, path, length - (sizeof SUFFIX - 1));
	if (stat(path, &compiled) != 0 || stat(text, &source) != 0)
		return NULL;
	return is_newer(&source.st_mtim, &compiled.st_mtim) ? text : NULL;
}
