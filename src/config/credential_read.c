/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/credential.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/deadline.h"
#include "base/environment.h"
#include "base/file.h"
#include "config/keyring.h"
#include "config/netrc.h"
#include "config/prompt.h"
#include "config/shell.h"

#define SECRET_MAX ((size_t)64 * 1024)
#define READ_SIZE ((size_t)512)
#define DESCRIPTOR_LIMIT_MS ((int64_t)60 * 1000)

static bool
keep_first_line(struct text bytes, struct secret *secret, struct failure *why)
{
	struct text line = text_slice(bytes, 0, text_find(bytes, '\n'));

	if (line.length > 0 && line.bytes[line.length - 1] == '\r')
		line.length--;
	if (text_find(line, '\0') < line.length)
		return fail(why, EX_CONFIG, "the password holds a NUL byte");
	secret_keep(secret, line);
	return true;
}

static bool
read_row(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why)
{
	(void)environment;
	return password_take(&credential->rule, &credential->row, secret, why);
}

static bool
read_literal(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why)
{
	(void)environment;
	(void)why;
	secret_unveil(secret, account_text(credential->account, SETTING_PASSWORD));
	return true;
}

/* `guarded`: only its owner may be able to read it. */
static bool
read_file(const char *path, bool guarded, struct secret *secret, struct failure *why)
{
	struct arena *brief = arena_open();
	struct stat status;
	struct text bytes;
	bool read = file_read(path, SECRET_MAX, brief, &bytes, &status, why)
	    && (!guarded || file_keeps_secret(path, &status, why))
	    && keep_first_line(bytes, secret, why);

	arena_close(brief);
	if (!read && why->code == EX_NOINPUT)
		failure_hint(why,
		    "make the file, with the password in its first line and mode 600, or correct "
		    "its name");
	if (!read && (why->code == EX_NOINPUT || why->code == EX_NOPERM))
		why->code = EX_CONFIG;
	if (!read)
		failure_at(why, "%s", path);
	return read;
}

static bool
read_password_file(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why)
{
	const char *path = account_text(credential->account, SETTING_PASSWORDFILE);

	(void)environment;
	return read_file(path, true, secret, why);
}

/* The service manager's directory is closed to others; the files in it carry its
 * own choice of owner and mode. */
static bool
read_systemd(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why)
{
	const char *name = account_text(credential->account, SETTING_PASSWORD_CREDENTIAL);
	struct arena *brief;
	bool read;

	if (environment->credentials == NULL) {
		fail(
		    why, EX_CONFIG, "there is no directory of credentials to take '%s' from", name);
		return failure_hint(why, "a service has one by LoadCredential= (systemd.exec)");
	}
	brief = arena_open();
	read = read_file(
	    arena_print(brief, "%s/%s", environment->credentials, name), false, secret, why);
	arena_close(brief);
	return read;
}

static bool
refuse_closed(int fd, struct failure *why)
{
	fail(why, EX_CONFIG, "descriptor %d is not open", fd);
	return failure_hint(
	    why, "the caller of relay must open it, as in 'relay ... %d< FILE'", fd);
}

static bool
wait_readable(int fd, struct deadline deadline, struct failure *why)
{
	struct pollfd end = { .fd = fd, .events = POLLIN };
	int ready;

	do
		ready = poll(&end, 1, deadline_left_ms(deadline));
	while (ready < 0 && errno == EINTR);
	if (ready > 0 && (end.revents & POLLNVAL) == 0)
		return true;
	if (ready == 0)
		return fail(why, EX_TEMPFAIL, "no password came by descriptor %d in time", fd);
	return refuse_closed(fd, why);
}

/* Until a line is complete or the other end closes. */
static bool
collect(int fd, struct buffer *to, struct failure *why)
{
	struct deadline deadline = deadline_after(DESCRIPTOR_LIMIT_MS);

	while (text_find(buffer_text(to), '\n') == to->length) {
		ssize_t got;

		if (!wait_readable(fd, deadline, why))
			return false;
		if (!buffer_room(to, READ_SIZE))
			return fail(
			    why, EX_CONFIG, "the password is longer than %zu bytes", SECRET_MAX);
		got = read(fd, to->bytes + to->length, READ_SIZE);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return failure_errno(
			    why, EX_CONFIG, errno, "cannot read descriptor %d", fd);
		if (got == 0)
			return true;
		to->length += (size_t)got;
	}
	return true;
}

static bool
read_descriptor(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why)
{
	int fd = (int)account_number(credential->account, SETTING_PASSWORD_FD);
	struct buffer bytes;
	bool read;

	/* One that the caller left closed is by now a file or a connection of ours: the mail
	 * itself would be sent as the password. */
	if (!environment_inherited(environment, fd))
		return refuse_closed(fd, why);
	bytes = buffer_open(SECRET_MAX + READ_SIZE);
	/* A second server of the account asks again: a file can be read again. */
	(void)lseek(fd, 0, SEEK_SET);
	read = collect(fd, &bytes, why) && keep_first_line(buffer_text(&bytes), secret, why);
	buffer_close(&bytes);
	return read;
}

static bool
read_command(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why)
{
	(void)environment;
	return shell_first_line(
	    account_text(credential->account, SETTING_PASSWORDEVAL), SHELL_LIMIT_MS, secret, why);
}

static bool
read_netrc(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why)
{
	struct arena *brief = arena_open();
	const char *login;
	bool found;
	bool read = netrc_find(credential->netrc_file, credential->host, credential->user, brief,
	    &found, &login, secret, why);

	(void)environment;
	arena_close(brief);
	if (read && !found)
		return fail(why, EX_TEMPFAIL, "the entry for '%s' is gone", credential->host);
	return read;
}

static bool
read_prompt(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why)
{
	(void)environment;
	return prompt_read(credential->user, credential->host, secret, why);
}

static bool
read_keyring(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why)
{
	bool found;

	if (!keyring_find(credential->host, credential->user, &found, secret, why))
		return false;
	if (found)
		return true;
	if (environment->terminal != NULL && environment->terminal())
		return read_prompt(credential, environment, secret, why);
	fail(why, EX_CONFIG, "the keyring has no password for user '%s' at '%s'", credential->user,
	    credential->host);
	return failure_hint(why, "secret-tool store --label=relay service smtp host %s user %s",
	    credential->host, credential->user);
}

static bool (*const readers[])(
    const struct credential *, const struct environment *, struct secret *, struct failure *) = {
	[CREDENTIAL_NONE] = NULL,
	[CREDENTIAL_TABLE] = read_row,
	[CREDENTIAL_LITERAL] = read_literal,
	[CREDENTIAL_FILE] = read_password_file,
	[CREDENTIAL_SYSTEMD] = read_systemd,
	[CREDENTIAL_DESCRIPTOR] = read_descriptor,
	[CREDENTIAL_COMMAND] = read_command,
	[CREDENTIAL_NETRC] = read_netrc,
	[CREDENTIAL_KEYRING] = read_keyring,
	[CREDENTIAL_PROMPT] = read_prompt,
	[CREDENTIAL_UNNEEDED] = NULL,
};

/* The line that asks for it, where the sentence names the source itself. */
static bool
at_setting(const struct credential *credential, enum setting_id id, struct failure *why)
{
	struct arena *brief = arena_open();

	failure_at(why, "%s", account_where(credential->account, id, brief));
	arena_close(brief);
	return failure_in(why, FAILURE_CONFIG);
}

static bool
place(const struct credential *credential, struct failure *why)
{
	switch (credential->source) {
	case CREDENTIAL_SYSTEMD:
		return at_setting(credential, SETTING_PASSWORD_CREDENTIAL, why);
	case CREDENTIAL_DESCRIPTOR:
		return at_setting(credential, SETTING_PASSWORD_FD, why);
	case CREDENTIAL_COMMAND:
		return at_setting(credential, SETTING_PASSWORDEVAL, why);
	default:
		failure_at(why, "%s", credential->where);
		return failure_in(why, FAILURE_CONFIG);
	}
}

bool
credential_read(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why)
{
	if (readers[credential->source] == NULL) {
		secret_wipe(secret);
		return true;
	}
	if (!readers[credential->source](credential, environment, secret, why))
		return place(credential, why);
	if (secret->length > 0)
		return true;
	secret_wipe(secret);
	fail(why, EX_CONFIG, "the password is empty");
	failure_at(why, "%s", credential->where);
	if (credential->source == CREDENTIAL_COMMAND)
		failure_hint(why, "the command must print the password in its first line");
	else
		failure_hint(why, "the password must stand in the first line there");
	return failure_in(why, FAILURE_CONFIG);
}
