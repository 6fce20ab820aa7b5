/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_msmtp.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "config/config_lines.h"
#include "config/import_explicit.h"
#include "config/setting.h"

#define DEFAULT_ACCOUNT "default"
#define NAME_MAX_BYTES 200

struct copy {
	const struct import_file *file;
	struct import_writer *writer;
	struct import_explicit *sections; /* that have ended; belongs to arena */
	size_t count;
	size_t capacity;
	struct import_explicit defaults;
	struct import_explicit open;     /* the section that is being read */
	struct import_explicit *current; /* &defaults, &open, or NULL: none has begun */
	bool refused;                    /* the section is, so its lines become comments */
	struct buffer held; /* blank lines and comments, which may belong to the next section */
};

static struct import_place
place_of(const struct copy *copy, const struct import_line *line)
{
	return (struct import_place){ copy->file->path, line->number, line->text };
}

static void
let_go(struct copy *copy)
{
	(void)buffer_append(copy->writer->output, buffer_text(&copy->held));
	buffer_clear(&copy->held);
}

/* What holds for the whole account is written where it ends. */
static void
end_section(struct copy *copy)
{
	if (copy->current == &copy->open) {
		import_explicit_settle(&copy->open, copy->writer);
		copy->sections = arena_grow(copy->writer->arena, copy->sections, copy->count,
		    &copy->capacity, sizeof *copy->sections);
		copy->sections[copy->count++] = copy->open;
	}
	copy->current = NULL;
	copy->refused = false;
	let_go(copy);
}

static void
begin_defaults(struct copy *copy)
{
	end_section(copy);
	copy->current = &copy->defaults;
	(void)buffer_add(copy->writer->output, "defaults\n");
}

static const struct import_explicit *
find_section(const struct copy *copy, struct text name)
{
	for (size_t i = 0; i < copy->count; i++)
		if (text_is(name, copy->sections[i].theirs->name))
			return &copy->sections[i];
	return NULL;
}

static void
open_section(struct copy *copy, const struct import_line *line, struct text name)
{
	struct arena *arena = copy->writer->arena;
	const char *theirs = text_string(name, arena);

	copy->open = (struct import_explicit){
		.theirs = account_from(copy->defaults.theirs, theirs, arena),
		.ours = account_from(
		    copy->defaults.ours, import_writer_name(copy->writer, theirs), arena),
		.place = place_of(copy, line),
	};
	copy->current = &copy->open;
}

/* Settings before any section are those of an account, whose line may be left out only where the
 * file begins. */
static void
need_section(struct copy *copy, const struct import_line *line)
{
	bool begins = copy->writer->account_count == 0;

	if (copy->current != NULL)
		return;
	open_section(copy, line, text_of(DEFAULT_ACCOUNT));
	if (!begins)
		(void)buffer_print(copy->writer->output, "account %s\n", copy->open.ours->name);
}

/* Their names as they are called here; false: one is not known. */
static bool
inherit(struct copy *copy, struct text parents, struct buffer *words)
{
	for (;;) {
		size_t comma = text_find(parents, ',');
		const struct import_explicit *parent = find_section(
		    copy, text_trim(text_slice(parents, 0, comma)));

		if (parent == NULL)
			return false;
		account_inherit(copy->open.theirs, parent->theirs);
		account_inherit(copy->open.ours, parent->ours);
		(void)buffer_print(
		    words, "%s%s", words->length == 0 ? " : " : ", ", parent->ours->name);
		if (comma == parents.length)
			return true;
		parents = text_slice(parents, comma + 1, parents.length);
	}
}

static bool
is_name(const struct copy *copy, struct text name)
{
	return name.length > 0 && name.length <= NAME_MAX_BYTES && !text_has_control(name)
	    && text_find(name, ',') == name.length && find_section(copy, name) == NULL
	    && copy->count < CONFIG_LINES_ACCOUNTS_MAX;
}

static void
refuse_section(struct copy *copy, const struct import_line *line, const char *reason)
{
	struct import_place place = place_of(copy, line);

	import_writer_lost(copy->writer, &place, "the account is not kept: %s", reason);
	copy->current = NULL;
	copy->refused = true;
}

static void
begin_account(struct copy *copy, const struct import_line *line, struct text argument)
{
	size_t colon = text_find(argument, ':');
	struct text name = text_trim(text_slice(argument, 0, colon));
	struct buffer parents = buffer_open(0);

	end_section(copy);
	if (!is_name(copy, name)) {
		refuse_section(copy, line, "it has no name, or one that another account has");
		return;
	}
	open_section(copy, line, name);
	if (colon < argument.length
	    && !inherit(copy, text_slice(argument, colon + 1, argument.length), &parents))
		refuse_section(copy, line, "it inherits from one that is not defined before it");
	else
		(void)buffer_print(copy->writer->output, "account %s%s\n", copy->open.ours->name,
		    text_string(buffer_text(&parents), copy->writer->arena));
	buffer_close(&parents);
}

static struct text
unquoted(struct text text)
{
	if (text.length < 2 || text.bytes[0] != '"' || text.bytes[text.length - 1] != '"')
		return text;
	return text_slice(text, 1, text.length - 1);
}

static void
copy_line(struct copy *copy, const struct import_line *line)
{
	let_go(copy);
	need_section(copy, line);
	(void)buffer_append(copy->writer->output, text_trim(line->text));
	(void)buffer_byte(copy->writer->output, '\n');
}

static void
take_setting(struct copy *copy, const struct import_line *line, const struct setting *setting,
    const struct value *value)
{
	const char *reason = import_explicit_refusal(setting, value);
	struct import_place place = place_of(copy, line);

	if (reason == NULL) {
		copy_line(copy, line);
		copy->current->ours->values[setting->id] = *value;
		copy->writer->secret |= setting->type == SETTING_IS_SECRET && value->text != NULL;
	} else {
		let_go(copy);
		need_section(copy, line);
		import_writer_lost(
		    copy->writer, &place, "'%s' is not kept: %s", setting->name, reason);
	}
	copy->current->theirs->values[setting->id] = *value;
	if (reason != NULL && setting->id == SETTING_AUTH)
		import_explicit_set(copy->current, SETTING_AUTH, "on", copy->writer);
}

static void
read_setting(
    struct copy *copy, const struct import_line *line, struct text name, struct text argument)
{
	struct import_place place = place_of(copy, line);
	const struct setting *setting;
	struct value value;
	struct failure why;

	if (setting_modernize(&name, &argument) && name.length == 0) {
		copy_line(copy, line);
		return;
	}
	setting = setting_find(name);
	if (setting != NULL
	    && setting_read(
		setting, argument, copy->writer->environment, copy->writer->arena, &value, &why)) {
		take_setting(copy, line, setting, &value);
		return;
	}
	let_go(copy);
	/* An unknown word may be a piece of a password. */
	if (setting == NULL)
		import_writer_lost(copy->writer, &place, "not kept: msmtp has no such command");
	else
		import_writer_lost(
		    copy->writer, &place, "'%s' is not kept: %s", setting->name, why.what);
}

static void
read_line(struct copy *copy, const struct import_line *line)
{
	struct text rest = text_trim(line->text);
	struct text whole = rest;
	struct text name;

	if (rest.length == 0 || rest.bytes[0] == '#') {
		(void)buffer_append(&copy->held, rest);
		(void)buffer_byte(&copy->held, '\n');
		return;
	}
	name = text_word(&rest, '\0');
	rest = unquoted(text_trim(rest));
	if (text_is(name, "account"))
		begin_account(copy, line, rest);
	else if (text_is(name, "defaults"))
		begin_defaults(copy);
	else if (copy->refused)
		import_writer_quote(copy->writer, whole);
	else if (text_is(name, "eval"))
		copy_line(copy, line);
	else
		read_setting(copy, line, name, rest);
}

bool
import_msmtp_has_defaults(const struct import_file *file)
{
	struct import_line line = { .rest = file->bytes };

	while (import_file_next(&line)) {
		struct text rest = line.text;

		if (text_is(text_word(&rest, '\0'), "defaults"))
			return true;
	}
	return false;
}

bool
import_msmtp_write(const struct import_set *set, struct import_writer *writer, const char **first,
    struct failure *why)
{
	struct copy copy = {
		.file = set->files[0],
		.writer = writer,
		.defaults = import_explicit_open(writer->arena),
		.held = buffer_open(0),
	};
	struct import_line line = { .rest = copy.file->bytes };

	(void)why;
	*first = NULL;
	(void)buffer_byte(writer->output, '\n');
	while (import_file_next(&line))
		read_line(&copy, &line);
	end_section(&copy);
	buffer_close(&copy.held);
	return true;
}
