/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <syslog.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"

static bool
append(int fd, struct text line, struct failure *why)
{
	struct buffer whole = buffer_open(0);
	bool written;

	(void)buffer_append(&whole, line);
	(void)buffer_byte(&whole, '\n');
	/* Without a lock the line may mix with another's: still better than no line. */
	(void)flock(fd, LOCK_EX | LOCK_NB);
	written = file_write(fd, buffer_text(&whole), why);
	buffer_close(&whole);
	return written;
}

bool
log_append(const char *path, struct text line, struct failure *why)
{
	bool written;
	int fd;

	if (strcmp(path, "-") == 0)
		return append(STDOUT_FILENO, line, why) || failure_at(why, "standard output");
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
	if (fd < 0) {
		failure_errno(why, EX_CANTCREAT, errno, "cannot open the log file");
		return failure_at(why, "%s", path);
	}
	written = append(fd, line, why);
	close(fd);
	return written ? true : failure_at(why, "%s", path);
}

static bool
check_directory(const char *path, struct failure *why)
{
	const char *slash = strrchr(path, '/');
	struct buffer directory = buffer_open(0);
	bool writable;

	if (slash == NULL)
		(void)buffer_byte(&directory, '.');
	else
		(void)buffer_append(&directory, text_make(path, (size_t)(slash - path) + 1));
	(void)buffer_byte(&directory, '\0');
	writable = faccessat(AT_FDCWD, directory.bytes, W_OK | X_OK, AT_EACCESS) == 0;
	if (!writable)
		failure_errno(
		    why, EX_CANTCREAT, errno, "cannot make the log file in '%s'", directory.bytes);
	buffer_close(&directory);
	return writable;
}

bool
log_check(const char *path, struct failure *why)
{
	int fd;

	if (strcmp(path, "-") == 0)
		return true;
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd >= 0) {
		close(fd);
		return true;
	}
	if (errno == ENOENT)
		return check_directory(path, why) || failure_at(why, "%s", path);
	failure_errno(why, EX_CANTCREAT, errno, "cannot open the log file");
	return failure_at(why, "%s", path);
}

void
log_syslog(int facility, bool error, struct text line)
{
	openlog("relay", LOG_PID, facility);
	syslog(error ? LOG_ERR : LOG_INFO, "%.*s", (int)line.length, line.bytes);
	closelog();
}
