/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_source.h"

#include <string.h>

#include "base/arena.h"

#define CDB "cdb:"
#define CDB_SUFFIX ".cdb"

/* Postfix's way through its chroot, of which there is none here. */
#define PROXY "proxy"

/* Longer words before a colon are shown cut. */
#define SHOWN_MAX 40

static const char patterns[] = "patterns are not matched, since one can keep a mail for ever";
static const char services[] = "databases and servers are not asked";
static const char made_up[] = "there is no file behind them";

/* The types of Postfix. */
static const struct type {
	const char *name;
	enum table_source_kind kind;
	const char *refusal; /* why it is not read; NULL: it is */
} types[] = {
	{ "texthash", TABLE_SOURCE_TEXT, NULL },
	{ "hash", TABLE_SOURCE_TEXT, NULL },
	{ "btree", TABLE_SOURCE_TEXT, NULL },
	{ "lmdb", TABLE_SOURCE_TEXT, NULL },
	{ "dbm", TABLE_SOURCE_TEXT, NULL },
	{ "sdbm", TABLE_SOURCE_TEXT, NULL },
	{ "cdb", TABLE_SOURCE_CDB, NULL },
	{ "regexp", TABLE_SOURCE_TEXT, patterns },
	{ "pcre", TABLE_SOURCE_TEXT, patterns },
	{ "cidr", TABLE_SOURCE_TEXT, patterns },
	{ "ldap", TABLE_SOURCE_TEXT, services },
	{ "mysql", TABLE_SOURCE_TEXT, services },
	{ "pgsql", TABLE_SOURCE_TEXT, services },
	{ "sqlite", TABLE_SOURCE_TEXT, services },
	{ "mongodb", TABLE_SOURCE_TEXT, services },
	{ "memcache", TABLE_SOURCE_TEXT, services },
	{ "socketmap", TABLE_SOURCE_TEXT, services },
	{ "tcp", TABLE_SOURCE_TEXT, services },
	{ "unix", TABLE_SOURCE_TEXT, services },
	{ "nis", TABLE_SOURCE_TEXT, services },
	{ "nisplus", TABLE_SOURCE_TEXT, services },
	{ "netinfo", TABLE_SOURCE_TEXT, services },
	{ "static", TABLE_SOURCE_TEXT, made_up },
	{ "inline", TABLE_SOURCE_TEXT, made_up },
	{ "environ", TABLE_SOURCE_TEXT, made_up },
	{ "internal", TABLE_SOURCE_TEXT, made_up },
	{ "fail", TABLE_SOURCE_TEXT, made_up },
	{ "pipemap", TABLE_SOURCE_TEXT, made_up },
	{ "unionmap", TABLE_SOURCE_TEXT, made_up },
	{ "randmap", TABLE_SOURCE_TEXT, made_up },
};

static const struct type *
find_type(struct text name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (text_is(name, types[i].name))
			return &types[i];
	return NULL;
}

static bool
is_word_byte(char byte)
{
	char lower = text_lower(byte);

	return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '_'
	    || byte == '-';
}

/* Bytes of a word with a colon behind it, at the beginning; 0: a path stands there. */
static size_t
type_length(struct text text)
{
	size_t length = text_find(text, ':');

	if (length == text.length)
		return 0;
	for (size_t i = 0; i < length; i++)
		if (!is_word_byte(text.bytes[i]))
			return 0;
	return length;
}

static bool
is_separator(char byte)
{
	return byte == ',' || text_blank(byte);
}

/* Paths may hold blanks and commas, so only what looks like a map of its own is one. */
static bool
is_map(struct text text)
{
	size_t length = type_length(text);

	if (length == 0)
		return text.bytes[0] == '/' || text_is(text_slice(text, 0, 2), "~/");
	return find_type(text_slice(text, 0, length)) != NULL
	    || text_is(text_slice(text, 0, length), PROXY)
	    || text_is(text_slice(text, length, length + 2), ":/");
}

static bool
names_several(struct text path)
{
	for (size_t i = 1; i < path.length; i++)
		if (is_separator(path.bytes[i - 1]) && !is_separator(path.bytes[i])
		    && is_map(text_slice(path, i, path.length)))
			return true;
	return false;
}

static bool
advise(struct failure *why)
{
	return failure_hint(why,
	    "name a text: /path, or hash:, btree:, lmdb:, dbm:, sdbm: or texthash:/path, of which "
	    "the text is read; or a table that was compiled as cdb:/path");
}

static bool
refuse_type(struct text name, const struct type *type, struct text rest, struct failure *why)
{
	char shown[SHOWN_MAX];
	char shown_rest[SHOWN_MAX];

	(void)text_printable(name, shown, sizeof shown);
	if (type != NULL) {
		fail(why, EX_CONFIG, "tables of type '%s:' are not supported: %s", shown,
		    type->refusal);
		return advise(why);
	}
	fail(why, EX_CONFIG, "'%s:' is no type of table", shown);
	if (rest.length > 0 && rest.bytes[0] == '/')
		return advise(why);
	(void)text_printable(rest, shown_rest, sizeof shown_rest);
	return failure_hint(
	    why, "a file whose name begins so is written ./%s:%s", shown, shown_rest);
}

static bool
refuse_several(struct failure *why)
{
	fail(why, EX_CONFIG, "several tables are named, and one is read");
	return failure_hint(why, "write all rows into one table, and name that");
}

/* Takes the type off *path. */
static bool
take_type(struct text *path, enum table_source_kind *kind, struct failure *why)
{
	size_t length = type_length(*path);
	struct text name = text_slice(*path, 0, length);
	struct text rest = text_trim(text_slice(*path, length + 1, path->length));
	const struct type *type = find_type(name);

	if (type == NULL || type->refusal != NULL)
		return refuse_type(name, type, rest, why);
	if (rest.length == 0)
		return fail(why, EX_CONFIG, "no path stands behind '%s:'", type->name);
	/* A name must not be taken for another kind of table than it was settled as. */
	if (type_length(rest) > 0)
		return refuse_type(text_slice(rest, 0, type_length(rest)), NULL,
		    text_slice(rest, type_length(rest) + 1, rest.length), why);
	*kind = type->kind;
	*path = rest;
	return true;
}

bool
table_source_read(
    struct text written, enum table_source_kind *kind, struct text *path, struct failure *why)
{
	enum table_source_kind found = TABLE_SOURCE_TEXT;
	struct text rest = text_trim(written);
	size_t length = type_length(rest);

	if (text_is(text_slice(rest, 0, length), PROXY))
		rest = text_trim(text_slice(rest, length + 1, rest.length));
	if (rest.length == 0)
		return fail(why, EX_CONFIG, "no table is named");
	if (type_length(rest) > 0 && !take_type(&rest, &found, why))
		return false;
	if (names_several(rest))
		return refuse_several(why);
	*kind = found;
	*path = rest;
	return true;
}

static bool
ends_in(const char *string, const char *end)
{
	size_t length = strlen(string);
	size_t wanted = strlen(end);

	return length >= wanted && strcmp(string + length - wanted, end) == 0;
}

const char *
table_source_name(enum table_source_kind kind, const char *path, struct arena *arena)
{
	if (kind == TABLE_SOURCE_TEXT)
		return path;
	return arena_print(arena, CDB "%s%s", path, ends_in(path, CDB_SUFFIX) ? "" : CDB_SUFFIX);
}

struct table_source
table_source_of(const char *name)
{
	if (strncmp(name, CDB, sizeof CDB - 1) == 0)
		return (struct table_source){ TABLE_SOURCE_CDB, name + sizeof CDB - 1 };
	return (struct table_source){ TABLE_SOURCE_TEXT, name };
}

const char *
table_source_place(const char *name, size_t line, struct arena *arena)
{
	const char *path = table_source_of(name).path;

	return line == 0 ? path : arena_print(arena, "%s:%zu", path, line);
}

bool
table_source_at(struct failure *why, const char *name, size_t line)
{
	const char *path = table_source_of(name).path;

	return line == 0 ? failure_at(why, "%s", path) : failure_at(why, "%s:%zu", path, line);
}
