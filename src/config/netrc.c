/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/netrc.h"

#include "base/arena.h"
#include "base/file.h"

#define NETRC_MAX ((size_t)1024 * 1024)

struct reader {
	struct arena *arena; /* for what is wiped afterwards */
	const char *path;
	struct text rest;
	size_t line;
	bool line_began; /* a token of this line was read already */
};

struct entry {
	bool fits; /* the host is the one asked for, or it is the default */
	bool is_default;
	struct text login;
	struct text password;
	bool has_password;
};

static void
skip_line(struct reader *reader)
{
	reader->rest = text_slice(reader->rest, text_find(reader->rest, '\n'), reader->rest.length);
}

/* To the next token; false at the end. */
static bool
skip_blanks(struct reader *reader)
{
	while (reader->rest.length > 0) {
		char byte = reader->rest.bytes[0];

		if (byte == '#' && !reader->line_began) {
			skip_line(reader);
			continue;
		}
		if (!text_blank(byte))
			return true;
		if (byte == '\n') {
			reader->line++;
			reader->line_began = false;
		}
		reader->rest = text_slice(reader->rest, 1, reader->rest.length);
	}
	return false;
}

/* Where the quoted token ends: at its quote, its line's end, or the end. */
static size_t
quoted_end(struct text text)
{
	size_t i = 1;

	while (i < text.length && text.bytes[i] != '"' && text.bytes[i] != '\n')
		i += text.bytes[i] == '\\' && i + 1 < text.length ? 2 : 1;
	return i < text.length ? i : text.length;
}

/* "..." with backslashes: a token that holds blanks. */
static struct text
quoted(struct reader *reader)
{
	size_t end = quoted_end(reader->rest);
	char *bytes = arena_zero(reader->arena, end + 1);
	size_t used = 0;

	for (size_t i = 1; i < end; i++) {
		if (reader->rest.bytes[i] == '\\' && i + 1 < end)
			i++;
		bytes[used++] = reader->rest.bytes[i];
	}
	if (end < reader->rest.length && reader->rest.bytes[end] == '"')
		end++;
	reader->rest = text_slice(reader->rest, end, reader->rest.length);
	return text_make(bytes, used);
}

static bool
next_token(struct reader *reader, struct text *token)
{
	if (!skip_blanks(reader))
		return false;
	reader->line_began = true;
	if (reader->rest.bytes[0] == '"')
		*token = quoted(reader);
	else
		*token = text_word(&reader->rest, '\0');
	return true;
}

static bool
read_value(struct reader *reader, struct text keyword, struct text *value, struct failure *why)
{
	size_t line = reader->line;

	if (next_token(reader, value))
		return true;
	fail(why, EX_CONFIG, "'%s' has no value", text_string(keyword, reader->arena));
	return failure_at(why, "%s:%zu", reader->path, line);
}

/* A macro ends at an empty line. */
static void
skip_macro(struct reader *reader)
{
	for (;;) {
		struct text line;

		skip_line(reader);
		if (reader->rest.length == 0)
			return;
		reader->rest = text_slice(reader->rest, 1, reader->rest.length);
		reader->line++;
		reader->line_began = false;
		line = text_slice(reader->rest, 0, text_find(reader->rest, '\n'));
		if (text_trim(line).length == 0)
			return;
	}
}

static bool
read_token(struct reader *reader, struct text token, struct entry *entry, struct failure *why)
{
	struct text ignored;

	if (text_is(token, "login"))
		return read_value(reader, token, &entry->login, why);
	if (text_is(token, "password") || text_is(token, "passwd")) {
		entry->has_password = true;
		return read_value(reader, token, &entry->password, why);
	}
	if (text_is(token, "account"))
		return read_value(reader, token, &ignored, why);
	if (text_is(token, "macdef"))
		skip_macro(reader);
	return true;
}

static bool
serves(const struct entry *entry, const char *user)
{
	if (!entry->fits || !entry->has_password)
		return false;
	/* The default is for any machine: only who names a user means this login, too. */
	if (user == NULL)
		return entry->login.length > 0 && !entry->is_default;
	return entry->login.length == 0 || text_is(entry->login, user);
}

/* Keeps the better of the two: the first that serves, a machine before the default. */
static void
keep_better(struct entry *best, const struct entry *entry, const char *user)
{
	if (serves(entry, user) && (!best->fits || (best->is_default && !entry->is_default)))
		*best = *entry;
}

/* best->fits is false when there is none. */
static bool
search(struct reader *reader, const char *host, const char *user, struct entry *best,
    struct failure *why)
{
	struct entry entry = { 0 };
	struct text token;

	while (next_token(reader, &token)) {
		bool machine = text_is(token, "machine");
		struct text name;

		if (!machine && !text_is(token, "default")) {
			if (!read_token(reader, token, &entry, why))
				return false;
			continue;
		}
		keep_better(best, &entry, user);
		if (machine && !read_value(reader, token, &name, why))
			return false;
		entry = (struct entry){
			.fits = !machine || text_is_fold(name, host),
			.is_default = !machine,
		};
	}
	keep_better(best, &entry, user);
	return true;
}

static bool
find(struct reader *reader, const char *host, const char *user, struct entry *best,
    struct failure *why)
{
	struct stat status;

	if (!file_read(reader->path, NETRC_MAX, reader->arena, &reader->rest, &status, why)) {
		if (why->code != EX_NOINPUT)
			return failure_in(why, FAILURE_CONFIG);
		return true;
	}
	reader->line = 1;
	if (!search(reader, host, user, best, why))
		return failure_in(why, FAILURE_CONFIG);
	if (best->fits && !file_keeps_secret(reader->path, &status, why))
		return failure_in(why, FAILURE_CONFIG);
	return true;
}

bool
netrc_find(const char *path, const char *host, const char *user, struct arena *arena, bool *found,
    const char **login, struct secret *secret, struct failure *why)
{
	/* All the file's passwords pass through here: wiped before this returns. */
	struct arena *brief = arena_open();
	struct reader reader = { .arena = brief, .path = path };
	struct entry best = { 0 };
	bool done = find(&reader, host, user, &best, why);

	if (done) {
		*found = best.fits;
		*login = NULL;
	}
	if (done && best.fits) {
		*login = best.login.length > 0 ? text_string(best.login, arena)
					       : arena_string(arena, user);
		if (secret != NULL)
			secret_keep(secret, best.password);
	}
	arena_close(brief);
	return done;
}
