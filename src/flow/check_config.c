/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_config.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "flow/rule.h"

#define AREA "config"

static void
find_mode(struct check_list *list, const char *path)
{
	struct failure why;
	struct stat status;
	int fd;

	if (!file_open(path, &fd, &status, &why)) {
		check_list_fail(list, AREA, &why);
		return;
	}
	close(fd);
	/* That there is none in such a file, its reading has made sure of. */
	if (file_keeps_secret(path, &status, &why))
		check_list_ok(
		    list, AREA, "%s: read, mode %04o", path, (unsigned)status.st_mode & 07777U);
	else
		check_list_ok(list, AREA,
		    "%s: read, mode %04o: holds no password, and could not with this mode", path,
		    (unsigned)status.st_mode & 07777U);
}

static void
find_files(struct check_list *list, const struct config *config)
{
	for (size_t i = 0; i < config->trial_count; i++) {
		const struct config_trial *trial = &config->trials[i];

		if (trial->reason == NULL)
			find_mode(list, trial->path);
		else
			check_list_note(list, AREA, "%s: %s", trial->path, trial->reason);
	}
}

static void
find_remarks(struct check_list *list, const struct config *config)
{
	for (size_t i = 0; i < config->remark_count; i++) {
		const struct config_remark *remark = &config->remarks[i];

		if (remark->fault)
			check_list_fail(list, AREA, &remark->why);
		else
			check_list_doubt(list, AREA, &remark->why);
	}
}

/* What only net and smtp understand. */
static bool
understood(struct check_list *list, const struct config *config)
{
	struct failure last = { 0 };
	struct failure why;
	bool good = true;

	for (size_t i = 0; i < config->accounts.count; i++) {
		if (rule_check(config->accounts.items[i], list->arena, &why))
			continue;
		/* Accounts that inherit a value share its fault. */
		if (strcmp(why.where, last.where) != 0 || strcmp(why.what, last.what) != 0)
			check_list_fail(list, AREA, &why);
		last = why;
		good = false;
	}
	return good;
}

bool
check_config_read(const struct invocation *invocation, const struct environment *environment,
    bool quiet, struct check_list *list, struct config *config)
{
	struct failure why;
	bool read;

	*config = (struct config){ 0 };
	read = config_read(environment, invocation->config_file, list->arena, config, &why);
	if (!quiet && read)
		find_files(list, config);
	if (!quiet || !read)
		find_remarks(list, config);
	if (!read && config->remark_count == 0)
		check_list_fail(list, AREA, &why);
	return understood(list, config) && read;
}

void
check_config_others(struct check_list *list, const struct config *config, const char *name)
{
	struct buffer others = buffer_open(0);

	for (size_t i = 0; i < config->accounts.count; i++)
		if (strcmp(config->accounts.items[i]->name, name) != 0)
			(void)buffer_print(&others, " %s", config->accounts.items[i]->name);
	if (others.length > 0)
		check_list_note(list, "accounts",
		    "not looked at:%.*s (relay --check NAME... looks at these)", (int)others.length,
		    others.bytes);
	buffer_close(&others);
}
