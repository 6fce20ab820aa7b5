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

static const struct {
	const char *name;
	int facility;
} facilities[] = {
	{ "LOG_USER", LOG_USER },
	{ "LOG_MAIL", LOG_MAIL },
	{ "LOG_LOCAL0", LOG_LOCAL0 },
	{ "LOG_LOCAL1", LOG_LOCAL1 },
	{ "LOG_LOCAL2", LOG_LOCAL2 },
	{ "LOG_LOCAL3", LOG_LOCAL3 },
	{ "LOG_LOCAL4", LOG_LOCAL4 },
	{ "LOG_LOCAL5", LOG_LOCAL5 },
	{ "LOG_LOCAL6", LOG_LOCAL6 },
	{ "LOG_LOCAL7", LOG_LOCAL7 },
};

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

bool
log_syslog(const char *facility, bool error, struct text line)
{
	for (size_t i = 0; i < sizeof facilities / sizeof facilities[0]; i++) {
		if (strcmp(facilities[i].name, facility) != 0)
			continue;
		openlog("relay", LOG_PID, facilities[i].facility);
		syslog(error ? LOG_ERR : LOG_INFO, "%.*s", (int)line.length, line.bytes);
		closelog();
		return true;
	}
	return false;
}
