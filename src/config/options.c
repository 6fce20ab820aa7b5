/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/options.h"

#include <getopt.h>
#include <string.h>

#include "base/arena.h"
#include "base/environment.h"
#include "config/options_table.h"
#include "config/options_take.h"
#include "config/setting_read.h"

/* What getopt_long() returns for a word that is no option, and for long options: the
 * place in the table, or of the setting, above all letters. */
#define OPERAND 1
#define ROW_BASE 0x100
#define SETTING_BASE 0x1000

#define MISSING_ARGUMENT ':'

struct reading {
	int argc;
	const struct environment *environment;
	struct arena *arena;
	struct invocation *invocation;
	const struct options_row *rows;
	size_t row_count;
	struct option *long_options;
	char *letters;
};

static const struct program {
	const char *name;
	enum options_mode mode;
} programs[] = {
	{ "mailq", OPTIONS_MAILQ },
	{ "newaliases", OPTIONS_NEWALIASES },
	{ "hoststat", OPTIONS_MAILQ },
	{ "purgestat", OPTIONS_MAILQ },
};

static enum options_mode
program_mode(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;

	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
		if (strcmp(name, programs[i].name) == 0)
			return programs[i].mode;
	return OPTIONS_SEND;
}

static void
add_letter(char *letters, size_t *used, char letter, const char *colons)
{
	if (letter == 0)
		return;
	letters[(*used)++] = letter;
	for (; *colons != '\0'; colons++)
		letters[(*used)++] = *colons;
}

/* Begins with "-:": words that are no options come in their place whatever
 * POSIXLY_CORRECT says, and a missing argument is told from an unknown option. */
static void
make_letters(struct reading *reading)
{
	static const char *const colons[] = {
		[OPTIONS_ALONE] = "",
		[OPTIONS_NEEDED] = ":",
		[OPTIONS_GLUED] = "::",
	};
	size_t used = 0;

	reading->letters = arena_zero(reading->arena, 3 + 3 * (reading->row_count + SETTING_COUNT));
	reading->letters[used++] = '-';
	reading->letters[used++] = ':';
	for (size_t i = 0; i < reading->row_count; i++)
		add_letter(reading->letters, &used, reading->rows[i].letter,
		    colons[reading->rows[i].form]);
	for (size_t i = 0; i < SETTING_COUNT; i++)
		add_letter(reading->letters, &used, setting_row((enum setting_id)i)->letter, ":");
}

static void
make_long_options(struct reading *reading)
{
	static const int forms[] = {
		[OPTIONS_ALONE] = no_argument,
		[OPTIONS_NEEDED] = required_argument,
		[OPTIONS_GLUED] = optional_argument,
	};
	struct option *option = arena_array(
	    reading->arena, reading->row_count + SETTING_COUNT + 1, sizeof *option);

	reading->long_options = option;
	for (size_t i = 0; i < reading->row_count; i++)
		if (reading->rows[i].name != NULL)
			*option++ = (struct option){ reading->rows[i].name,
				forms[reading->rows[i].form], NULL, ROW_BASE + (int)i };
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		const struct setting *setting = setting_row((enum setting_id)i);
		int form = setting_read_has_usual(setting) ? optional_argument : required_argument;

		if (setting->flag != NULL)
			*option++ = (struct option){ setting->flag, form, NULL,
				SETTING_BASE + (int)i };
	}
}

/* By its letter or by what stands in the long options; NULL: none. */
static const struct options_row *
find_row(const struct reading *reading, int code)
{
	if (code >= ROW_BASE && code < SETTING_BASE)
		return &reading->rows[code - ROW_BASE];
	for (size_t i = 0; i < reading->row_count; i++)
		if (reading->rows[i].letter != 0 && reading->rows[i].letter == code)
			return &reading->rows[i];
	return NULL;
}

static const struct setting *
find_setting(int code)
{
	if (code >= SETTING_BASE)
		return setting_row((enum setting_id)(code - SETTING_BASE));
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		const struct setting *setting = setting_row((enum setting_id)i);

		if (setting->letter != 0 && setting->letter == code)
			return setting;
	}
	return NULL;
}

static bool
refuse_setting(const struct setting *setting, struct failure *why)
{
	why->code = EX_USAGE;
	why->temporary = false;
	why->stage = FAILURE_USAGE;
	return failure_at(why, "--%s", setting->flag);
}

static bool
take_setting(const struct reading *reading, const struct setting *setting, const char *argument,
    struct failure *why)
{
	struct value *value = &reading->invocation->values[setting->id];

	/* sendmail's word for it */
	if (setting->id == SETTING_DSN_RETURN && strcmp(argument, "hdrs") == 0)
		argument = "headers";
	if (setting->id == SETTING_LOGFILE && reading->environment->privileged)
		fail(why, EX_USAGE, "no log file may be named with privileges");
	else if (setting_read(setting, text_of(argument), reading->environment, reading->arena,
		     value, why)) {
		if (setting_is_expanded(setting))
			value->text = account_expand(
			    value->text, reading->environment, reading->arena);
		return true;
	}
	return refuse_setting(setting, why);
}

static bool
take_row(const struct reading *reading, const struct options_row *row, const char *argument,
    bool *takes_next, struct failure *why)
{
	struct options_call call = {
		.invocation = reading->invocation,
		.row = row,
		.argument = argument,
	};

	if (row->take != NULL && !row->take(&call, why))
		return failure_in(why, FAILURE_USAGE);
	*takes_next = call.takes_next;
	return true;
}

/* The word without what is attached to it, which may be a secret. */
static bool
refuse_word(const char *word, const char *problem, struct failure *why)
{
	struct text name = text_slice(text_of(word), 0, text_find(text_of(word), '='));

	fail(why, EX_USAGE, "%s '%.*s'", problem, (int)(name.length > 60 ? 60 : name.length),
	    name.bytes);
	failure_hint(why, "see relay --help; an address that begins with '-' is given after --");
	return failure_in(why, FAILURE_USAGE);
}

static bool
refuse_letter(int letter, const char *problem, struct failure *why)
{
	const char word[] = { '-', (char)letter, '\0' };

	return refuse_word(word, problem, why);
}

static bool
refuse_unknown(const char *word, struct failure *why)
{
	if (optopt >= ROW_BASE)
		return refuse_word(word, "no argument is taken by option", why);
	if (optopt != 0)
		return refuse_letter(optopt, "unknown option", why);
	return refuse_word(word, "unknown or ambiguous option", why);
}

static bool
refuse_missing(const char *word, struct failure *why)
{
	if (optopt >= ROW_BASE)
		return refuse_word(word, "an argument is missing behind", why);
	return refuse_letter(optopt, "an argument is missing behind", why);
}

/* One return of getopt_long(). */
static bool
take(const struct reading *reading, int code, const char *word, struct failure *why)
{
	const struct options_row *row = find_row(reading, code);
	const struct setting *setting = find_setting(code);
	bool takes_next = false;

	if (code == OPERAND) {
		reading->invocation->recipients[reading->invocation->recipient_count++] = optarg;
		return true;
	}
	if (code == MISSING_ARGUMENT)
		return refuse_missing(word, why);
	if (setting != NULL)
		return take_setting(reading, setting, optarg, why);
	if (row == NULL)
		return refuse_unknown(word, why);
	if (!take_row(reading, row, optarg, &takes_next, why))
		return false;
	if (takes_next && optind < reading->argc)
		optind++;
	return true;
}

/* getopt_long() takes the beginning of a name for the name, so `--password=x` would
 * run x as --passwordeval: every user can see it by then, but nothing else happens. */
static bool
check_passwords(int argc, char *const argv[], struct failure *why)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		struct text word = text_of(argv[i]);
		struct text name = text_slice(word, 0, text_find(word, '='));

		if (!text_is(text_slice(name, 0, 6), "--pass") || text_is(name, "--passwordeval"))
			continue;
		fail(why, EX_USAGE, "no option takes a password: every user could see it");
		failure_hint(why, "use passwordeval, passwordfile or password in relayrc");
		return failure_in(why, FAILURE_USAGE);
	}
	return true;
}

static bool
check_together(const struct invocation *invocation, struct failure *why)
{
	if (invocation->account != NULL && invocation->values[SETTING_HOST].set)
		fail(why, EX_USAGE, "'--account' and '--host' exclude each other");
	else if (invocation->has_sender && invocation->read_sender)
		fail(why, EX_USAGE, "'--from' and '--read-envelope-from' exclude each other");
	else if (invocation->json
	    && (invocation->mode == OPTIONS_SEND || invocation->mode == OPTIONS_NEWALIASES
		|| invocation->mode == OPTIONS_IMPORT || invocation->mode == OPTIONS_CONFIGURE))
		/* Who asks for JSON is looking, and would not expect the mail to go; nor would his
		 * program read a text. */
		fail(why, EX_USAGE, "'--json' goes with '--pretend', '--explain' and '--check'");
	else
		return true;
	return failure_in(why, FAILURE_USAGE);
}

static bool
read_words(const struct reading *reading, char *const argv[], struct failure *why)
{
	struct invocation *invocation = reading->invocation;
	int argc = reading->argc;

	/* Zero makes getopt_long() forget an earlier run. */
	optind = 0;
	opterr = 0;
	for (;;) {
		int code = getopt_long(argc, argv, reading->letters, reading->long_options, NULL);

		if (code == -1)
			break;
		if (!take(reading, code, argv[optind - 1], why))
			return false;
	}
	while (optind < argc)
		invocation->recipients[invocation->recipient_count++] = argv[optind++];
	return true;
}

bool
options_read(int argc, char *const argv[], const struct environment *environment,
    struct arena *arena, struct invocation *invocation, struct failure *why)
{
	struct invocation result = { 0 };
	struct reading reading = {
		.argc = argc,
		.environment = environment,
		.arena = arena,
		.invocation = &result,
	};

	if (argc < 1 || argv[0] == NULL) {
		fail(why, EX_USAGE, "called without a name of its own");
		return failure_in(why, FAILURE_USAGE);
	}
	result.mode = program_mode(argv[0]);
	result.recipients = arena_array(arena, (size_t)argc, sizeof *result.recipients);
	reading.rows = options_table_rows(&reading.row_count);
	make_letters(&reading);
	make_long_options(&reading);
	if (!check_passwords(argc, argv, why) || !read_words(&reading, argv, why)
	    || !check_together(&result, why))
		return false;
	*invocation = result;
	return true;
}

void
options_apply(const struct invocation *invocation, struct account *account)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (invocation->values[i].set)
			account->values[i] = invocation->values[i];
}
