/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config_lines.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/environment.h"

static const struct environment environment = { .user = "joe",
	.host = "box.example",
	.home = "/home/joe",
	.full_name = "",
	.system_directory = "/nonexistent" };

static struct arena *arena;

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

TestSuite(config_lines, .init = open_arena, .fini = close_arena);

static struct config
parsed_bytes(struct text bytes, bool system, bool safe)
{
	struct config config = { 0 };

	config_parse("rc", bytes, system, safe, &environment, arena, &config);
	return config;
}

static struct config
parsed(const char *content)
{
	return parsed_bytes(text_of(content), false, true);
}

/* Every remark as "F where: what" or "A where: what", one a line. */
static const char *
remarks(const struct config *config)
{
	struct buffer all = buffer_open(0);
	const char *result;

	for (size_t i = 0; i < config->remark_count; i++)
		(void)buffer_print(&all, "%s %s: %s\n", config->remarks[i].fault ? "F" : "A",
		    config->remarks[i].why.where, config->remarks[i].why.what);
	result = text_string(buffer_text(&all), arena);
	buffer_close(&all);
	return result;
}

static const char *
value_of(const struct config *config, const char *account, enum setting_id id)
{
	const struct account *found = account_find(&config->accounts, account);
	const char *text;

	cr_assert_not_null(found, "no account %s", account);
	text = account_text(found, id);
	return text == NULL ? "-" : text;
}

Test(config_lines, reads_one_argument_in_every_form)
{
	static const struct {
		const char *label;
		const char *line;
		const char *expected;
	} rows[] = {
		{ "plain", "user joe", "joe" },
		{ "tabs and blanks around", "\t user \t joe doe \t ", "joe doe" },
		{ "carriage return", "user joe\r", "joe" },
		{ "quotes", "user \" joe \"", " joe " },
		{ "quotes inside", "user \"a\" b\"", "a\" b" },
		{ "a quote alone", "user \"a", "\"a" },
		{ "one quote", "user \"", "\"" },
		{ "empty quotes", "user \"\"", "-" },
		{ "nothing", "user", "-" },
		{ "a backslash inside", "user a\\\"b", "a\\\"b" },
		{ "a hash without a blank", "user a#b", "a#b" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct config config = parsed(arena_print(arena, "host h\n%s", rows[i].line));

		cr_assert_str_eq(remarks(&config), "", "%s", rows[i].label);
		cr_assert_str_eq(value_of(&config, "default", SETTING_USER), rows[i].expected, "%s",
		    rows[i].label);
	}
}

/* F204 */
Test(config_lines, passes_over_comments_blank_lines_and_a_byte_order_mark)
{
	struct config config = parsed("\xef\xbb\xbfhost h\r\n\r\n  # comment\n#\n \t\nport 26");

	cr_assert_str_eq(remarks(&config), "");
	cr_assert_str_eq(value_of(&config, "default", SETTING_HOST), "h");
	cr_assert_str_eq(value_of(&config, "default", SETTING_PORT), "26");
	cr_assert_eq(config.accounts.items[0]->values[SETTING_PORT].line, 6);
	cr_assert_str_eq(config.accounts.items[0]->values[SETTING_PORT].file, "rc");
}

/* F210 */
Test(config_lines, lists_every_fault_with_its_line)
{
	struct config config = parsed("host\nport 70000\nbogus x\ntls yes\nuser u\n");

	cr_assert_str_eq(remarks(&config),
	    "F rc:1: 'host' needs an argument\n"
	    "F rc:2: port: '70000' is not a number from 1 to 65535\n"
	    "F rc:3: unknown command 'bogus'\n"
	    "F rc:4: tls: 'yes' is neither on nor off\n");
	for (size_t i = 0; i < config.remark_count; i++) {
		cr_assert_eq(config.remarks[i].why.code, EX_CONFIG);
		cr_assert_eq(config.remarks[i].why.stage, FAILURE_CONFIG);
	}
	cr_assert_str_eq(config.remarks[3].why.hint, "write on or off, in lower case");
}

Test(config_lines, guesses_what_was_meant)
{
	struct config config = parsed("Port 25\nhots h\nfoo\ntls_nocertcheck on\n");

	cr_assert_str_eq(config.remarks[0].why.hint, "did you mean 'port'?");
	cr_assert_str_eq(config.remarks[1].why.hint, "did you mean 'host'?");
	cr_assert_str_eq(config.remarks[2].why.hint, "");
	cr_assert_str_eq(config.remarks[3].why.what, "'tls_nocertcheck' takes no argument");
}

Test(config_lines, reads_the_old_names)
{
	struct config config = parsed("host h\nkeepbcc\ntls_nocertcheck\nconnect_timeout 5\n"
				      "add_missing_date_header off\ntls_force_sslv3\n");

	cr_assert_str_eq(remarks(&config), "A rc:6: this command does nothing any more\n");
	cr_assert_str_eq(value_of(&config, "default", SETTING_REMOVE_BCC_HEADERS), "off");
	cr_assert_str_eq(value_of(&config, "default", SETTING_TLS_CERTCHECK), "off");
	cr_assert_str_eq(value_of(&config, "default", SETTING_TIMEOUT), "5");
	cr_assert_str_eq(value_of(&config, "default", SETTING_SET_DATE_HEADER), "off");
}

/* F204 */
/* The old name is of no use, but a command all the same. */
Test(config_lines, opens_the_default_account_for_a_name_that_does_nothing)
{
	struct config config = parsed("tls_force_sslv3\naccount default\n");

	cr_assert_str_eq(remarks(&config),
	    "A rc:1: this command does nothing any more\n"
	    "F rc:2: account 'default' was defined already\n");
}

Test(config_lines, replaces_what_stands_for_the_host_where_it_is_read)
{
	struct config config = parsed("from %%U@x\ndomain %U.%x\n");

	cr_assert_str_eq(value_of(&config, "default", SETTING_FROM), "%joe@x");
	cr_assert_str_eq(value_of(&config, "default", SETTING_DOMAIN), "joe.%x");
}

Test(config_lines, stops_at_bytes_that_are_no_text)
{
	struct config config = parsed_bytes(
	    text_make("host h\npo\0rt 25\nbogus\n", 21), false, true);

	cr_assert_str_eq(remarks(&config), "F rc:2: the line holds a NUL byte\n");
}

/* F204 */
Test(config_lines, refuses_a_line_over_its_maximum)
{
	size_t length = CONFIG_LINE_MAX + 3;
	char *bytes = arena_zero(arena, length);
	struct config config;

	memset(bytes, 'a', length);
	memcpy(bytes, "#\n", 2);
	config = parsed_bytes(text_make(bytes, length), false, true);
	cr_assert_str_eq(remarks(&config), "F rc:2: the line is longer than 65536 bytes\n");
	bytes[2] = '#';
	config = parsed_bytes(text_make(bytes, length - 1), false, true);
	cr_assert_str_eq(remarks(&config), "");
}

/* F204 F214: a binary file must not fill the memory with its faults. */
Test(config_lines, stops_listing_faults_at_some_point)
{
	struct buffer bytes = buffer_open(0);
	struct config config;

	for (int i = 0; i < 5000; i++)
		(void)buffer_add(&bytes, "bogus\n");
	config = parsed_bytes(buffer_text(&bytes), false, true);
	cr_assert_eq(config.remark_count, 101);
	cr_assert_str_eq(config.remarks[100].why.what, "more faults follow that are not listed");
	cr_assert(config.remarks[100].fault);
	buffer_close(&bytes);
}

/* F214 */
Test(config_lines, survives_any_byte_anywhere)
{
	static const char sample[] = "defaults\ntls on\naccount a\nhost h:25\nfrom \"x@y\"\n"
				     "account default : a\nport 26\n";

	for (size_t at = 0; at < sizeof sample - 1; at++)
		for (unsigned byte = 0; byte < 256; byte++) {
			char copy[sizeof sample];
			struct arena *brief = arena_open();
			struct config config = { 0 };

			memcpy(copy, sample, sizeof sample);
			copy[at] = (char)byte;
			config_parse("rc", text_make(copy, sizeof sample - 1), false, true,
			    &environment, brief, &config);
			cr_assert_leq(config.accounts.count, 4);
			arena_close(brief);
		}
}

Test(config_lines, advises_on_what_is_commonly_misread)
{
	static const struct {
		const char *content;
		const char *expected;
	} rows[] = {
		{ "user joe # me\n",
		    "A rc:1: the '#' begins no comment here: it is part of the argument\n" },
		{ "user joe\\\n",
		    "A rc:1: the backslash continues no line: it is part of the argument\n" },
		{ "from Joe <joe@x>\n", "A rc:1: from wants an address alone, without a name\n" },
		{ "port 25\nport 26\n",
		    "A rc:2: 'port' stood in line 1 already: this one counts\n" },
		{ "account a\naccount default : a\nport 25\nuser u\n",
		    "A rc:3: what follows 'account default : ...' holds for the default only, not "
		    "for the account it names\n" },
		{ "port 25\naccount a\nport 25\n", "" },
		{ "from a@x\nfrom b@x\n", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct config config = parsed(rows[i].content);

		cr_assert_str_eq(remarks(&config), rows[i].expected, "%s", rows[i].content);
	}
}

/* A password may hold " #": the advice must not show it. */
Test(config_lines, shows_no_password_in_what_it_says)
{
	struct config config = parsed_bytes(
	    text_of("password hunter2 # x\npasswort hunter2\n"), false, false);

	cr_assert_eq(config.remark_count, 3);
	for (size_t i = 0; i < config.remark_count; i++) {
		cr_assert_null(strstr(config.remarks[i].why.what, "hunter2"));
		cr_assert_null(strstr(config.remarks[i].why.hint, "hunter2"));
	}
}

Test(config_lines, collects_several_from_and_replaces_inherited_ones)
{
	struct config config = parsed("defaults\nfrom d@x\naccount a\nfrom a@x\nfrom *@%U\n"
				      "account b : a\nfrom c@x\naccount e\n");
	const struct value *from = &account_find(&config.accounts, "a")->values[SETTING_FROM];

	cr_assert_str_eq(from->text, "a@x");
	cr_assert_str_eq(from->next->text, "*@joe");
	cr_assert_null(from->next->next);
	from = &account_find(&config.accounts, "b")->values[SETTING_FROM];
	cr_assert_str_eq(from->text, "c@x");
	cr_assert_null(from->next);
	cr_assert_str_eq(value_of(&config, "e", SETTING_FROM), "d@x");
}

/* F99 F201 */
Test(config_lines, refuses_a_literal_password_that_others_may_read)
{
	struct config config = parsed_bytes(
	    text_of("host h\npassword x\npassword y\n"), false, false);

	cr_assert_str_eq(remarks(&config),
	    "F rc:2: holds a password and lets others read it\n"
	    "A rc:3: 'password' stood in line 2 already: this one counts\n");
}

Test(config_lines, asks_nothing_of_a_file_without_a_password)
{
	struct config config = parsed_bytes(
	    text_of("host h\npassword\npasswordeval pass x\n"), false, false);

	cr_assert_str_eq(remarks(&config), "");
}

Test(config_lines, forgives_readable_passwords_where_the_system_file_says_so)
{
	struct text bytes = text_of("password x\ndefaults\npublic_secrets on\n");
	struct config config = parsed_bytes(bytes, true, false);

	cr_assert_str_eq(remarks(&config), "A rc:1: holds a password and lets others read it\n");
	config = parsed_bytes(text_of("password x\npublic_secrets off\n"), true, false);
	cr_assert_str_eq(remarks(&config), "F rc:1: holds a password and lets others read it\n");
	cr_assert_not_null(strstr(config.remarks[0].why.hint, "chmod 640 rc"));
	config = parsed_bytes(bytes, false, false);
	cr_assert_str_eq(remarks(&config),
	    "F rc:1: holds a password and lets others read it\n"
	    "F rc:3: public_secrets stands only in the system's file\n");
}
