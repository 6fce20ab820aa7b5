/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smarthost_store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

static bool
name_file(char path[PATH_MAX], const char *directory, size_t number, const char *kind)
{
	return snprintf(path, PATH_MAX, "%s/%zu.%s", directory, number, kind) < PATH_MAX;
}

int
smarthost_store_dialogue(const char *directory, size_t number)
{
	char path[PATH_MAX];

	if (!name_file(path, directory, number, "dialogue"))
		return -1;
	return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
}

static bool
write_and_close(int fd, struct text bytes)
{
	struct failure why;
	bool written = file_write(fd, bytes, &why);

	return close(fd) == 0 && written;
}

static int
next_free(const char *directory, size_t *number)
{
	char path[PATH_MAX];
	int fd;

	/* Connections are served by processes of their own, so the file system counts. */
	for (*number = 1; name_file(path, directory, *number, "message"); (*number)++) {
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static void
describe_tls(const struct smarthost_session *session, struct buffer *to)
{
	const gnutls_session_t tls = session->wire.tls;

	if (tls == NULL) {
		(void)buffer_add(to, "tls: none\n");
		return;
	}
	(void)buffer_print(
	    to, "tls: %s\n", gnutls_protocol_get_name(gnutls_protocol_get_version(tls)));
	(void)buffer_print(to, "cipher: %s\n", gnutls_cipher_get_name(gnutls_cipher_get(tls)));
}

static void
describe(const struct smarthost_session *session, struct buffer *to)
{
	(void)buffer_print(to, "connection: %zu\n", session->number);
	(void)buffer_print(to, "ehlo: %s\n", session->hello);
	describe_tls(session, to);
	if (session->mechanism[0] == '\0')
		(void)buffer_add(to, "auth: none\n");
	else
		(void)buffer_print(to, "auth: %s %s\n", session->mechanism, session->identity);
	(void)buffer_add(to, "mail: ");
	(void)buffer_append(to, buffer_text(&session->mail));
	(void)buffer_byte(to, '\n');
	(void)buffer_append(to, buffer_text(&session->recipients));
	(void)buffer_print(to, "by: %s\n", session->chunked ? "BDAT" : "DATA");
}

bool
smarthost_store_message(const struct smarthost_session *session)
{
	const char *directory = session->options->directory;
	struct buffer envelope = buffer_open(0);
	char name[64];
	size_t number;
	bool stored;
	int fd = next_free(directory, &number);

	if (fd < 0)
		return false;
	describe(session, &envelope);
	(void)snprintf(name, sizeof name, "%zu.envelope", number);
	stored = write_and_close(fd, buffer_text(&session->body))
	    && smarthost_store_file(directory, name, buffer_text(&envelope));
	buffer_close(&envelope);
	return stored;
}

bool
smarthost_store_file(const char *directory, const char *name, struct text bytes)
{
	char path[PATH_MAX];
	char draft[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof path, "%s/%s", directory, name) >= PATH_MAX
	    || snprintf(draft, sizeof draft, "%s/.%s.new", directory, name) >= PATH_MAX)
		return false;
	fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return fd >= 0 && write_and_close(fd, bytes) && rename(draft, path) == 0;
}
