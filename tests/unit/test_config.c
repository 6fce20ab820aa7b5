/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config.h"

#include "tests/support/shelf.h"

#include "base/environment.h"

#define NOBODY 65534

static struct shelf *shelf;
static struct environment environment;
static struct config config;
static struct failure why;

static void
open_shelf(void)
{
	shelf = shelf_open();
	environment = (struct environment){ .user = "joe",
		.host = "box",
		.full_name = "",
		.home = shelf->directory,
		.config_home = shelf->directory,
		.system_directory = shelf->directory };
}

static void
close_shelf(void)
{
	(void)unlink(shelf_path(shelf, ".relayrc"));
	(void)unlink(shelf_path(shelf, "relay/config"));
	(void)rmdir(shelf_path(shelf, "relay"));
	shelf_close(shelf);
}

TestSuite(config, .init = open_shelf, .fini = close_shelf);

/* A skipped test is left without its end. */
static void
skip(const char *reason)
{
	close_shelf();
	cr_skip_test("%s", reason);
}

static bool
read_all(const char *user_file)
{
	return config_read(&environment, user_file, shelf->arena, &config, &why);
}

static const char *
host_of(const char *name)
{
	const struct account *account = account_find(&config.accounts, name);

	return account == NULL ? "none" : account_text(account, SETTING_HOST);
}

Test(config, merges_the_users_accounts_before_the_systems)
{
	shelf_file(shelf, "relayrc", "account both\nhost system\naccount theirs\nhost system\n");
	shelf_file(shelf, ".relayrc", "account mine\nhost user\naccount both\nhost user\n");
	cr_assert(read_all(NULL), "%s", why.what);
	cr_assert_eq(config.accounts.count, 3);
	cr_assert_str_eq(config.accounts.items[0]->name, "mine");
	cr_assert_str_eq(host_of("both"), "user");
	cr_assert_str_eq(host_of("theirs"), "system");
	cr_assert(account_find(&config.accounts, "theirs")->system);
	cr_assert(!account_find(&config.accounts, "mine")->system);
}

Test(config, keeps_defaults_and_parents_within_a_file)
{
	shelf_file(shelf, "relayrc", "account child : mine\nhost h\n");
	shelf_file(shelf, ".relayrc", "defaults\nport 1\naccount mine\nhost h\n");
	cr_assert(!read_all(NULL));
	cr_assert_str_eq(why.what, "account 'mine' is not defined before this line");
	cr_assert_str_eq(
	    why.where, arena_print(shelf->arena, "%s:1", shelf_path(shelf, "relayrc")));
}

Test(config, lists_every_file_it_looked_for)
{
	cr_assert(read_all(NULL));
	cr_assert_eq(config.trial_count, 3);
	cr_assert_str_eq(config.trials[0].path, shelf_path(shelf, ".relayrc"));
	cr_assert_str_eq(config.trials[1].path, shelf_path(shelf, "relay/config"));
	cr_assert_str_eq(config.trials[2].path, shelf_path(shelf, "relayrc"));
	for (size_t i = 0; i < 3; i++)
		cr_assert_str_eq(config.trials[i].reason, "no such file");
}

Test(config, takes_the_configuration_home_when_home_has_no_file)
{
	cr_assert_eq(mkdir(shelf_path(shelf, "relay"), 0700), 0);
	shelf_file(shelf, "relay/config", "account xdg\nhost h\n");
	cr_assert(read_all(NULL), "%s", why.what);
	cr_assert_str_eq(host_of("xdg"), "h");
	cr_assert_null(config.trials[1].reason);
	shelf_file(shelf, ".relayrc", "account home\nhost h\n");
	cr_assert(read_all(NULL), "%s", why.what);
	cr_assert_str_eq(host_of("xdg"), "none");
	cr_assert_eq(config.trial_count, 2);
}

Test(config, reads_a_named_file_instead_of_the_users)
{
	const char *path = shelf_file(shelf, "mine", "account named\nhost h\n");

	shelf_file(shelf, ".relayrc", "account home\nhost h\n");
	shelf_file(shelf, "relayrc", "account system\nhost h\n");
	cr_assert(read_all(path), "%s", why.what);
	cr_assert_str_eq(host_of("named"), "h");
	cr_assert_str_eq(host_of("system"), "h");
	cr_assert_str_eq(host_of("home"), "none");
}

Test(config, fails_when_a_named_file_is_missing)
{
	const char *path = shelf_path(shelf, "missing");

	cr_assert(!read_all(path));
	cr_assert_eq(why.code, EX_NOINPUT);
	cr_assert_str_eq(why.where, path);
	cr_assert_eq(config.remark_count, 0);
}

/* F213 F271 */
Test(config, believes_no_users_file_with_privileges)
{
	const char *path = shelf_file(shelf, "mine", "account named\nhost h\n");

	environment.privileged = true;
	shelf_file(shelf, ".relayrc", "account home\nhost h\n");
	shelf_file(shelf, "relayrc", "account system\nhost h\n");
	cr_assert(read_all(NULL), "%s", why.what);
	cr_assert_str_eq(host_of("home"), "none");
	cr_assert_str_eq(host_of("system"), "h");
	cr_assert(!read_all(path));
	cr_assert_eq(why.code, EX_NOPERM);
}

/* F212 */
Test(config, reads_the_system_file_alone_without_a_home)
{
	environment.home = NULL;
	environment.config_home = NULL;
	shelf_file(shelf, "relayrc", "host h\n");
	cr_assert(read_all(NULL), "%s", why.what);
	cr_assert_eq(config.trial_count, 1);
	cr_assert_str_eq(host_of("default"), "h");
}

Test(config, fails_with_the_first_fault_and_keeps_all)
{
	const char *path = shelf_file(shelf, "mine", "host h\nuser a # b\nport x\nbogus\n");

	cr_assert(!read_all(path));
	cr_assert_eq(why.code, EX_CONFIG);
	cr_assert_eq(why.stage, FAILURE_CONFIG);
	cr_assert_str_eq(why.what, "port: 'x' is not a number from 1 to 65535");
	cr_assert_str_eq(why.where, arena_print(shelf->arena, "%s:3", path));
	cr_assert_eq(config.remark_count, 3);
	cr_assert(!config.remarks[0].fault);
}

/* F99 F201 */
Test(config, judges_a_file_by_its_mode)
{
	static const struct {
		const char *content;
		mode_t mode;
		const char *what; /* NULL: fine */
	} rows[] = {
		{ "host h\n", 0644, NULL },
		{ "host h\npassword x\n", 0600, NULL },
		{ "host h\npassword x\n", 0400, NULL },
		{ "host h\npassword x\n", 0644,
		    "holds a password and has mode 0644, which lets others at it" },
		{ "host h\n", 0622, "has mode 0622, which lets others write it" },
		{ "host h\n", 0620, "has mode 0620, which lets others write it" },
		{ "host h\n", 0602, "has mode 0602, which lets others write it" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *path = shelf_file(shelf, "mine", rows[i].content);

		cr_assert_eq(chmod(path, rows[i].mode), 0);
		cr_assert_eq(read_all(path), rows[i].what == NULL, "%04o %s",
		    (unsigned)rows[i].mode, rows[i].content);
		if (rows[i].what != NULL)
			cr_assert_eq(strncmp(why.what, rows[i].what, strlen(rows[i].what)), 0, "%s",
			    why.what);
		cr_assert_eq(unlink(path), 0);
	}
}

/* F201 F212 */
Test(config, refuses_a_file_of_another_user)
{
	const char *path = shelf_file(shelf, ".relayrc", "host h\n");

	if (geteuid() != 0)
		skip("only root can give a file away");
	cr_assert_eq(chown(path, 12345, 0), 0);
	cr_assert(!read_all(NULL));
	cr_assert_eq(why.code, EX_CONFIG);
	cr_assert_str_eq(why.what, "belongs to uid 12345, not to uid 0 or root");
}

/* F201 */
Test(config, refuses_a_file_that_others_may_replace)
{
	const char *path = shelf_file(shelf, "mine", "host h\n");

	cr_assert_eq(chmod(shelf->directory, 0777), 0);
	cr_assert(!read_all(path));
	cr_assert_eq(why.code, EX_CONFIG);
	cr_assert_eq(why.stage, FAILURE_CONFIG);
	cr_assert_not_null(strstr(why.what, "lets others put another file there"), "%s", why.what);
	cr_assert_eq(chmod(shelf->directory, 01777), 0);
	cr_assert(read_all(path), "%s", why.what);
}

/* F212 F213 */
Test(config, notes_a_home_that_is_not_looked_at)
{
	environment.other_home = "/home/other";
	shelf_file(shelf, ".relayrc", "account home\nhost h\n");
	cr_assert(read_all(NULL), "%s", why.what);
	cr_assert_str_eq(config.trials[0].path, "/home/other/.relayrc");
	cr_assert_not_null(strstr(config.trials[0].reason, "another user's"));
	cr_assert_str_eq(host_of("home"), "h");
	cr_assert_leq(config.trial_count, sizeof config.trials / sizeof config.trials[0]);
}

/* F202 */
Test(config, judges_what_a_symbolic_link_points_to)
{
	const char *path = shelf_file(shelf, "mine", "host h\npassword x\n");
	const char *link = shelf_path(shelf, "link");

	cr_assert_eq(symlink(path, link), 0);
	cr_assert(read_all(link), "%s", why.what);
	cr_assert_eq(chmod(path, 0644), 0);
	cr_assert(!read_all(link));
	cr_assert_eq(why.code, EX_CONFIG);
}

/* F203 */
Test(config, does_not_wait_for_a_fifo)
{
	cr_assert_eq(mkfifo(shelf_path(shelf, ".relayrc"), 0600), 0);
	cr_assert(!read_all(NULL));
	cr_assert_eq(why.code, EX_CONFIG);
	cr_assert_str_eq(why.what, "not a regular file");
}

/* F204 */
Test(config, refuses_a_file_over_its_maximum)
{
	char *bytes = arena_zero(shelf->arena, CONFIG_FILE_MAX + 1);
	const char *path;

	memset(bytes, '\n', CONFIG_FILE_MAX + 1);
	path = shelf_bytes(shelf, "mine", bytes, CONFIG_FILE_MAX + 1);
	cr_assert(!read_all(path));
	cr_assert_str_eq(why.what, "larger than 1048576 bytes");
	path = shelf_bytes(shelf, "mine", bytes, CONFIG_FILE_MAX);
	cr_assert(read_all(path), "%s", why.what);
}

Test(config, notes_a_file_that_may_not_be_read)
{
	cr_assert_eq(chmod(shelf_file(shelf, "relayrc", "host h\n"), 0), 0);
	cr_assert_eq(chmod(shelf->directory, 0755), 0);
	/* Root may read everything. */
	cr_assert_eq(geteuid() == 0 ? seteuid(NOBODY) : 0, 0);
	cr_assert(read_all(NULL), "%s", why.what);
	cr_assert_str_eq(config.trials[2].reason, "permission denied");
	cr_assert(config.trials[2].denied);
	cr_assert_not(config.trials[1].denied);
	cr_assert_eq(seteuid(getuid()), 0);
}
