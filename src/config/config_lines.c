/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config_lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/environment.h"
#include "config/config_remark.h"
#include "config/config_section.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static void
remark(struct config_lines *lines, struct failure *why, bool fault)
{
	failure_at(why, "%s:%zu", lines->file->path, lines->line);
	failure_in(why, FAILURE_CONFIG);
	why->code = EX_CONFIG;
	why->temporary = false;
	config_remark_add(lines->config, why, fault, lines->arena);
}

void
config_lines_fault(struct config_lines *lines, struct failure *why)
{
	remark(lines, why, true);
}

void
config_lines_advise(struct config_lines *lines, const char *format, ...)
{
	char sentence[sizeof((struct failure *)NULL)->what];
	struct failure why;
	va_list list;

	va_start(list, format);
	(void)vsnprintf(sentence, sizeof sentence, format, list);
	va_end(list);
	fail(&why, EX_CONFIG, "%s", sentence);
	remark(lines, &why, false);
}

/* What people write and think it means something else (relayrc(5)). */
static void
advise_on_line(struct config_lines *lines, struct text line, struct text argument)
{
	for (size_t i = 1; i < argument.length; i++)
		if (argument.bytes[i] == '#' && text_blank(argument.bytes[i - 1])) {
			config_lines_advise(
			    lines, "the '#' begins no comment here: it is part of the argument");
			break;
		}
	if (line.bytes[line.length - 1] == '\\')
		config_lines_advise(
		    lines, "the backslash continues no line: it is part of the argument");
}

static void
refuse_unknown(struct config_lines *lines, struct text name)
{
	const char *shown = text_string(text_slice(name, 0, 60), lines->arena);
	const char *nearest = setting_nearest(name);
	struct text nothing = text_of(NULL);
	struct failure why;

	if (setting_modernize(&name, &nothing)) {
		fail(&why, EX_CONFIG, "'%s' takes no argument", shown);
		config_lines_fault(lines, &why);
		return;
	}
	fail(&why, EX_CONFIG, "unknown command '%s'", shown);
	if (nearest != NULL)
		failure_hint(&why, "did you mean '%s'?", nearest);
	config_lines_fault(lines, &why);
}

static void
refuse_argument(struct config_lines *lines, const struct setting *setting, struct failure *why)
{
	struct failure told = *why;
	struct text what = text_of(told.what);
	bool named = what.length > 0 && what.bytes[0] == '\''
	    && text_starts_fold(text_slice(what, 1, what.length), setting->name);

	fail(why, EX_CONFIG, "%s%s%s", named ? "" : setting->name, named ? "" : ": ", told.what);
	if (told.hint[0] != '\0')
		failure_hint(why, "%s", told.hint);
	config_lines_fault(lines, why);
}

/* A secret in a file that others may read: told once a file, for `public_secrets` to
 * forgive at the end. */
static void
check_exposed(struct config_lines *lines)
{
	struct failure why = lines->file->exposed;

	if (lines->file->secrets_safe || lines->evaluated || lines->told)
		return;
	lines->told = true;
	if (lines->config->remark_count < CONFIG_REMARK_MAX) {
		lines->exposures = arena_grow(lines->arena, lines->exposures, lines->exposure_count,
		    &lines->exposure_capacity, sizeof *lines->exposures);
		lines->exposures[lines->exposure_count++] = lines->config->remark_count;
	}
	why.where[0] = '\0';
	if (lines->system) {
		why.hint[0] = '\0';
		failure_hint(&why,
		    "chmod 640 %s and give it a group of those who may send, or "
		    "write 'public_secrets on'",
		    lines->file->path);
	}
	config_lines_fault(lines, &why);
}

static void
check_public(struct config_lines *lines, const struct value *value)
{
	struct failure why;

	if (value->number == 0)
		return;
	if (lines->system) {
		lines->public_secrets = true;
		return;
	}
	fail(&why, EX_CONFIG, "public_secrets stands only in the system's file");
	config_lines_fault(lines, &why);
}

/* A second `from` in one section is one more pattern; the first takes the place of
 * what was inherited. */
static void
place_from(struct config_lines *lines, struct value value)
{
	struct value *place = &lines->current->values[SETTING_FROM];

	if (value.text != NULL && strpbrk(value.text, "<> \t\"") != NULL)
		config_lines_advise(lines, "from wants an address alone, without a name");
	if (lines->last_from != NULL && value.text != NULL) {
		place = arena_zero(lines->arena, sizeof *place);
		lines->last_from->next = place;
	}
	*place = value;
	lines->last_from = place;
}

static void
place(struct config_lines *lines, const struct setting *setting, const struct value *value)
{
	size_t before = lines->given[setting->id];

	if (lines->named_default)
		config_lines_advise(lines,
		    "what follows 'account default : ...' holds for the "
		    "default only, not for the account it names");
	lines->named_default = false;
	lines->given[setting->id] = lines->line;
	if (setting->type == SETTING_IS_PATTERN) {
		place_from(lines, *value);
		return;
	}
	if (before != 0)
		config_lines_advise(lines, "'%s' stood in line %zu already: this one counts",
		    setting->name, before);
	lines->current->values[setting->id] = *value;
}

/* A PIN in the URI of a key (RFC 7512) is a secret as a password is.  GnuTLS takes the scheme in
 * capitals too. */
static bool
holds_secret(const struct setting *setting, const struct value *value)
{
	if (value->text == NULL)
		return false;
	return setting->type == SETTING_IS_SECRET
	    || (setting->type == SETTING_IS_FILE && strncasecmp(value->text, "pkcs11:", 7) == 0
		&& strcasestr(value->text, "pin-value=") != NULL);
}

static void
read_setting(struct config_lines *lines, const struct setting *setting, struct text argument)
{
	struct value value;
	struct failure why;

	if (lines->current == NULL)
		config_section_begin(lines);
	if (!setting_read(setting, argument, lines->environment, lines->arena, &value, &why)) {
		refuse_argument(lines, setting, &why);
		return;
	}
	if (setting_is_expanded(setting))
		value.text = account_expand(value.text, lines->environment, lines->arena);
	value.file = lines->file->path;
	value.line = lines->line;
	if (holds_secret(setting, &value))
		check_exposed(lines);
	if (setting->id == SETTING_PUBLIC_SECRETS)
		check_public(lines, &value);
	place(lines, setting, &value);
}

static void
read_command(struct config_lines *lines, struct text name, struct text argument)
{
	struct text today = name;
	const struct setting *setting;

	if (config_section_read(lines, name, argument))
		return;
	if (setting_modernize(&today, &argument) && today.length == 0) {
		if (lines->current == NULL)
			config_section_begin(lines);
		config_lines_advise(lines, "this command does nothing any more");
		return;
	}
	setting = setting_find(today);
	if (setting == NULL)
		refuse_unknown(lines, name);
	else
		read_setting(lines, setting, argument);
}

static struct text
unquote(struct text argument)
{
	if (argument.length < 2 || argument.bytes[0] != '"'
	    || argument.bytes[argument.length - 1] != '"')
		return argument;
	return text_slice(argument, 1, argument.length - 1);
}

void
config_lines_line(struct config_lines *lines, struct text line)
{
	struct text rest = text_trim(line);
	struct text whole = rest;
	struct text name;

	if (rest.length == 0 || rest.bytes[0] == '#')
		return;
	name = text_word(&rest, '\0');
	rest = text_trim(rest);
	advise_on_line(lines, whole, rest);
	read_command(lines, name, unquote(rest));
}

/* False: the file is no text, and the rest of it would only repeat that. */
static bool
check_bytes(struct config_lines *lines, struct text line)
{
	struct failure why;

	if (line.length > CONFIG_LINE_MAX) {
		fail(&why, EX_CONFIG, "the line is longer than %zu bytes", CONFIG_LINE_MAX);
		config_lines_fault(lines, &why);
		return false;
	}
	if (text_find(line, '\0') == line.length)
		return true;
	fail(&why, EX_CONFIG, "the line holds a NUL byte");
	failure_hint(&why, "save the file as plain text in UTF-8");
	config_lines_fault(lines, &why);
	return false;
}

static void
read_bytes(struct config_lines *lines, struct text bytes)
{
	if (text_is(text_slice(bytes, 0, 3), BYTE_ORDER_MARK))
		bytes = text_slice(bytes, 3, bytes.length);
	while (bytes.length > 0) {
		size_t end = text_find(bytes, '\n');
		struct text line = text_slice(bytes, 0, end);

		lines->line++;
		if (!check_bytes(lines, line))
			return;
		config_lines_line(lines, line);
		bytes = text_slice(bytes, end + 1, bytes.length);
	}
}

void
config_lines_open(struct config_lines *lines, bool system, const struct environment *environment,
    struct arena *arena, struct config *config)
{
	*lines = (struct config_lines){
		.environment = environment,
		.arena = arena,
		.config = config,
		.system = system,
		.defaults = account_new("defaults", arena),
	};
}

void
config_lines_read(struct config_lines *lines, const struct config_file *file)
{
	const struct config_file *outer_file = lines->file;
	size_t outer_line = lines->line;
	bool outer_told = lines->told;

	lines->file = file;
	lines->line = 0;
	lines->told = false;
	lines->file_count++;
	lines->open[lines->depth++] = file->path;
	read_bytes(lines, file->bytes);
	lines->depth--;
	lines->file = outer_file;
	lines->line = outer_line;
	lines->told = outer_told;
}

void
config_lines_close(struct config_lines *lines)
{
	struct config *config = lines->config;

	for (size_t i = 0; lines->public_secrets && i < lines->exposure_count; i++)
		if (lines->exposures[i] < config->remark_count)
			config->remarks[lines->exposures[i]].fault = false;
	account_add(&config->defaults, lines->defaults, lines->arena);
	for (size_t i = 0; i < lines->accounts.count; i++)
		if (account_find(&config->accounts, lines->accounts.items[i]->name) == NULL)
			account_add(&config->accounts, lines->accounts.items[i], lines->arena);
}
