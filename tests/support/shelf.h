/* SPDX-License-Identifier: ISC */
/*
 * What a test of a table needs around it: a directory that goes away with its
 * files, an arena, and a machine named local.example.
 */
#ifndef RELAY_TESTS_SUPPORT_SHELF_H
#define RELAY_TESTS_SUPPORT_SHELF_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/failure.h"
#include "mail/address.h"
#include "mail/completion.h"

struct shelf {
	char directory[32];
	struct arena *arena;
	struct text local_domains[2];
	struct completion completion;
	struct failure why;
};

static inline struct shelf *
shelf_open(void)
{
	struct arena *arena = arena_open();
	struct shelf *shelf = arena_zero(arena, sizeof *shelf);

	shelf->arena = arena;
	memcpy(shelf->directory, "/tmp/relay-table.XXXXXX", sizeof "/tmp/relay-table.XXXXXX");
	cr_assert_not_null(mkdtemp(shelf->directory));
	shelf->local_domains[0] = text_of("local.example");
	shelf->local_domains[1] = text_of("localhost");
	shelf->completion = (struct completion){ .domain = shelf->local_domains[0],
		.local_domains = shelf->local_domains,
		.local_count = 2 };
	return shelf;
}

/* Removes the directory and the files in it. */
static inline void
shelf_close(struct shelf *shelf)
{
	DIR *directory = opendir(shelf->directory);
	struct dirent *entry;

	cr_assert_not_null(directory);
	for (entry = readdir(directory); entry != NULL; entry = readdir(directory))
		if (entry->d_name[0] != '.')
			(void)unlinkat(dirfd(directory), entry->d_name, 0);
	(void)closedir(directory);
	cr_assert_eq(rmdir(shelf->directory), 0);
	arena_close(shelf->arena);
}

/* The path of a file of the directory, there or not. */
static inline const char *
shelf_path(struct shelf *shelf, const char *name)
{
	return arena_print(shelf->arena, "%s/%s", shelf->directory, name);
}

/* Writes bytes into a file of mode 0600 and returns its path. */
static inline const char *
shelf_bytes(struct shelf *shelf, const char *name, const char *bytes, size_t length)
{
	const char *path = shelf_path(shelf, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	cr_assert_geq(fd, 0, "cannot make %s", path);
	cr_assert_eq(write(fd, bytes, length), (ssize_t)length);
	cr_assert_eq(close(fd), 0);
	return path;
}

static inline const char *
shelf_file(struct shelf *shelf, const char *name, const char *content)
{
	return shelf_bytes(shelf, name, content, strlen(content));
}

/* Counts from now on how often a file is opened. */
static inline int
shelf_watch(const char *path)
{
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	cr_assert_geq(watch, 0);
	cr_assert_geq(inotify_add_watch(watch, path, IN_OPEN | IN_CLOSE), 0, "%s", path);
	return watch;
}

/* How often it was.  Equal events that wait together become one, hence those of closing
 * between them. */
static inline size_t
shelf_openings(int watch)
{
	struct inotify_event event;
	size_t count = 0;

	while (read(watch, &event, sizeof event) == (ssize_t)sizeof event)
		count += (event.mask & IN_OPEN) != 0;
	close(watch);
	return count;
}

/* The address that a string holds; a bare name stays bare. */
static inline struct address
shelf_address(struct shelf *shelf, const char *string)
{
	struct address address = { 0 };
	struct failure why;

	cr_assert(address_read(text_of(string), shelf->arena, &address, &why), "%s: %s", string,
	    why.what);
	return address;
}

/* As it is written in commands. */
static inline const char *
shelf_string(struct shelf *shelf, struct address address)
{
	return text_string(address_format(address, shelf->arena), shelf->arena);
}

/* Texts with a blank between them. */
static inline const char *
shelf_words(struct shelf *shelf, const struct text *items, size_t count)
{
	const char *all = "";

	for (size_t i = 0; i < count; i++)
		all = arena_print(shelf->arena, "%s%s%.*s", all, i == 0 ? "" : " ",
		    (int)items[i].length, items[i].bytes);
	return all;
}

#endif
