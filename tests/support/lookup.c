/* SPDX-License-Identifier: ISC */
/*
 * lookup TABLE: reads keys, one a line, and prints `key TAB value` of those that have a row, and
 * `key TAB ! why` where the row is malformed.  What postmap -q - TABLE does; the test against
 * the real one compares them (F208).
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "table/table_keys.h"

#define KEY_MAX 4096

static void
ask(const char *path, struct text key)
{
	struct arena *arena = arena_open();
	struct table_keys keys = table_keys_open(arena);
	size_t number = table_keys_add(&keys, key);
	struct failure why;

	if (!table_keys_search(&keys, path, &why)
	    || (keys.items[number].found && !table_keys_judge(&keys.items[number], path, &why)))
		(void)printf("%.*s\t! %s\n", (int)key.length, key.bytes, why.what);
	else if (keys.items[number].found)
		(void)printf("%.*s\t%.*s\n", (int)key.length, key.bytes,
		    (int)keys.items[number].value.length, keys.items[number].value.bytes);
	table_keys_close(&keys);
	arena_close(arena);
}

int
main(int argc, char **argv)
{
	char line[KEY_MAX];

	if (argc != 2) {
		(void)fprintf(stderr, "usage: lookup TABLE <KEYS\n");
		return 64;
	}
	while (fgets(line, sizeof line, stdin) != NULL)
		ask(argv[1], text_make(line, strcspn(line, "\n")));
	return ferror(stdout) ? 74 : 0;
}
