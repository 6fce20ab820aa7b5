/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/setting_read.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/environment.h"
#include "base/secret.h"
#include "table/table_source.h"

#define SECONDS_MAX ((int64_t)10 * 366 * 24 * 3600)

static const struct unit {
	char letter;
	int64_t factor;
} size_units[] = { { 'k', 1024 }, { 'm', 1024 * 1024 }, { 'g', 1024 * 1024 * 1024 } },
  time_units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };

#define COUNT_OF(ARRAY) (sizeof(ARRAY) / sizeof(ARRAY)[0])

/* A copy that may be put into a sentence whatever it holds. */
static const char *
shown(struct text text, struct arena *arena)
{
	return text_string(text_slice(text, 0, 200), arena);
}

static bool
refuse_control(struct failure *why)
{
	return fail(why, EX_CONFIG, "holds a control character");
}

/* Control bytes but the tab, which a command or a name in quotes may hold. */
static bool
is_clean(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] != '\t' && text_has_control(text_slice(text, i, i + 1)))
			return false;
	return true;
}

bool
setting_read_path(struct text argument, const struct environment *environment, struct arena *arena,
    const char **path, struct failure *why)
{
	bool tilde = text_is(text_slice(argument, 0, 2), "~/") || text_is(argument, "~");

	if (!tilde) {
		*path = text_string(argument, arena);
		return true;
	}
	if (environment == NULL || environment->home == NULL) {
		fail(why, EX_CONFIG, "'~' stands for a home directory, and none is known");
		return failure_hint(why, "write the whole path");
	}
	*path = arena_print(arena, "%s%s", environment->home,
	    text_string(text_slice(argument, 1, argument.length), arena));
	return true;
}

static bool
read_file(struct text argument, const struct environment *environment, struct arena *arena,
    struct value *value, struct failure *why)
{
	if (text_has_control(argument))
		return refuse_control(why);
	return setting_read_path(argument, environment, arena, &value->text, why);
}

static bool
read_table(struct text argument, const struct environment *environment, struct arena *arena,
    struct value *value, struct failure *why)
{
	enum table_source_kind kind;
	struct text written;
	const char *path;

	if (text_has_control(argument))
		return refuse_control(why);
	if (!table_source_read(argument, &kind, &written, why)
	    || !setting_read_path(written, environment, arena, &path, why))
		return false;
	value->text = table_source_name(kind, path, arena);
	return true;
}

static bool
read_text(struct text argument, struct arena *arena, struct value *value, struct failure *why)
{
	if (!is_clean(argument))
		return refuse_control(why);
	value->text = text_string(argument, arena);
	return true;
}

static bool
read_switch(struct text argument, struct arena *arena, struct value *value, struct failure *why)
{
	if (argument.length == 0 || text_is(argument, "on")) {
		*value = (struct value){ .text = "on", .number = 1 };
		return true;
	}
	if (text_is(argument, "off")) {
		*value = (struct value){ .text = "off", .number = 0 };
		return true;
	}
	fail(why, EX_CONFIG, "'%s' is neither on nor off", shown(argument, arena));
	return failure_hint(why, "write on or off, in lower case");
}

/* What an empty argument means: auto, or on, where that is one of the choices. */
static struct text
usual_choice(const char *const *choices)
{
	struct text usual = text_of(NULL);

	for (size_t i = 0; choices[i] != NULL; i++) {
		if (strcmp(choices[i], "auto") == 0)
			return text_of("auto");
		if (strcmp(choices[i], "on") == 0)
			usual = text_of("on");
	}
	return usual;
}

static bool
refuse_choice(
    const struct setting *setting, struct text argument, struct arena *arena, struct failure *why)
{
	fail(why, EX_CONFIG, "'%s' is none of %s", shown(argument, arena), setting->argument);
	return failure_hint(why, "write one of these words, in lower case");
}

static bool
read_choice(const struct setting *setting, struct text argument, struct arena *arena,
    struct value *value, struct failure *why)
{
	struct text word = argument.length == 0 ? usual_choice(setting->choices) : argument;

	for (size_t i = 0; setting->choices[i] != NULL; i++) {
		if (!text_is(word, setting->choices[i]))
			continue;
		value->text = setting->choices[i];
		value->number = (int64_t)i;
		return true;
	}
	return refuse_choice(setting, argument, arena, why);
}

static bool
read_number(const struct setting *setting, struct text argument, struct arena *arena,
    struct value *value, struct failure *why)
{
	/* Blanks that quotes kept mean nothing here, as in msmtp. */
	if (!text_number(text_trim(argument), setting->min, setting->max, &value->number)) {
		fail(why, EX_CONFIG, "'%s' is not a number from %lld to %lld",
		    shown(argument, arena), (long long)setting->min, (long long)setting->max);
		return failure_hint(why, "only the number may stand there, no comment behind it");
	}
	value->text = arena_print(arena, "%lld", (long long)value->number);
	return true;
}

static int64_t
factor_of(char letter, bool time)
{
	const struct unit *units = time ? time_units : size_units;
	size_t count = time ? COUNT_OF(time_units) : COUNT_OF(size_units);

	for (size_t i = 0; i < count; i++)
		if (units[i].letter == text_lower(letter))
			return units[i].factor;
	return 0;
}

bool
setting_read_amount(struct text argument, bool time, int64_t *number)
{
	int64_t max = time ? SECONDS_MAX : INT64_MAX;
	int64_t factor;

	/* Whole first: the d of 0x1d is a digit, not days. */
	if (text_number(argument, 1, max, number))
		return true;
	if (argument.length < 2)
		return false;
	factor = factor_of(argument.bytes[argument.length - 1], time);
	if (factor == 0
	    || !text_number(text_slice(argument, 0, argument.length - 1), 1, max / factor, number))
		return false;
	*number *= factor;
	return true;
}

static bool
read_amount(const struct setting *setting, struct text argument, struct arena *arena,
    struct value *value, struct failure *why)
{
	bool time = setting->type == SETTING_IS_TIME;

	if (setting->may_be_empty && (text_is(argument, "off") || text_is(argument, "none")))
		return true;
	if (!setting_read_amount(argument, time, &value->number)) {
		fail(why, EX_CONFIG, "'%s' is no %s", shown(argument, arena),
		    time ? "time" : "size");
		return failure_hint(why, "write a number, with %s if you like",
		    time ? "s, m, h or d behind it" : "K, M or G behind it");
	}
	value->text = text_string(argument, arena);
	return true;
}

static bool
read_special(const struct setting *setting, struct text argument, struct arena *arena,
    struct value *value, struct failure *why)
{
	assert(setting->read != NULL);
	return setting->read(argument, arena, value, why);
}

static bool
read_typed(const struct setting *setting, struct text argument,
    const struct environment *environment, struct arena *arena, struct value *value,
    struct failure *why)
{
	switch (setting->type) {
	case SETTING_IS_SWITCH:
		return read_switch(argument, arena, value, why);
	case SETTING_IS_CHOICE:
		return read_choice(setting, argument, arena, value, why);
	case SETTING_IS_FILE:
		return read_file(argument, environment, arena, value, why);
	case SETTING_IS_TABLE:
		return read_table(argument, environment, arena, value, why);
	case SETTING_IS_NUMBER:
		return read_number(setting, argument, arena, value, why);
	case SETTING_IS_SIZE:
	case SETTING_IS_TIME:
		return read_amount(setting, argument, arena, value, why);
	case SETTING_IS_SPECIAL:
		return read_special(setting, argument, arena, value, why);
	case SETTING_IS_SECRET:
		value->text = secret_veil(argument, arena);
		return true;
	case SETTING_IS_TEXT:
	case SETTING_IS_PATTERN:
		break;
	}
	return read_text(argument, arena, value, why);
}

bool
setting_read_has_usual(const struct setting *setting)
{
	return setting->type == SETTING_IS_SWITCH || setting->id == SETTING_AUTH
	    || setting->id == SETTING_SYSLOG
	    || (setting->type == SETTING_IS_CHOICE && usual_choice(setting->choices).length > 0);
}

bool
setting_read(const struct setting *setting, struct text argument,
    const struct environment *environment, struct arena *arena, struct value *value,
    struct failure *why)
{
	struct value read = { 0 };

	if (argument.length == 0 && !setting_read_has_usual(setting) && !setting->may_be_empty) {
		fail(why, EX_CONFIG, "'%s' needs an argument", setting->name);
		return failure_hint(why, "%s %s", setting->name, setting->argument);
	}
	if (argument.length == 0 && setting->may_be_empty) {
		*value = (struct value){ .set = true };
		return true;
	}
	if (!read_typed(setting, argument, environment, arena, &read, why))
		return failure_in(why, FAILURE_CONFIG);
	read.set = true;
	*value = read;
	return true;
}
