/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "tests/support/house.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"

static uint64_t
fixed_bits(void)
{
	return 0x0123456789abcdefU;
}

struct house *
house_open(void)
{
	struct house *house = calloc(1, sizeof *house);

	cr_assert_not_null(house);
	(void)snprintf(house->directory, sizeof house->directory, "/tmp/relay-test.XXXXXX");
	cr_assert_not_null(mkdtemp(house->directory), "cannot make a directory");
	house->arena = arena_open();
	house->message.body_fd = -1;
	house->environment = (struct environment){
		.now = 1795348800,
		.now_us = 1795348800000000U,
		.uid = geteuid(),
		.user = "root",
		.full_name = "Charlie Root",
		.home = house->directory,
		.config_home = house->directory,
		.system_directory = house->directory,
		.temporary = house->directory,
		.host = "client.example",
		.mailname = "client.example",
		.columns = 80,
		.random = fixed_bits,
	};
	house_message(house, "Subject: hello\n", "hi\n");
	house_arguments(house, "root");
	return house;
}

const char *
house_file(struct house *house, const char *name, const char *content)
{
	const char *path = arena_print(house->arena, "%s/%s", house->directory, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct failure why;

	cr_assert(fd >= 0, "cannot write %s", path);
	cr_assert(file_write(fd, text_of(content), &why));
	close(fd);
	return path;
}

const char *
house_relayrc(struct house *house, const char *content)
{
	struct buffer text = buffer_open(0);
	const char *path;

	for (const char *at = content; *at != '\0'; at++) {
		if (at[0] == '%' && at[1] == 's') {
			(void)buffer_add(&text, house->directory);
			at++;
		} else {
			(void)buffer_byte(&text, *at);
		}
	}
	(void)buffer_byte(&text, '\0');
	path = house_file(house, "relayrc.user", text.bytes);
	buffer_close(&text);
	return path;
}

void
house_arguments(struct house *house, const char *arguments)
{
	struct text rest = text_of(arguments);
	char *argv[32] = { arena_string(house->arena, "relay") };
	int argc = 1;

	for (;;) {
		struct text word = text_word(&rest, '\0');

		if (word.length == 0 || argc == 31)
			break;
		argv[argc++] = text_string(word, house->arena);
	}
	cr_assert(options_read(argc, argv, &house->environment, house->arena, &house->invocation,
		      &house->why),
	    "%s", house->why.what);
}

void
house_message(struct house *house, const char *header, const char *body)
{
	message_close(&house->message);
	cr_assert(message_make(
		      text_of(header), text_of(body), house->arena, &house->message, &house->why),
	    "%s", house->why.what);
}

bool
house_plan(struct house *house)
{
	const char *user_file = arena_print(house->arena, "%s/relayrc.user", house->directory);

	house->config = (struct config){ 0 };
	if (access(user_file, F_OK) != 0)
		user_file = NULL;
	if (!config_read(&house->environment, user_file, house->arena, &house->config, &house->why))
		return false;
	return plan_make(&house->invocation, &house->config, &house->environment, &house->message,
	    house->arena, &house->plan, &house->why);
}

void
house_close(struct house *house)
{
	char command[128];

	(void)snprintf(command, sizeof command, "rm -rf '%s'", house->directory);
	cr_assert_eq(system(command), 0);
	message_close(&house->message);
	arena_close(house->arena);
	free(house);
}
