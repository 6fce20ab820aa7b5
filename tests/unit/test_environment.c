/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/environment.h"
#include "base/text.h"

static struct arena *arena;

static void
open_arena(void)
{
	arena = arena_open();
	cr_assert_eq(clearenv(), 0);
}

static void
close_arena(void)
{
	arena_close(arena);
}

TestSuite(environment, .init = open_arena, .fini = close_arena);

static struct environment
read_environment(void)
{
	struct environment environment;

	environment_read(arena, &environment);
	return environment;
}

static void
set(const char *name, const char *value)
{
	cr_assert_eq(setenv(name, value, 1), 0);
}

Test(environment, knows_the_descriptors_that_were_open_before_it)
{
	int before = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct environment environment = read_environment();
	int after = open("/dev/null", O_RDONLY | O_CLOEXEC);

	cr_assert(environment_inherited(&environment, before));
	cr_assert_not(environment_inherited(&environment, after));
	cr_assert_not(environment_inherited(&environment, ENVIRONMENT_DESCRIPTORS + 1));
	close(before);
	close(after);
}

/* A daemon's environment is nearly empty. */
Test(environment, has_a_fallback_for_all_that_is_missing)
{
	struct environment environment = read_environment();

	cr_assert_eq(environment.uid, getuid());
	cr_assert_not(environment.privileged);
	cr_assert_not(environment.user[0] == '\0');
	cr_assert_not_null(environment.full_name);
	cr_assert_not(environment.host[0] == '\0');
	cr_assert_str_eq(environment.temporary, "/tmp");
	cr_assert_str_eq(environment.system_directory, SYSCONFDIR);
	cr_assert_null(environment.email);
	cr_assert_null(environment.smtp_server);
	cr_assert_null(environment.credentials);
}

Test(environment, takes_the_passwd_entry_when_nothing_is_set)
{
	const struct passwd *entry = getpwuid(getuid());
	struct environment environment;
	const char *name = entry == NULL ? NULL : arena_string(arena, entry->pw_name);
	const char *home = entry == NULL ? NULL : arena_string(arena, entry->pw_dir);

	if (name == NULL)
		cr_skip_test("this user has no passwd entry");
	environment = read_environment();
	cr_assert_str_eq(environment.user, name);
	cr_assert_str_eq(environment.home, home);
	cr_assert_str_eq(environment.config_home, arena_print(arena, "%s/.config", home));
}

Test(environment, believes_the_variables)
{
	struct environment environment;

	set("USER", "ann");
	set("NAME", "Ann Smith");
	set("HOME", "/home/ann");
	set("XDG_CONFIG_HOME", "/home/ann/config");
	set("TMPDIR", "/var/tmp");
	set("EMAIL", "ann@b.example");
	set("SMTPSERVER", "mail.b.example");
	set("HOSTNAME", "said.example");
	set("CREDENTIALS_DIRECTORY", "/run/credentials/x");
	environment = read_environment();
	cr_assert_str_eq(environment.user, "ann");
	cr_assert_str_eq(environment.full_name, "Ann Smith");
	cr_assert_str_eq(environment.home, "/home/ann");
	cr_assert_str_eq(environment.config_home, "/home/ann/config");
	cr_assert_str_eq(environment.temporary, "/var/tmp");
	cr_assert_str_eq(environment.email, "ann@b.example");
	cr_assert_str_eq(environment.smtp_server, "mail.b.example");
	cr_assert_str_eq(environment.host_variable, "said.example");
	cr_assert_str_eq(environment.credentials, "/run/credentials/x");
}

Test(environment, knows_where_the_session_has_its_bus)
{
	cr_assert_null(read_environment().session_bus);
	set("XDG_RUNTIME_DIR", "/run/user/7");
	cr_assert_str_eq(read_environment().session_bus, "/run/user/7/bus");
	set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/x");
	cr_assert_str_eq(read_environment().session_bus, "unix:path=/x");
}

/* A process of a session without one. */
Test(environment, sees_whether_there_is_a_terminal)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		(void)setsid();
		_exit(read_environment().terminal() ? 1 : 0);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(status, 0);
}

Test(environment, takes_logname_when_there_is_no_user)
{
	set("LOGNAME", "bob");
	cr_assert_str_eq(read_environment().user, "bob");
	set("USER", "ann");
	cr_assert_str_eq(read_environment().user, "ann");
}

Test(environment, takes_empty_variables_for_missing_ones)
{
	struct environment environment;

	set("USER", "");
	set("EMAIL", "");
	set("TMPDIR", "");
	environment = read_environment();
	cr_assert_not(environment.user[0] == '\0');
	cr_assert_null(environment.email);
	cr_assert_str_eq(environment.temporary, "/tmp");
}

/* F212 */
Test(environment, refuses_relative_paths)
{
	struct environment environment;

	set("HOME", "home");
	set("XDG_CONFIG_HOME", "config");
	set("TMPDIR", "tmp");
	set("CREDENTIALS_DIRECTORY", "x");
	environment = read_environment();
	cr_assert(environment.home == NULL || environment.home[0] == '/');
	cr_assert(environment.config_home == NULL || environment.config_home[0] == '/');
	cr_assert_str_eq(environment.temporary, "/tmp");
	cr_assert_null(environment.credentials);
}

Test(environment, puts_the_configuration_below_the_home)
{
	set("HOME", "/home/ann");
	cr_assert_str_eq(read_environment().config_home, "/home/ann/.config");
}

Test(environment, reads_the_clock)
{
	time_t before = time(NULL);
	struct environment environment = read_environment();

	cr_assert_geq(environment.now, before);
	cr_assert_leq(environment.now, time(NULL));
	cr_assert_eq((int64_t)(environment.now_us / 1000000), environment.now);
}

Test(environment, has_random_bits_that_differ)
{
	struct environment environment = read_environment();
	uint64_t first = environment.random();
	uint64_t second = environment.random();

	cr_assert_neq(first, second);
}

Test(environment, shows_no_colour_where_it_is_not_wanted)
{
	set("NO_COLOR", "1");
	cr_assert_not(read_environment().color);
}

Test(environment, knows_how_wide_a_terminal_is_and_what_it_can)
{
	static const struct {
		const char *terminal;
		const char *no_color;
		bool color;
	} rows[] = {
		{ "xterm", "", true },
		{ "xterm", "1", false },
		{ "dumb", "", false },
		{ "", "", false },
	};
	const struct winsize size = { .ws_col = 60, .ws_row = 24 };
	int kept = dup(STDOUT_FILENO);
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);
	int child;

	if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0)
		cr_skip("there are no pseudo-terminals");
	child = open(ptsname(terminal), O_RDWR | O_NOCTTY);
	cr_assert_geq(child, 0);
	cr_assert_eq(ioctl(child, TIOCSWINSZ, &size), 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct environment environment;

		set("TERM", rows[i].terminal);
		set("NO_COLOR", rows[i].no_color);
		cr_assert_eq(dup2(child, STDOUT_FILENO), STDOUT_FILENO);
		environment = read_environment();
		cr_assert_eq(dup2(kept, STDOUT_FILENO), STDOUT_FILENO);
		cr_expect_eq(
		    environment.color, rows[i].color, "%s %s", rows[i].terminal, rows[i].no_color);
		cr_expect_eq(environment.columns, 60);
	}
	close(child);
	close(terminal);
	close(kept);
}

Test(environment, takes_80_columns_where_there_is_no_terminal)
{
	int kept = dup(STDOUT_FILENO);
	int null = open("/dev/null", O_WRONLY);
	struct environment environment;

	cr_assert_eq(dup2(null, STDOUT_FILENO), STDOUT_FILENO);
	environment = read_environment();
	cr_assert_eq(dup2(kept, STDOUT_FILENO), STDOUT_FILENO);
	cr_expect_eq(environment.columns, 80);
	cr_expect_not(environment.color);
	close(null);
	close(kept);
}

Test(environment, takes_a_host_with_a_dot_for_its_full_name)
{
	struct environment environment = { .host = "a.b.example" };

	cr_assert_str_eq(environment_host_name(&environment, arena), "a.b.example");
}

Test(environment, keeps_a_host_that_has_no_full_name)
{
	struct environment environment = { .host = "127.0.0" };
	struct environment nothing = { .host = "" };

	cr_assert_str_eq(environment_host_name(&environment, arena), "127.0.0");
	cr_assert_str_eq(environment_host_name(&nothing, arena), "");
}

Test(environment, prefers_the_mailname_for_the_domain_of_mail)
{
	struct environment environment = { .host = "a.b.example", .mailname = "mail.example" };

	cr_assert_str_eq(environment_mail_domain(&environment, arena), "mail.example");
	environment.mailname = NULL;
	cr_assert_str_eq(environment_mail_domain(&environment, arena), "a.b.example");
}

/* F212: `/` is what daemons are started with, and nobody's home. */
Test(environment, takes_a_root_directory_for_no_home)
{
	const struct passwd *entry = getpwuid(getuid());
	const char *home = entry == NULL ? "/" : arena_string(arena, entry->pw_dir);

	set("HOME", "/");
	cr_assert_str_eq(read_environment().home, home);
}

/* A directory that belongs to uid 12345; NULL when this user cannot make one. */
static const char *
others_directory(void)
{
	char *directory = arena_string(arena, "/tmp/relay-home.XXXXXX");

	if (getuid() != 0)
		return NULL;
	cr_assert_not_null(mkdtemp(directory));
	cr_assert_eq(chown(directory, 12345, 12345), 0);
	return directory;
}

/* F212 F213: HOME as sudo may leave it. */
Test(environment, does_not_believe_a_home_of_another_user)
{
	const struct passwd *entry = getpwuid(getuid());
	const char *home = entry == NULL ? NULL : arena_string(arena, entry->pw_dir);
	const char *directory = others_directory();
	struct environment environment;

	if (directory == NULL)
		cr_skip_test("only root can give a directory away");
	set("HOME", directory);
	set("XDG_CONFIG_HOME", directory);
	environment = read_environment();
	cr_assert_eq(rmdir(directory), 0);
	cr_assert_str_eq(environment.other_home, directory);
	if (home == NULL)
		cr_assert_null(environment.home);
	else
		cr_assert_str_eq(environment.home, home);
	cr_assert(
	    environment.config_home == NULL || strcmp(environment.config_home, directory) != 0);
}

Test(environment, believes_a_home_that_is_its_own_or_not_there)
{
	char directory[] = "/tmp/relay-home.XXXXXX";
	struct environment environment;

	cr_assert_not_null(mkdtemp(directory));
	set("HOME", directory);
	environment = read_environment();
	cr_assert_eq(rmdir(directory), 0);
	cr_assert_str_eq(environment.home, directory);
	cr_assert_null(environment.other_home);
	cr_assert_str_eq(read_environment().home, directory);
}

/* F215: a user that no passwd entry names, as in many containers. */
Test(environment, takes_the_number_of_a_user_without_a_name)
{
	struct environment environment;

	if (getpwuid(4242424) != NULL || setresuid(4242424, 4242424, 4242424) != 0)
		cr_skip_test("only root can become a user without a name");
	environment = read_environment();
	cr_assert_eq(environment.uid, 4242424);
	cr_assert_str_eq(environment.user, "4242424");
	cr_assert_str_eq(environment.full_name, "");
	cr_assert_null(environment.home);
	cr_assert_null(environment.config_home);
	set("HOME", "/");
	cr_assert_str_eq(read_environment().home, "/");
}
