/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_parameter.h"

#include <limits.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/environment.h"

/* What the replacing of one value needs, and how much of it was done. */
struct work {
	const struct import_entries *entries;
	const struct import_file *file;
	const struct import_writer *writer;
	size_t steps;
};

struct text
import_parameter_value(const struct import_entries *entries, const char *name, const char *fallback)
{
	const struct import_entry *entry = import_row_last(entries, name);

	return entry == NULL || entry->broken ? text_of(fallback) : entry->value;
}

bool
import_parameter_is_yes(const struct import_entries *entries, const char *name)
{
	return text_is_fold(import_parameter_value(entries, name, "no"), "yes");
}

/* The value of the last parameter, with the lines that it goes on in. */
static void
end_value(struct import_entries *entries, struct buffer *value, struct arena *arena)
{
	if (entries->count > 0)
		entries->items[entries->count - 1].value = text_copy(
		    text_trim(buffer_text(value)), arena);
	buffer_clear(value);
}

static bool
read_line(const struct import_file *file, const struct import_line *line,
    struct import_entries *entries, struct buffer *value, struct arena *arena, struct failure *why)
{
	struct text body = text_trim(line->text);
	size_t equals = text_find(body, '=');
	struct import_entry entry = { .place = { file->path, line->number, line->text } };

	if (body.length == 0 || body.bytes[0] == '#')
		return true;
	if (text_blank(line->text.bytes[0])) {
		(void)buffer_byte(value, ' ');
		(void)buffer_append(value, body);
		return true;
	}
	end_value(entries, value, arena);
	entry.name = text_trim(text_slice(body, 0, equals));
	(void)buffer_append(value, text_slice(body, equals + 1, body.length));
	return import_row_add(entries, &entry, arena, why);
}

static bool
read_lines(const struct import_file *file, struct import_entries *entries, struct arena *arena,
    struct failure *why)
{
	struct import_line line = { .rest = file->bytes };
	struct buffer value = buffer_open(0);
	bool good = true;

	while (good && import_file_next(&line))
		good = read_line(file, &line, entries, &value, arena, why);
	end_value(entries, &value, arena);
	buffer_close(&value);
	return good;
}

static bool
is_name_byte(char byte)
{
	char lower = text_lower(byte);

	return (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || lower == '_';
}

static const char *
whole_path(const char *path, struct arena *arena)
{
	char whole[PATH_MAX];

	return realpath(path, whole) == NULL ? path : arena_string(arena, whole);
}

/* What Postfix has for names that the file does not set, as far as values name them. */
static const struct fallback {
	const char *name;
	const char *value;
} fallbacks[] = {
	{ "myorigin", "$myhostname" },
	{ "smtp_helo_name", "$myhostname" },
	{ "mydestination", "$myhostname, localhost.$mydomain, localhost" },
	{ "relayhost", "" },
	{ "smtp_tls_cert_file", "" },
	{ "default_database_type", "hash" },
	{ "alias_maps", "hash:/etc/aliases" },
};

/* The host's name and its domain, without asking anybody for the full name. */
static const char *
host_name(const struct work *work, bool domain)
{
	struct arena *arena = work->writer->arena;
	const char *host = text_string(
	    import_parameter_value(work->entries, "myhostname", work->writer->environment->host),
	    arena);
	size_t dot = text_find(text_of(host), '.');

	if (domain)
		return host[dot] == '\0' ? "localdomain" : host + dot + 1;
	return host[dot] == '\0' ? arena_print(arena, "%s.$mydomain", host) : host;
}

/* NULL: not to be told here. */
static const char *
built_in(const struct work *work, struct text name)
{
	struct arena *arena = work->writer->arena;

	for (size_t i = 0; i < sizeof fallbacks / sizeof fallbacks[0]; i++)
		if (text_is(name, fallbacks[i].name))
			return fallbacks[i].value;
	if (text_is(name, "config_directory"))
		return whole_path(import_file_directory(work->file->path, arena), arena);
	if (text_is(name, "myhostname") || text_is(name, "mydomain"))
		return host_name(work, text_is(name, "mydomain"));
	return NULL;
}

/* Up to the brace that closes the one before `text`; false: there is none. */
static bool
find_close(struct text text, char open, char close, size_t *end)
{
	size_t depth = 1;

	for (*end = 0; *end < text.length; (*end)++) {
		depth += text.bytes[*end] == open;
		depth -= text.bytes[*end] == close;
		if (depth == 0)
			return true;
	}
	return false;
}

/* `$name`, `${name...}` and `$(name...)`, the text behind the `$`: the name, what stands behind
 * it inside the braces, and how long all is; false: another form. */
static bool
read_reference(struct text text, struct text *name, struct text *rest, size_t *length)
{
	char open = text.length > 0 ? text.bytes[0] : '\0';
	bool braces = open == '{' || open == '(';
	size_t start = braces ? 1 : 0;
	size_t end = start;
	size_t close = 0;

	while (end < text.length && is_name_byte(text.bytes[end]))
		end++;
	*name = text_slice(text, start, end);
	*rest = text_of(NULL);
	*length = end;
	if (!braces)
		return name->length > 0;
	if (!find_close(text_slice(text, 1, text.length), open, open == '{' ? '}' : ')', &close))
		return false;
	*rest = text_slice(text, end, close + 1);
	*length = close + 2;
	return name->length > 0;
}

static bool expand(struct work *work, struct text text, int depth, struct buffer *to);

static bool
expand_name(struct work *work, struct text name, int depth, struct buffer *to)
{
	const struct import_entry *entry = NULL;
	const char *fallback;

	for (size_t i = work->entries->count; i > 0 && entry == NULL; i--)
		if (text_equal(work->entries->items[i - 1].name, name))
			entry = &work->entries->items[i - 1];
	if (entry != NULL)
		return expand(work, entry->value, depth + 1, to);
	fallback = built_in(work, name);
	return fallback != NULL && expand(work, text_of(fallback), depth + 1, to);
}

/* What `?` or `:` begins, in braces or to the end; *rest is what stands behind it. */
static bool
take_choice(struct text *rest, struct text *choice)
{
	struct text text = text_trim(text_slice(*rest, 1, rest->length));
	size_t close = 0;

	*choice = text;
	*rest = text_of(NULL);
	if (text.length == 0 || text.bytes[0] != '{')
		return true;
	text = text_slice(text, 1, text.length);
	if (!find_close(text, '{', '}', &close))
		return false;
	*choice = text_trim(text_slice(text, 0, close));
	*rest = text_trim(text_slice(text, close + 1, text.length));
	return true;
}

/* `?then`, `:else` or `?{then}:{else}` behind a name: whether it has a value decides. */
static bool
expand_choice(struct work *work, struct text name, struct text rest, int depth, struct buffer *to)
{
	struct buffer value = buffer_open(IMPORT_PARAMETER_VALUE_MAX);
	bool full = expand_name(work, name, depth, &value) && value.length > 0;
	struct text then = text_of(NULL);
	struct text other = text_of(NULL);

	buffer_close(&value);
	if (rest.bytes[0] == '?' && !take_choice(&rest, &then))
		return false;
	if (rest.length > 0 && (rest.bytes[0] != ':' || !take_choice(&rest, &other)))
		return false;
	return rest.length == 0 && expand(work, full ? then : other, depth + 1, to);
}

/* A name that leads to itself ends at the depth, one that leads to many at the steps, which are
 * those of a whole file. */
static bool
expand(struct work *work, struct text text, int depth, struct buffer *to)
{
	if (depth > IMPORT_PARAMETER_DEPTH)
		return false;
	while (text.length > 0) {
		size_t dollar = text_find(text, '$');
		struct text name;
		struct text rest;
		size_t length;
		bool known;

		if (++work->steps > IMPORT_PARAMETER_STEPS_MAX
		    || !buffer_append(to, text_slice(text, 0, dollar)))
			return false;
		text = text_slice(text, dollar + 1, text.length);
		if (text.length > 0 && text.bytes[0] == '$') {
			(void)buffer_byte(to, '$');
			text = text_slice(text, 1, text.length);
			continue;
		}
		if (text.length == 0)
			return true;
		if (!read_reference(text, &name, &rest, &length))
			return false;
		known = rest.length == 0 ? expand_name(work, name, depth, to)
					 : expand_choice(work, name, rest, depth, to);
		if (!known)
			return false;
		text = text_slice(text, length, text.length);
	}
	return true;
}

/* What counts as local depends on the name, which relay would take from elsewhere. */
static bool
add_destination(struct import_entries *entries, struct arena *arena, struct failure *why)
{
	const struct import_entry *host = import_row_last(entries, "myhostname");
	struct import_entry entry;

	if (host == NULL || import_row_last(entries, "mydestination") != NULL)
		return true;
	entry = *host;
	entry.name = text_of("mydestination");
	entry.value = text_of("$myhostname, localhost.$mydomain, localhost");
	return import_row_add(entries, &entry, arena, why);
}

bool
import_parameter_read(const struct import_file *file, struct import_writer *writer,
    struct import_entries *entries, struct failure *why)
{
	struct work work = { .entries = entries, .file = file, .writer = writer };
	struct text *values;

	if (!read_lines(file, entries, writer->arena, why)
	    || !add_destination(entries, writer->arena, why))
		return false;
	values = arena_array(writer->arena, entries->count + 1, sizeof *values);
	for (size_t i = 0; i < entries->count; i++) {
		struct import_entry *entry = &entries->items[i];
		struct buffer value = buffer_open(IMPORT_PARAMETER_VALUE_MAX);

		entry->broken = !expand(&work, entry->value, 0, &value);
		values[i] = text_copy(text_trim(buffer_text(&value)), writer->arena);
		buffer_close(&value);
	}
	for (size_t i = 0; i < entries->count; i++)
		if (!entries->items[i].broken)
			entries->items[i].value = values[i];
	return true;
}
