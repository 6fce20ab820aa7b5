/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config.h"

#include "base/arena.h"
#include "base/environment.h"
#include "config/config_file.h"
#include "config/config_lines.h"
#include "config/config_need.h"
#include "config/config_remark.h"

#define SYSTEM_FILE "relayrc"
#define HOME_FILE ".relayrc"
#define CONFIG_HOME_FILE "relay/config"

struct reader {
	const struct environment *environment;
	struct arena *arena;
	struct config *config;
	const struct config_need *need; /* NULL: every eval is run */
};

static void
parse(const struct reader *reader, const struct config_file *file, bool system)
{
	struct config_lines lines;

	config_lines_open(&lines, system, reader->environment, reader->arena, reader->config);
	lines.need = reader->need;
	config_lines_read(&lines, file);
	config_lines_close(&lines);
}

void
config_parse(const char *path, struct text bytes, bool system, bool secrets_safe,
    const struct environment *environment, struct arena *arena, struct config *config)
{
	const struct reader reader = { environment, arena, config, NULL };
	struct config_file file = {
		.path = arena_string(arena, path),
		.bytes = bytes,
		.secrets_safe = secrets_safe,
	};

	fail(&file.exposed, EX_CONFIG, "holds a password and lets others read it");
	failure_hint(&file.exposed, "chmod 600 %s", path);
	parse(&reader, &file, system);
}

static bool
is_absent(const struct failure *why)
{
	return why->code == EX_NOINPUT || why->code == EX_NOPERM;
}

/* Notes that the file was looked for; true when it was there. */
static bool
note(const struct reader *reader, const char *path, const struct failure *why)
{
	struct config *config = reader->config;
	struct config_trial *trial = &config->trials[config->trial_count++];

	trial->path = path;
	trial->reason = NULL;
	if (why != NULL && is_absent(why))
		trial->reason = why->code == EX_NOINPUT ? "no such file" : "permission denied";
	trial->denied = trial->reason != NULL && why->code == EX_NOPERM;
	return trial->reason == NULL;
}

/* Who wonders why ~/.relayrc is not read is told. */
static void
note_foreign(const struct reader *reader)
{
	struct config *config = reader->config;

	if (reader->environment->other_home == NULL)
		return;
	config->trials[config->trial_count++] = (struct config_trial){
		.path = arena_print(
		    reader->arena, "%s/%s", reader->environment->other_home, HOME_FILE),
		.reason = "not looked at: HOME is another user's",
	};
}

/* True when the file was there, whatever was in it. */
static bool
try(const struct reader *reader, const char *path, bool system)
{
	struct config_file *file = arena_zero(reader->arena, sizeof *file);
	struct failure why;

	if (config_file_read(path, reader->arena, file, &why)) {
		parse(reader, file, system);
		config_file_wipe(file);
		return note(reader, path, NULL);
	}
	if (!is_absent(&why))
		config_remark_add(reader->config, &why, true, reader->arena);
	return note(reader, path, &why);
}

static bool
read_named(const struct reader *reader, const char *path, struct failure *why)
{
	struct config_file *file = arena_zero(reader->arena, sizeof *file);

	if (reader->environment->privileged) {
		fail(why, EX_NOPERM, "no other configuration file may be named with privileges");
		return failure_in(why, FAILURE_CONFIG);
	}
	if (!config_file_read(path, reader->arena, file, why)) {
		if (is_absent(why))
			return false;
		config_remark_add(reader->config, why, true, reader->arena);
	} else {
		parse(reader, file, false);
		config_file_wipe(file);
	}
	(void)note(reader, path, NULL);
	return true;
}

static void
read_user(const struct reader *reader)
{
	const char *home = reader->environment->home;
	const char *config_home = reader->environment->config_home;
	struct arena *arena = reader->arena;

	if (reader->environment->privileged)
		return;
	note_foreign(reader);
	if (home != NULL && try(reader, arena_print(arena, "%s/%s", home, HOME_FILE), false))
		return;
	if (config_home != NULL)
		(void)try(
		    reader, arena_print(arena, "%s/%s", config_home, CONFIG_HOME_FILE), false);
}

static bool
read_files(const struct reader *reader, const char *user_file, struct failure *why)
{
	struct arena *arena = reader->arena;

	*reader->config = (struct config){ 0 };
	if (user_file == NULL)
		read_user(reader);
	else if (!read_named(reader, user_file, why))
		return false;
	(void)try(reader,
	    arena_print(arena, "%s/%s", reader->environment->system_directory, SYSTEM_FILE), true);
	return true;
}

static bool
judge(const struct config *config, struct failure *why)
{
	const struct failure *fault = config_remark_fault(config);

	if (fault == NULL)
		return true;
	*why = *fault;
	return false;
}

bool
config_read(const struct environment *environment, const char *user_file, struct arena *arena,
    struct config *config, struct failure *why)
{
	const struct reader reader = { environment, arena, config, NULL };

	return read_files(&reader, user_file, why) && judge(config, why);
}

bool
config_read_for(const struct config_wish *wish, const struct environment *environment,
    const char *user_file, struct arena *arena, struct config *config, struct failure *why)
{
	struct config_need need = { .all = wish->any };
	const struct reader reader = { environment, arena, config, &need };

	if (!read_files(&reader, user_file, why))
		return false;
	/* Most files have no eval, and are read once. */
	if (config->skipped > 0) {
		config_need_find(config, wish, arena, &need);
		if (!read_files(&reader, user_file, why))
			return false;
	}
	return judge(config, why);
}
