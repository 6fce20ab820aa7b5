/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/options.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/environment.h"

#define WORDS_MAX 24

static struct arena *arena;
static struct environment environment = { .home = "/home/joe", .user = "joe" };
static struct invocation invocation;
static struct failure why;

static void
open_arena(void)
{
	arena = arena_open();
}

static void
close_arena(void)
{
	arena_close(arena);
}

TestSuite(options, .init = open_arena, .fini = close_arena);

/* NULL-ended words, the program's name first. */
static bool
read_words(const char *const *words)
{
	char *argv[WORDS_MAX + 1] = { NULL };
	int argc = 0;

	for (; words[argc] != NULL && argc < WORDS_MAX; argc++)
		argv[argc] = arena_string(arena, words[argc]);
	memset(&invocation, 0, sizeof invocation);
	memset(&why, 0, sizeof why);
	return options_read(argc, argv, &environment, arena, &invocation, &why);
}

/* The words of a line, separated by single blanks; '' is an empty one. */
static bool
read_line(const char *line)
{
	const char *words[WORDS_MAX + 1] = { "relay" };
	struct text rest = text_of(line);
	size_t count = 1;

	for (;;) {
		struct text word = text_word(&rest, '\0');

		if (word.length == 0)
			break;
		cr_assert_lt(count, WORDS_MAX);
		words[count++] = text_is(word, "''") ? "" : text_string(word, arena);
	}
	return read_words(words);
}

static const char *
recipients(void)
{
	struct buffer all = buffer_open(0);
	const char *result;

	for (size_t i = 0; i < invocation.recipient_count; i++)
		(void)buffer_print(&all, "%s%s", i == 0 ? "" : "|", invocation.recipients[i]);
	result = text_string(buffer_text(&all), arena);
	buffer_close(&all);
	return result;
}

static const char *
or_dash(const char *text)
{
	return text == NULL ? "-" : text;
}

/* The calls that were recorded from the programs (the manual's table of callers). */
Test(options, reads_what_callers_of_sendmail_write)
{
	static const struct {
		const char *line;
		const char *recipients;
		const char *sender;    /* "-": none given */
		const char *full_name; /* "-": none */
		bool t;
		bool i;
	} rows[] = {
		{ "-FCronDaemon -i -B8BITMIME -oem a,b", "a,b", "-", "CronDaemon", false, true },
		{ "-FCronDaemon -i -odi -oem -oi -t -f root", "", "root", "CronDaemon", true,
		    true },
		{ "-FCronDaemon -odi -oem -or0s joe", "joe", "-", "CronDaemon", false, false },
		{ "-ti", "", "-", "-", true, true },
		{ "-it", "", "-", "-", true, true },
		{ "-FAnacron -odi joe", "joe", "-", "Anacron", false, false },
		{ "-t", "", "-", "-", true, false },
		{ "-oi -f from@x to@y", "to@y", "from@x", "-", false, true },
		{ "-F user to@y", "to@y", "-", "user", false, false },
		{ "-t -ffax -oi", "", "fax", "-", true, true },
		{ "-t -i -oi -fa@b -t", "", "a@b", "-", true, true },
		{ "-oi -fa@b -- c@d e@f", "c@d|e@f", "a@b", "-", false, true },
		{ "-i -f a@b c@d", "c@d", "a@b", "-", false, true },
		{ "-f a@b -i c@d", "c@d", "a@b", "-", false, true },
		{ "-f a@b -it", "", "a@b", "-", true, true },
		{ "-bm -t", "", "-", "-", true, false },
		{ "-oem -oi -B8BITMIME -N failure,delay -R hdrs -- c@d", "c@d", "-", "-", false,
		    true },
		{ "-i -r a@b c@d", "c@d", "a@b", "-", false, true },
		{ "-i -t -m -v", "", "-", "-", true, true },
		{ "-oi -f '' c@d", "c@d", "", "-", false, true },
		{ "-t -f ''", "", "", "-", true, false },
		{ "-i -f <> -- c@d", "c@d", "<>", "-", false, true },
		{ "-oee -odq -fa@b -pNNTP:host c@d", "c@d", "a@b", "-", false, false },
		{ "-oi -odi -oem -N success,delay,failure -V12345678 -f a@b -- c", "c", "a@b", "-",
		    false, true },
		{ "-oi -t -ODeliveryMode=b -OErrorMode=m", "", "-", "-", true, true },
		{ "-O DeliveryMode=b c", "c", "-", "-", false, false },
		{ "-oitrue c", "c", "-", "-", false, true },
		{ "-oifalse c", "c", "-", "-", false, false },
		{ "-oA /etc/aliases c", "c", "-", "-", false, false },
		{ "-oA/etc/aliases c", "c", "-", "-", false, false },
		{ "-Ac -Am -L tag -h 3 -U -G -n -s -c -x -e m -em c", "m|c", "-", "-", false,
		    false },
		{ "c -f a@b d -i", "c|d", "a@b", "-", false, true },
		{ "--from=a@b --read-recipients", "", "a@b", "-", true, false },
		{ "--from a@b c", "c", "a@b", "-", false, false },
		{ "- c", "-|c", "-", "-", false, false },
		{ "'' c", "|c", "-", "-", false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert(read_line(rows[i].line), "%s: %s", rows[i].line, why.what);
		cr_assert_eq(invocation.mode, OPTIONS_SEND, "%s", rows[i].line);
		cr_assert_str_eq(recipients(), rows[i].recipients, "%s", rows[i].line);
		cr_assert_str_eq(or_dash(invocation.sender), rows[i].sender, "%s", rows[i].line);
		cr_assert_eq(invocation.has_sender, invocation.sender != NULL, "%s", rows[i].line);
		cr_assert_str_eq(
		    or_dash(invocation.full_name), rows[i].full_name, "%s", rows[i].line);
		cr_assert_eq(invocation.read_recipients, rows[i].t, "%s", rows[i].line);
		cr_assert_eq(invocation.keep_dots, rows[i].i, "%s", rows[i].line);
	}
}

/* F180 */
Test(options, chooses_the_mode)
{
	static const struct {
		const char *line;
		enum options_mode mode;
	} rows[] = {
		{ "-bp", OPTIONS_MAILQ },
		{ "-b p", OPTIONS_MAILQ },
		{ "-bi", OPTIONS_NEWALIASES },
		{ "-I", OPTIONS_NEWALIASES },
		{ "-q", OPTIONS_FLUSH },
		{ "-qf", OPTIONS_FLUSH },
		{ "-q15m", OPTIONS_FLUSH },
		{ "-qRdomain", OPTIONS_FLUSH },
		{ "--flush", OPTIONS_FLUSH },
		{ "-bh", OPTIONS_MAILQ },
		{ "-P", OPTIONS_PRETEND },
		{ "--pretend --json", OPTIONS_PRETEND },
		{ "--check", OPTIONS_CHECK },
		{ "--json --check=work", OPTIONS_CHECK },
		{ "--serverinfo", OPTIONS_SERVERINFO },
		{ "-S", OPTIONS_SERVERINFO },
		{ "--configure a@b", OPTIONS_CONFIGURE },
		{ "-P -bm x", OPTIONS_PRETEND },
		{ "--explain x", OPTIONS_EXPLAIN },
		{ "-bv x", OPTIONS_EXPLAIN },
		{ "-bv --json x", OPTIONS_EXPLAIN },
		{ "--help", OPTIONS_HELP },
		{ "--version", OPTIONS_VERSION },
		{ "--version -bp", OPTIONS_VERSION },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert(read_line(rows[i].line), "%s: %s", rows[i].line, why.what);
		cr_assert_eq(invocation.mode, rows[i].mode, "%s", rows[i].line);
	}
}

Test(options, takes_what_is_to_be_looked_at_glued_or_apart)
{
	cr_assert(read_line("--check=work home"));
	cr_assert_str_eq(recipients(), "work|home");
	cr_assert(read_line("--check work"));
	cr_assert_str_eq(recipients(), "work");
	cr_assert(read_line("--configure=a@b"));
	cr_assert_str_eq(recipients(), "a@b");
	cr_assert(read_line("--configure a@b"));
	cr_assert_str_eq(recipients(), "a@b");
}

Test(options, never_takes_the_next_word_for_a_queue_interval)
{
	cr_assert(read_line("-q root"));
	cr_assert_str_eq(recipients(), "root");
}

Test(options, chooses_the_mode_by_the_programs_name)
{
	static const struct {
		const char *program;
		enum options_mode mode;
	} rows[] = {
		{ "/usr/bin/mailq", OPTIONS_MAILQ },
		{ "mailq", OPTIONS_MAILQ },
		{ "/usr/bin/newaliases", OPTIONS_NEWALIASES },
		{ "hoststat", OPTIONS_MAILQ },
		{ "/usr/sbin/sendmail", OPTIONS_SEND },
		{ "send-mail", OPTIONS_SEND },
		{ "mailq/", OPTIONS_SEND },
		{ "", OPTIONS_SEND },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *const words[] = { rows[i].program, "-v", NULL };

		cr_assert(read_words(words), "%s: %s", rows[i].program, why.what);
		cr_assert_eq(invocation.mode, rows[i].mode, "%s", rows[i].program);
		cr_assert(invocation.verbose, "%s", rows[i].program);
	}
}

/* F256 */
Test(options, refuses_to_run_without_a_name)
{
	char *argv[] = { NULL };

	cr_assert(!options_read(0, argv, &environment, arena, &invocation, &why));
	cr_assert_eq(why.code, EX_USAGE);
	cr_assert_eq(why.stage, FAILURE_USAGE);
}

Test(options, takes_the_files_to_import)
{
	cr_assert(read_line("--import /etc/ssmtp main.cf"));
	cr_assert_eq(invocation.mode, OPTIONS_IMPORT);
	cr_assert_eq(invocation.recipient_count, 2);
	cr_assert_str_eq(invocation.recipients[1], "main.cf");
	cr_assert(read_line("--import=/etc/ssmtp"));
	cr_assert_str_eq(invocation.recipients[0], "/etc/ssmtp");
}

/* F180 */
Test(options, refuses_with_the_name_of_the_option)
{
	static const struct {
		const char *line;
		const char *what;
	} rows[] = {
		{ "-Z", "unknown option '-Z'" },
		{ "-tZ", "unknown option '-Z'" },
		{ "--nope=secret", "unknown or ambiguous option '--nope'" },
		{ "--tls-c x", "unknown or ambiguous option '--tls-c'" },
		{ "-f", "an argument is missing behind '-f'" },
		{ "--user", "an argument is missing behind '--user'" },
		{ "--json=1", "no argument is taken by option '--json'" },
		{ "-bs", "option '-bs' (SMTP on standard input) is not yet supported" },
		{ "-bd -q30m", "option '-bd' (daemon): relay has none to start" },
		{ "-bt", "option '-bt' (address test mode) is not supported: see --explain" },
		{ "-bS", "unknown option '-bS'" },
		{ "-bP", "unknown option '-bP'" },
		{ "-bpp", "unknown option '-bpp'" },
		{ "-D/tmp/x", "option '-D' is not supported" },
		{ "-M 1", "option '-M' is not supported" },
		{ "-T", "unknown option '-T'" },
		{ "--configure", "an argument is missing behind '--configure'" },
		{ "--serverinfo=a", "no argument is taken by option '--serverinfo'" },
		{ "-N bad", "'bad' is no condition for a notice" },
		{ "-R some", "'some' is none of off|headers|full" },
		{ "--port=0", "'0' is not a number from 1 to 65535" },
		{ "--tls=yes", "'yes' is neither on nor off" },
		{ "--host=h -a x", "'--account' and '--host' exclude each other" },
		{ "-f a --read-envelope-from",
		    "'--from' and '--read-envelope-from' exclude each other" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert(!read_line(rows[i].line), "%s", rows[i].line);
		cr_assert_str_eq(why.what, rows[i].what, "%s", rows[i].line);
		cr_assert_eq(why.code, EX_USAGE, "%s", rows[i].line);
		cr_assert_eq(why.stage, FAILURE_USAGE, "%s", rows[i].line);
		cr_assert(!why.temporary, "%s", rows[i].line);
	}
}

/* F101: as an abbreviation of --passwordeval it would be run, and shown by ps. */
Test(options, takes_no_password)
{
	static const char *const lines[] = { "--password=hunter2", "--password hunter2",
		"--pass=hunter2", "--passw hunter2", "--passwordfile=hunter2",
		"x --passwd=hunter2" };

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		cr_assert(!read_line(lines[i]), "%s", lines[i]);
		cr_assert_eq(why.code, EX_USAGE, "%s", lines[i]);
		cr_assert_str_eq(why.what, "no option takes a password: every user could see it");
		cr_assert_null(strstr(why.hint, "hunter2"), "%s", lines[i]);
	}
	cr_assert(read_line("--passwordeval=pass"));
	cr_assert(read_line("-- --password"));
}

/* F178 */
Test(options, takes_words_behind_two_dashes_for_addresses)
{
	cr_assert(read_line("-- -oQ/tmp -X/tmp/x -C/etc/shadow --"), "%s", why.what);
	cr_assert_str_eq(recipients(), "-oQ/tmp|-X/tmp/x|-C/etc/shadow|--");
	cr_assert_null(invocation.config_file);
	cr_assert(!invocation.values[SETTING_LOGFILE].set);
}

/* F178 F179 */
Test(options, ignores_the_option_for_another_queue)
{
	cr_assert(read_line("-oQ/tmp -OQueueDirectory=/tmp c"), "%s", why.what);
	cr_assert(!invocation.values[SETTING_QUEUE_DIRECTORY].set);
}

/* F179 */
Test(options, names_no_log_file_with_privileges)
{
	environment.privileged = true;
	cr_assert(!read_line("-X /tmp/x c"));
	cr_assert_eq(why.code, EX_USAGE);
	cr_assert(!read_line("--logfile=/tmp/x c"));
	environment.privileged = false;
	cr_assert(read_line("-X ~/x c"), "%s", why.what);
	cr_assert_str_eq(invocation.values[SETTING_LOGFILE].text, "/home/joe/x");
}

Test(options, ends_options_at_no_word_whatever_the_environment_says)
{
	cr_assert_eq(setenv("POSIXLY_CORRECT", "1", 1), 0);
	cr_assert(read_line("root -f me"));
	cr_assert_str_eq(recipients(), "root");
	cr_assert_str_eq(invocation.sender, "me");
}

Test(options, reads_an_argument_that_misses_its_last_word)
{
	cr_assert(read_line("c -oA"), "%s", why.what);
	cr_assert_str_eq(recipients(), "c");
	cr_assert(!read_line("c -F"));
	cr_assert_str_eq(why.what, "an argument is missing behind '-F'");
}

Test(options, limits_the_envelope_id)
{
	const char *const good[] = { "relay", "-V", "12345678", NULL };
	const char *const control[] = { "relay", "-V", "a\nb", NULL };
	const char *const eight[] = { "relay", "-V", "\xc3\xa9", NULL };
	char id[102];
	const char *const longer[] = { "relay", "-V", id, NULL };

	memset(id, 'a', sizeof id - 1);
	id[sizeof id - 1] = '\0';
	cr_assert(read_words(good));
	cr_assert_str_eq(invocation.envelope_id, "12345678");
	cr_assert(!read_words(control));
	cr_assert_eq(why.code, EX_USAGE);
	cr_assert(!read_words(eight));
	cr_assert(!read_words(longer));
	id[100] = '\0';
	cr_assert(read_words(longer));
}

Test(options, sets_settings)
{
	static const struct {
		const char *line;
		enum setting_id id;
		const char *text; /* "-": set to nothing */
	} rows[] = {
		{ "--host=h:25", SETTING_HOST, "h:25" },
		{ "--host h", SETTING_HOST, "h" },
		{ "--port=0x19", SETTING_PORT, "25" },
		{ "--tls", SETTING_TLS, "on" },
		{ "--tls=off", SETTING_TLS, "off" },
		{ "--auth", SETTING_AUTH, "on" },
		{ "--auth=plain,LOGIN", SETTING_AUTH, "plain login" },
		{ "--user=", SETTING_USER, "-" },
		{ "--syslog", SETTING_SYSLOG, "LOG_USER" },
		{ "--set-from-header", SETTING_SET_FROM_HEADER, "auto" },
		{ "--ti=5", SETTING_TIMEOUT, "5" },
		{ "-N never", SETTING_DSN_NOTIFY, "never" },
		{ "-Nfailure", SETTING_DSN_NOTIFY, "failure" },
		{ "-R hdrs", SETTING_DSN_RETURN, "headers" },
		{ "-Rfull", SETTING_DSN_RETURN, "full" },
		{ "--aliases=~/a", SETTING_ALIASES, "/home/joe/a" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct value *value = &invocation.values[rows[i].id];

		cr_assert(read_line(rows[i].line), "%s: %s", rows[i].line, why.what);
		cr_assert(value->set, "%s", rows[i].line);
		cr_assert_null(value->file, "%s", rows[i].line);
		cr_assert_str_eq(or_dash(value->text), rows[i].text, "%s", rows[i].line);
	}
}

Test(options, puts_settings_over_an_accounts)
{
	struct account *account = account_new("a", arena);

	cr_assert(read_line("--port=26 --user="));
	account->values[SETTING_USER] = (struct value){ .set = true, .text = "joe", .file = "rc" };
	account->values[SETTING_DOMAIN] = (struct value){ .set = true, .text = "d", .file = "rc" };
	options_apply(&invocation, account);
	cr_assert_eq(account_number(account, SETTING_PORT), 26);
	cr_assert_null(account_text(account, SETTING_USER));
	cr_assert_str_eq(account_text(account, SETTING_DOMAIN), "d");
	cr_assert_str_eq(account_where(account, SETTING_PORT, arena), "the command line");
}

Test(options, reads_the_rest_of_its_own)
{
	cr_assert(read_line("-C rc -a work -v -d --pretend --json -dX9"), "%s", why.what);
	cr_assert_str_eq(invocation.config_file, "rc");
	cr_assert_str_eq(invocation.account, "work");
	cr_assert(invocation.verbose && invocation.debug && invocation.json);
	cr_assert(read_line("--file=rc --account=work --debug --verbose --read-envelope-from"));
	cr_assert_str_eq(invocation.config_file, "rc");
	cr_assert_str_eq(invocation.account, "work");
	cr_assert(invocation.read_sender);
}

Test(options, tells_its_version)
{
	struct buffer words = buffer_open(0);

	options_version(&words);
	cr_assert(text_starts_fold(buffer_text(&words), "relay "));
	buffer_close(&words);
}

Test(options, wants_something_to_look_at_with_json)
{
	cr_assert_not(read_line("--json a@b"));
	cr_assert_eq(why.code, EX_USAGE);
	cr_assert_str_eq(why.what, "'--json' goes with '--pretend', '--explain' and '--check'");
	cr_expect_not(read_line("-bi --json"));
	cr_expect_eq(why.code, EX_USAGE);
	cr_expect_not(read_line("--configure a@b --json"));
}
