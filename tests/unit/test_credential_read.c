/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/credential.h"

#include "tests/support/shelf.h"

#include "base/environment.h"

static struct shelf *shelf;
static struct environment environment;
static struct account *account;
static struct failure why;

static void
open_shelf(void)
{
	shelf = shelf_open();
	environment = (struct environment){
		.user = "joe", .home = shelf->directory, .system_directory = shelf->directory
	};
	account = account_new("a", shelf->arena);
}

static void
close_shelf(void)
{
	shelf_close(shelf);
}

TestSuite(credential_read, .init = open_shelf, .fini = close_shelf);

static void
put(enum setting_id id, const char *argument)
{
	cr_assert(setting_read(setting_row(id), text_of(argument), &environment, shelf->arena,
		      &account->values[id], &why),
	    "%s", why.what);
}

/* The secret, or "!CODE" and the sentence. */
static const char *
secret_of(struct credential credential)
{
	struct secret secret = { 0 };
	const char *result;

	credential.account = account;
	if (credential.where == NULL)
		credential.where = "somewhere";
	memset(&why, 0, sizeof why);
	if (!credential_read(&credential, &environment, &secret, &why)) {
		cr_assert_null(secret.bytes);
		cr_assert_neq(why.where[0], '\0');
		return arena_print(shelf->arena, "!%d %s", why.code, why.what);
	}
	if (secret.bytes == NULL)
		return "nothing kept";
	result = arena_copy(shelf->arena, secret.bytes, secret.length);
	secret_wipe(&secret);
	return result;
}

static const char *
from(enum credential_source source)
{
	return secret_of((struct credential){ .source = source });
}

static const char *
refusal(int code, const char *what)
{
	return arena_print(shelf->arena, "!%d %s", code, what);
}

/* F95 */
Test(credential_read, gives_the_literal_byte_for_byte)
{
	static const char *const secrets[] = { "x", " a ", "q\"u:o\\te", "\xc3\xa9", "a\tb" };
	char *longest = arena_zero(shelf->arena, 4097);

	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		put(SETTING_PASSWORD, secrets[i]);
		cr_assert_str_eq(from(CREDENTIAL_LITERAL), secrets[i]);
	}
	memset(longest, 'p', 4096);
	put(SETTING_PASSWORD, longest);
	cr_assert_str_eq(from(CREDENTIAL_LITERAL), longest);
}

Test(credential_read, takes_the_first_line_of_a_file)
{
	static const struct {
		const char *content;
		const char *expected;
	} rows[] = {
		{ "secret", "secret" },
		{ "secret\nmore\n", "secret" },
		{ "secret\r\n", "secret" },
		{ " s e c \n", " s e c " },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		put(SETTING_PASSWORDFILE, shelf_file(shelf, "pw", rows[i].content));
		cr_assert_str_eq(from(CREDENTIAL_FILE), rows[i].expected);
	}
}

static const char *
exposed(const char *mode)
{
	return arena_print(shelf->arena,
	    "holds a password and has mode %s, which lets others at it%s", mode,
	    geteuid() == 0 ? " (640 with a group of its own will do, too)" : "");
}

/* F95 F96 F99 */
Test(credential_read, refuses_files_without_a_usable_secret)
{
	const char *path = shelf_file(shelf, "pw", "");

	put(SETTING_PASSWORDFILE, path);
	cr_assert_str_eq(from(CREDENTIAL_FILE), refusal(EX_CONFIG, "the password is empty"));
	shelf_file(shelf, "pw", "\nsecond\n");
	cr_assert_str_eq(from(CREDENTIAL_FILE), refusal(EX_CONFIG, "the password is empty"));
	shelf_bytes(shelf, "pw", "a\0b\n", 4);
	cr_assert_str_eq(
	    from(CREDENTIAL_FILE), refusal(EX_CONFIG, "the password holds a NUL byte"));
	shelf_file(shelf, "pw", "secret\n");
	cr_assert_eq(chmod(path, 0644), 0);
	cr_assert_str_eq(from(CREDENTIAL_FILE), refusal(EX_CONFIG, exposed("0644")));
	cr_assert_str_eq(why.where, path);
	put(SETTING_PASSWORDFILE, shelf_path(shelf, "missing"));
	cr_assert_str_eq(from(CREDENTIAL_FILE),
	    refusal(EX_CONFIG, "cannot open the file: No such file or directory"));
}

/* F99 */
Test(credential_read, judges_what_a_symbolic_link_points_to)
{
	const char *path = shelf_file(shelf, "pw", "secret\n");
	const char *link = shelf_path(shelf, "link");

	cr_assert_eq(symlink(path, link), 0);
	put(SETTING_PASSWORDFILE, link);
	cr_assert_str_eq(from(CREDENTIAL_FILE), "secret");
	cr_assert_eq(chmod(path, 0604), 0);
	cr_assert_str_eq(from(CREDENTIAL_FILE), refusal(EX_CONFIG, exposed("0604")));
}

Test(credential_read, takes_a_credential_of_the_service_manager)
{
	shelf_file(shelf, "smtp", "secret\n");
	put(SETTING_PASSWORD_CREDENTIAL, "smtp");
	cr_assert_str_eq(from(CREDENTIAL_SYSTEMD),
	    refusal(EX_CONFIG, "there is no directory of credentials to take 'smtp' from"));
	environment.credentials = shelf->directory;
	cr_assert_str_eq(from(CREDENTIAL_SYSTEMD), "secret");
	/* systemd gives it to a group by an ACL, which shows as group bits. */
	cr_assert_eq(chmod(shelf_path(shelf, "smtp"), 0440), 0);
	cr_assert_str_eq(from(CREDENTIAL_SYSTEMD), "secret");
}

static const char *
from_descriptor(int fd)
{
	put(SETTING_PASSWORD_FD, arena_print(shelf->arena, "%d", fd));
	return from(CREDENTIAL_DESCRIPTOR);
}

Test(credential_read, reads_a_file_descriptor_as_often_as_asked)
{
	int fd = open(shelf_file(shelf, "pw", "secret\nmore"), O_RDONLY | O_CLOEXEC);

	environment.inherited[fd] = true;
	cr_assert_str_eq(from_descriptor(fd), "secret");
	cr_assert_str_eq(from_descriptor(fd), "secret");
	close(fd);
	cr_assert_str_eq(from_descriptor(fd),
	    refusal(EX_CONFIG, arena_print(shelf->arena, "descriptor %d is not open", fd)));
}

/* It may be the message, or the connection. */
Test(credential_read, reads_no_descriptor_of_its_own)
{
	int fd = open(shelf_file(shelf, "own", "Subject: hello\n"), O_RDONLY | O_CLOEXEC);

	cr_assert_str_eq(from_descriptor(fd),
	    refusal(EX_CONFIG, arena_print(shelf->arena, "descriptor %d is not open", fd)));
	close(fd);
}

Test(credential_read, reads_the_line_of_a_pipe_that_stays_open)
{
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	environment.inherited[ends[0]] = true;
	cr_assert_eq(write(ends[1], "secret\n", 7), 7);
	cr_assert_str_eq(from_descriptor(ends[0]), "secret");
	close(ends[1]);
	cr_assert_str_eq(from_descriptor(ends[0]), refusal(EX_CONFIG, "the password is empty"));
	close(ends[0]);
}

Test(credential_read, limits_what_comes_by_a_descriptor)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	environment.inherited[fd] = true;
	cr_assert_str_eq(
	    from_descriptor(fd), refusal(EX_CONFIG, "the password is longer than 65536 bytes"));
	close(fd);
}

/* F100 */
Test(credential_read, runs_the_command)
{
	put(SETTING_PASSWORDEVAL, "printf 'secret\\nmore\\n'");
	cr_assert_str_eq(from(CREDENTIAL_COMMAND), "secret");
	put(SETTING_PASSWORDEVAL, "echo denied >&2; exit 2");
	cr_assert_str_eq(from(CREDENTIAL_COMMAND),
	    refusal(EX_TEMPFAIL, "the command 'echo' ended with status 2: denied"));
	cr_assert_eq(why.stage, FAILURE_CONFIG);
	put(SETTING_PASSWORDEVAL, "true");
	cr_assert_str_eq(from(CREDENTIAL_COMMAND), refusal(EX_CONFIG, "the password is empty"));
}

Test(credential_read, takes_the_password_of_netrc)
{
	struct credential credential = { .source = CREDENTIAL_NETRC,
		.user = "joe",
		.netrc_file = shelf_file(shelf, "netrc", "machine h login joe password secret"),
		.host = "h" };

	cr_assert_str_eq(secret_of(credential), "secret");
	shelf_file(shelf, "netrc", "machine h login joe password \"\"");
	cr_assert_str_eq(secret_of(credential), refusal(EX_CONFIG, "the password is empty"));
	shelf_file(shelf, "netrc", "");
	cr_assert_str_eq(secret_of(credential), refusal(EX_TEMPFAIL, "the entry for 'h' is gone"));
}

Test(credential_read, takes_the_password_of_the_row)
{
	const struct transport_hop hop = { .text = "h:587", .host = "h", .port = 587 };
	struct credential credential = { .source = CREDENTIAL_TABLE,
		.rule = { .path = shelf_file(shelf, "sasl_passwd", "h:587 joe:se:cret\n"),
		    .completion = &shelf->completion } };

	cr_assert(password_find(&credential.rule, (struct address){ 0 }, &hop, shelf->arena,
		      &credential.row, &why),
	    "%s", why.what);
	cr_assert_str_eq(secret_of(credential), "se:cret");
}

Test(credential_read, keeps_nothing_where_nothing_is_needed)
{
	cr_assert_str_eq(from(CREDENTIAL_NONE), "nothing kept");
	cr_assert_str_eq(from(CREDENTIAL_UNNEEDED), "nothing kept");
}
