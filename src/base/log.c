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

void
log_syslog(int facility, bool error, struct text line)
{
	openlog("relay", LOG_PID, facility);
	syslog(error ? LOG_ERR : LOG_INFO, "%.*s", (int)line.length, line.bytes);
	closelog();
}
