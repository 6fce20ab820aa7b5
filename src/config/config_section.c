/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config_section.h"

#include <glob.h>
#include <string.h>

#include "base/arena.h"
#include "config/config_need.h"
#include "config/setting_read.h"
#include "config/shell.h"

#define DEFAULT_ACCOUNT "default"
#define NAME_MAX_BYTES 200

static void
begin_section(struct config_lines *lines, struct account *section)
{
	lines->current = section;
	lines->last_from = NULL;
	lines->named_default = false;
	memset(lines->given, 0, sizeof lines->given);
}

/* The settings of a faulty section are read as well, for their own faults. */
static struct account *
open_account(struct config_lines *lines, const char *name)
{
	struct account *account = account_from(lines->defaults, name, lines->arena);

	account->file = lines->file->path;
	account->line = lines->line;
	account->system = lines->system;
	begin_section(lines, account);
	return account;
}

void
config_section_begin(struct config_lines *lines)
{
	account_add(&lines->accounts, open_account(lines, DEFAULT_ACCOUNT), lines->arena);
}

static bool
read_name(struct config_lines *lines, struct text text, const char **name, struct failure *why)
{
	struct text trimmed = text_trim(text);

	if (trimmed.length == 0) {
		fail(why, EX_CONFIG, "the name of the account is missing");
		return failure_hint(why, "account NAME, or account NAME : PARENT");
	}
	if (trimmed.length > NAME_MAX_BYTES || text_has_control(trimmed))
		return fail(why, EX_CONFIG,
		    "the name of the account is too long, or holds a "
		    "control character");
	*name = text_string(trimmed, lines->arena);
	return true;
}

static bool
inherit(
    struct config_lines *lines, struct account *account, struct text parents, struct failure *why)
{
	for (;;) {
		size_t comma = text_find(parents, ',');
		struct account *parent;
		const char *name;

		if (!read_name(lines, text_slice(parents, 0, comma), &name, why))
			return false;
		parent = account_find(&lines->accounts, name);
		if (parent == NULL) {
			fail(why, EX_CONFIG, "account '%s' is not defined before this line", name);
			return failure_hint(why, "a parent stands earlier in the same file");
		}
		account_inherit(account, parent);
		account_add(&account->parents, parent, lines->arena);
		if (comma == parents.length)
			return true;
		parents = text_slice(parents, comma + 1, parents.length);
	}
}

static bool
check_new(const struct config_lines *lines, const struct account *account, struct failure *why)
{
	const struct account *other = account_find(&lines->accounts, account->name);

	if (strchr(account->name, ',') != NULL)
		return fail(why, EX_CONFIG, "the name of an account holds no comma");
	if (other != NULL) {
		fail(why, EX_CONFIG, "account '%s' was defined already", account->name);
		return failure_hint(
		    why, "the first one stands at %s:%zu", other->file, other->line);
	}
	if (lines->accounts.count >= CONFIG_LINES_ACCOUNTS_MAX)
		return fail(why, EX_CONFIG, "more than %zu accounts", CONFIG_LINES_ACCOUNTS_MAX);
	return true;
}

static void
read_account(struct config_lines *lines, struct text argument)
{
	size_t colon = text_find(argument, ':');
	bool has_parents = colon < argument.length;
	const char *name = "";
	struct account *account;
	struct failure why;
	bool good = read_name(lines, text_slice(argument, 0, colon), &name, &why);

	account = open_account(lines, name);
	good = good && check_new(lines, account, &why)
	    && (!has_parents
		|| inherit(lines, account, text_slice(argument, colon + 1, argument.length), &why));
	if (!good) {
		config_lines_fault(lines, &why);
		return;
	}
	lines->named_default = has_parents && strcmp(name, DEFAULT_ACCOUNT) == 0;
	account_add(&lines->accounts, account, lines->arena);
}

static void
read_defaults(struct config_lines *lines, struct text argument)
{
	struct failure why;

	begin_section(lines, lines->defaults);
	if (argument.length == 0)
		return;
	fail(&why, EX_CONFIG, "'defaults' takes no argument");
	config_lines_fault(lines, &why);
}

/* Does the run that is to come use the account that the line stands in? */
static bool
is_needed(const struct config_lines *lines)
{
	const char *account = DEFAULT_ACCOUNT;

	if (lines->need == NULL)
		return true;
	if (lines->current == lines->defaults)
		account = NULL;
	else if (lines->current != NULL)
		account = lines->current->name;
	return config_need_covers(lines->need, account, lines->system);
}

static void
read_eval(struct config_lines *lines, struct text argument)
{
	const char *command = text_string(argument, lines->arena);
	struct secret line = { 0 };
	struct failure why;

	if (lines->evaluated || argument.length == 0) {
		fail(&why, EX_CONFIG,
		    lines->evaluated ? "an eval prints another eval" : "'eval' needs a command");
		config_lines_fault(lines, &why);
		return;
	}
	if (!is_needed(lines)) {
		lines->config->skipped++;
		/* Most likely it prints a setting. */
		if (lines->current == NULL)
			config_section_begin(lines);
		return;
	}
	if (!shell_first_line(command, SHELL_LIMIT_MS, &line, &why)) {
		config_lines_fault(lines, &why);
		return;
	}
	if (line.bytes == NULL) {
		fail(&why, EX_CONFIG, "the command '%s' printed nothing",
		    shell_name(command, lines->arena));
		config_lines_fault(lines, &why);
	}
	lines->evaluated = true;
	config_lines_line(lines, text_make(line.bytes, line.length));
	lines->evaluated = false;
	secret_wipe(&line);
}

/* The fault is that of the line that names the file. */
static void
refuse_include(struct config_lines *lines, const char *path, const struct failure *told)
{
	struct failure why;

	fail(&why, EX_CONFIG, "cannot include '%s': %s", path, told->what);
	if (told->hint[0] != '\0')
		failure_hint(&why, "%s", told->hint);
	failure_hint(
	    &why, "correct the name, remove the line, or put the file's lines in its place");
	config_lines_fault(lines, &why);
}

static bool
is_open(const struct config_lines *lines, const char *path)
{
	for (size_t i = 0; i < lines->depth; i++)
		if (strcmp(lines->open[i], path) == 0)
			return true;
	return false;
}

static void
include_file(struct config_lines *lines, const char *path)
{
	struct config_file *file = arena_zero(lines->arena, sizeof *file);
	struct failure why;

	if (is_open(lines, path))
		fail(&why, EX_CONFIG, "it includes itself");
	else if (lines->depth > CONFIG_INCLUDE_DEPTH)
		fail(&why, EX_CONFIG, "included more than %d deep", CONFIG_INCLUDE_DEPTH);
	else if (lines->file_count >= CONFIG_LINES_FILES_MAX)
		fail(&why, EX_CONFIG, "more than %zu files included", CONFIG_LINES_FILES_MAX);
	else if (config_file_read(path, lines->arena, file, &why)) {
		config_lines_read(lines, file);
		config_file_wipe(file);
		return;
	}
	refuse_include(lines, path, &why);
}

/* As written, or beside the file that names it. */
static bool
include_path(
    struct config_lines *lines, struct text argument, const char **path, struct failure *why)
{
	const char *slash = strrchr(lines->file->path, '/');
	struct text directory;

	if (argument.length == 0)
		return fail(why, EX_CONFIG, "'include' needs a file");
	if (!setting_read_path(argument, lines->environment, lines->arena, path, why))
		return false;
	if (**path == '/' || slash == NULL)
		return true;
	directory = text_make(lines->file->path, (size_t)(slash - lines->file->path) + 1);
	*path = arena_print(lines->arena, "%s%s", text_string(directory, lines->arena), *path);
	return true;
}

static void
read_include(struct config_lines *lines, struct text argument)
{
	const char *path;
	struct failure why;
	glob_t found;

	if (!include_path(lines, argument, &path, &why)) {
		config_lines_fault(lines, &why);
		return;
	}
	if (strpbrk(path, "*?[") == NULL) {
		include_file(lines, path);
		return;
	}
	if (glob(path, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		include_file(lines, found.gl_pathv[i]);
	globfree(&found);
}

static const struct command {
	const char *name;
	void (*read)(struct config_lines *lines, struct text argument);
} commands[] = {
	{ "account", read_account },
	{ "defaults", read_defaults },
	{ "eval", read_eval },
	{ "include", read_include },
};

bool
config_section_read(struct config_lines *lines, struct text name, struct text argument)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (!text_is(name, commands[i].name))
			continue;
		commands[i].read(lines, argument);
		return true;
	}
	return false;
}
