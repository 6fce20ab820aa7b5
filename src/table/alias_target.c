/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_target.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/file_lines.h"
#include "table/table.h"

static const char include_prefix[] = ":include:";

static struct alias_target *
add_target(struct alias_targets *targets, enum alias_target_kind kind, struct arena *arena)
{
	targets->items = arena_grow(
	    arena, targets->items, targets->count, &targets->capacity, sizeof *targets->items);
	targets->items[targets->count] = (struct alias_target){ .kind = kind };
	return &targets->items[targets->count++];
}

static bool
is_special(struct text text)
{
	return text_starts_fold(text, "/") || text_starts_fold(text, "|")
	    || text_starts_fold(text, "~/") || text_starts_fold(text, include_prefix);
}

static bool
ends_element(struct text text, size_t at)
{
	return at >= text.length || text_blank(text.bytes[at]) || text.bytes[at] == ',';
}

/* Where the quoted string that begins at `at` ends: at its closing quote, or the length. */
static size_t
skip_quoted(struct text text, size_t at)
{
	for (at++; at < text.length && text.bytes[at] != '"'; at++)
		if (text.bytes[at] == '\\')
			at++;
	return at < text.length ? at : text.length;
}

/* The special element that begins the text, quotes and backslashes resolved. */
static bool
find_special(struct text text, struct arena *arena, struct text *element, size_t *length)
{
	struct buffer plain = buffer_open(0);
	size_t end = 0;

	if (is_special(text)) {
		while (!ends_element(text, end))
			end++;
		*element = text_slice(text, 0, end);
		*length = end;
		return true;
	}
	if (text.bytes[0] != '"' || !is_special(text_slice(text, 1, text.length)))
		return false;
	end = skip_quoted(text, 0);
	/* With something behind the quote it is the local part of an address. */
	if (end == text.length || !ends_element(text, end + 1))
		return false;
	for (size_t i = 1; i < end; i++) {
		if (text.bytes[i] == '\\')
			i++;
		(void)buffer_byte(&plain, text.bytes[i]);
	}
	*element = text_copy(buffer_text(&plain), arena);
	*length = end + 1;
	buffer_close(&plain);
	return true;
}

static void
add_special(struct text element, struct arena *arena, struct alias_targets *targets)
{
	size_t prefix = strlen(include_prefix);

	if (text_is(element, "/dev/null"))
		(void)add_target(targets, ALIAS_TARGET_NOTHING, arena);
	else if (element.bytes[0] == '|')
		(void)add_target(targets, ALIAS_TARGET_COMMAND, arena);
	else if (text_starts_fold(element, include_prefix))
		add_target(targets, ALIAS_TARGET_INCLUDE, arena)->path = text_string(
		    text_trim(text_slice(element, prefix, element.length)), arena);
	else
		(void)add_target(targets, ALIAS_TARGET_FILE, arena);
}

/* The comment, which may hold others, that begins at `at` ends here. */
static size_t
skip_comment(struct text text, size_t at)
{
	size_t depth = 0;

	for (; at < text.length; at++) {
		if (text.bytes[at] == '\\')
			at++;
		else if (text.bytes[at] == '(')
			depth++;
		else if (text.bytes[at] == ')' && --depth == 0)
			break;
	}
	return at < text.length ? at : text.length;
}

/* The length of the ordinary addresses that begin the text, up to a blank or comma
 * outside quotes and comments with something special behind it. */
static size_t
plain_length(struct text text)
{
	bool fresh = false;
	size_t at = 0;

	for (; at < text.length; at++) {
		struct text rest = text_slice(text, at, text.length);

		if (fresh
		    && (is_special(rest)
			|| (rest.bytes[0] == '"' && is_special(text_slice(rest, 1, rest.length)))))
			break;
		fresh = ends_element(text, at);
		if (text.bytes[at] == '\\')
			at++;
		else if (text.bytes[at] == '"')
			at = skip_quoted(text, at);
		else if (text.bytes[at] == '(')
			at = skip_comment(text, at);
	}
	return at < text.length ? at : text.length;
}

void
alias_target_break(struct alias_targets *targets, const struct failure *why, struct arena *arena)
{
	struct alias_target *target = add_target(targets, ALIAS_TARGET_BROKEN, arena);

	target->code = why->code;
	target->what = arena_string(arena, why->what);
	target->hint = why->hint[0] == '\0' ? NULL : arena_string(arena, why->hint);
}

static bool
add_list(struct text text, struct arena *arena, struct alias_targets *targets, struct failure *why)
{
	struct address_list list;
	struct failure inner;

	if (!address_list_read(text, 0, arena, &list, &inner)) {
		fail(why, EX_CONFIG, "the value is no address list: %s", inner.what);
		return failure_hint(why, "targets are addresses, with commas between them");
	}
	for (size_t i = 0; i < list.count; i++) {
		if (address_is_null(list.spans[i].address)) {
			fail(why, EX_CONFIG, "the value holds an empty address");
			failure_hint(why, "write /dev/null if its mail is to be thrown away");
			alias_target_break(targets, why, arena);
			continue;
		}
		add_target(targets, ALIAS_TARGET_ADDRESS, arena)->address = list.spans[i].address;
	}
	return true;
}

/* Up to a comma outside quotes and comments, or the length. */
static size_t
element_length(struct text text)
{
	size_t at = 0;

	for (; at < text.length && text.bytes[at] != ','; at++) {
		if (text.bytes[at] == '\\')
			at++;
		else if (text.bytes[at] == '"')
			at = skip_quoted(text, at);
		else if (text.bytes[at] == '(')
			at = skip_comment(text, at);
	}
	return at < text.length ? at : text.length;
}

/* One that is no address must not keep the mail from the others. */
static void
add_plain(struct text text, struct arena *arena, struct alias_targets *targets)
{
	struct failure why;

	if (add_list(text, arena, targets, &why))
		return;
	while (text.length > 0) {
		size_t length = element_length(text);

		if (!add_list(text_slice(text, 0, length), arena, targets, &why))
			alias_target_break(targets, &why, arena);
		text = text_slice(text, length + 1, text.length);
	}
}

void
alias_target_read(struct text value, struct arena *arena, struct alias_targets *targets)
{
	while (value.length > 0) {
		struct text element;
		size_t length = 1;

		if (ends_element(value, 0)) {
			value = text_slice(value, 1, value.length);
			continue;
		}
		if (find_special(value, arena, &element, &length)) {
			add_special(element, arena, targets);
		} else {
			/* At least its first byte, so that the loop ends. */
			length = plain_length(value);
			add_plain(text_slice(value, 0, length), arena, targets);
		}
		value = text_slice(value, length, value.length);
	}
}

bool
alias_target_has_comment(struct text value)
{
	for (size_t i = 1; i < value.length; i++)
		if (value.bytes[i] == '#' && text_blank(value.bytes[i - 1]))
			return true;
	return false;
}

static bool
check_include(const char *path, const struct stat *status, struct failure *why)
{
	if (status->st_uid != 0 && status->st_uid != geteuid())
		return fail(why, EX_CONFIG,
		    "the included file '%s' belongs to uid %u, not to root or uid %u", path,
		    (unsigned)status->st_uid, (unsigned)geteuid());
	if ((status->st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return true;
	fail(why, EX_CONFIG, "the included file '%s' has mode %04o: others may write it", path,
	    (unsigned)status->st_mode & 07777U);
	return failure_hint(why, "chmod go-w %s", path);
}

/* Names the line that a target stands in, and refuses what only a row may name. */
static void
place_target(const char *path, size_t number, struct alias_target *target, struct arena *arena)
{
	target->included = number;
	if (target->kind == ALIAS_TARGET_INCLUDE)
		return;
	target->path = path;
	if (target->kind == ALIAS_TARGET_BROKEN)
		target->what = arena_print(
		    arena, "line %zu of the included file '%s': %s", number, path, target->what);
	if (target->kind != ALIAS_TARGET_FILE && target->kind != ALIAS_TARGET_COMMAND)
		return;
	target->kind = ALIAS_TARGET_BROKEN;
	target->code = EX_CONFIG;
	target->what = arena_print(
	    arena, "line %zu of the included file '%s' names a file or a command", number, path);
	target->hint = "nothing is delivered on this machine: name addresses only, or /dev/null "
		       "to discard";
}

static void
read_line(const char *path, struct text line, size_t number, struct arena *arena,
    struct alias_targets *targets)
{
	size_t first = targets->count;
	const char *problem;
	struct failure why;

	if (text_trim(line).length == 0 || line.bytes[0] == '#')
		return;
	line = text_trim(line);
	problem = table_line_problem(line);
	if (problem != NULL) {
		fail(&why, EX_CONFIG, "line %zu of the included file '%s' %s", number, path,
		    problem);
		failure_hint(&why, "write addresses in ASCII or UTF-8, one in each line");
		alias_target_break(targets, &why, arena);
		targets->items[first].included = number;
		targets->items[first].path = path;
		return;
	}
	alias_target_read(line, arena, targets);
	for (size_t i = first; i < targets->count; i++)
		place_target(path, number, &targets->items[i], arena);
	if (targets->count > first)
		targets->items[targets->count - 1].commented = alias_target_has_comment(line);
}

static bool
read_lines(const char *path, struct file_lines *lines, struct arena *arena,
    struct alias_targets *targets, struct failure *why)
{
	size_t before = targets->count;

	for (;;) {
		struct failure inner;
		struct text line;
		bool found;

		if (!file_lines_next(lines, &line, &found, &inner)) {
			/* Who tries again would send twice to what stands above. */
			if (inner.code != EX_CONFIG)
				targets->count = before;
			return fail(why, inner.code == EX_CONFIG ? EX_CONFIG : EX_TEMPFAIL,
			    "the included file '%s': %s", path, inner.what);
		}
		if (!found)
			return true;
		read_line(path, line, lines->number, arena, targets);
	}
}

bool
alias_target_include(
    const char *path, struct arena *arena, struct alias_targets *targets, struct failure *why)
{
	struct file_lines lines;
	struct failure inner;
	struct stat status;
	bool read;
	int fd;

	if (path[0] != '/')
		return fail(why, EX_CONFIG,
		    "the included file '%s' is not named by an absolute path", path);
	if (!file_open(path, &fd, &status, &inner))
		return fail(why, inner.code == EX_IOERR ? EX_TEMPFAIL : EX_CONFIG,
		    "the included file '%s': %s", path, inner.what);
	lines = file_lines_open(fd, TABLE_LINE_MAX);
	read = check_include(path, &status, why) && read_lines(path, &lines, arena, targets, why);
	file_lines_close(&lines);
	return read;
}
