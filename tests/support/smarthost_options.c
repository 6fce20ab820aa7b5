/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smarthost_options.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"

#define PASSWORD_MAX 16384
#define SIZE_DEFAULT ((size_t)64 * 1024 * 1024)

enum choice {
	OPTION_DIRECTORY = 256,
	OPTION_USER,
	OPTION_PASSWORD_FILE,
	OPTION_PASSWORD_FD,
	OPTION_HOST_NAME,
	OPTION_CERTIFICATE,
	OPTION_MECHANISMS,
	OPTION_PRIORITIES,
	OPTION_WITHOUT,
	OPTION_SIZE,
	OPTION_RECIPIENTS,
	OPTION_ITERATIONS,
	OPTION_IMPLICIT_TLS,
	OPTION_NO_STARTTLS,
	OPTION_NO_AUTH,
	OPTION_ASK_CERTIFICATE,
	OPTION_INJECT,
	OPTION_LENIENT,
	OPTION_REPLY,
	OPTION_CLOSE,
	OPTION_STALL
};

static const struct option long_options[] = {
	{ "directory", required_argument, NULL, OPTION_DIRECTORY },
	{ "user", required_argument, NULL, OPTION_USER },
	{ "password-file", required_argument, NULL, OPTION_PASSWORD_FILE },
	{ "password-fd", required_argument, NULL, OPTION_PASSWORD_FD },
	{ "host-name", required_argument, NULL, OPTION_HOST_NAME },
	{ "certificate", required_argument, NULL, OPTION_CERTIFICATE },
	{ "mechanisms", required_argument, NULL, OPTION_MECHANISMS },
	{ "priorities", required_argument, NULL, OPTION_PRIORITIES },
	{ "without", required_argument, NULL, OPTION_WITHOUT },
	{ "size", required_argument, NULL, OPTION_SIZE },
	{ "recipients", required_argument, NULL, OPTION_RECIPIENTS },
	{ "scram-iterations", required_argument, NULL, OPTION_ITERATIONS },
	{ "implicit-tls", no_argument, NULL, OPTION_IMPLICIT_TLS },
	{ "no-starttls", no_argument, NULL, OPTION_NO_STARTTLS },
	{ "no-auth", no_argument, NULL, OPTION_NO_AUTH },
	{ "ask-certificate", no_argument, NULL, OPTION_ASK_CERTIFICATE },
	{ "inject-after-starttls", no_argument, NULL, OPTION_INJECT },
	{ "lenient", no_argument, NULL, OPTION_LENIENT },
	{ "reply", required_argument, NULL, OPTION_REPLY },
	{ "close", required_argument, NULL, OPTION_CLOSE },
	{ "stall", required_argument, NULL, OPTION_STALL },
	{ NULL, 0, NULL, 0 },
};

static bool
read_password(int fd, struct arena *arena, const char **password)
{
	char bytes[PASSWORD_MAX];
	ssize_t count;

	if (fd < 0)
		return false;
	count = read(fd, bytes, sizeof bytes);
	(void)close(fd);
	if (count <= 0)
		return false;
	*password = text_string(text_slice(text_make(bytes, (size_t)count), 0,
				    text_find(text_make(bytes, (size_t)count), '\n')),
	    arena);
	return true;
}

static bool
read_count(const char *argument, size_t *count)
{
	int64_t number;

	if (!text_number(text_of(argument), 0, INT32_MAX, &number))
		return false;
	*count = (size_t)number;
	return true;
}

static bool
read_descriptor(const char *argument, struct arena *arena, const char **password)
{
	size_t fd;

	return read_count(argument, &fd) && read_password((int)fd, arena, password);
}

static bool
add_without(struct smarthost_options *options, const char *extension)
{
	if (options->without_count == SMARTHOST_WITHOUT_MAX)
		return false;
	options->without[options->without_count++] = extension;
	return true;
}

static bool
take_switch(struct smarthost_options *options, int choice)
{
	bool *const switches[] = {
		[OPTION_IMPLICIT_TLS - OPTION_IMPLICIT_TLS] = &options->implicit_tls,
		[OPTION_NO_STARTTLS - OPTION_IMPLICIT_TLS] = &options->no_starttls,
		[OPTION_NO_AUTH - OPTION_IMPLICIT_TLS] = &options->no_auth,
		[OPTION_ASK_CERTIFICATE - OPTION_IMPLICIT_TLS] = &options->ask_certificate,
		[OPTION_INJECT - OPTION_IMPLICIT_TLS] = &options->inject,
		[OPTION_LENIENT - OPTION_IMPLICIT_TLS] = &options->lenient,
	};

	*switches[choice - OPTION_IMPLICIT_TLS] = true;
	return true;
}

static bool
take_word(struct smarthost_options *options, int choice, const char *argument)
{
	const char **const words[] = {
		[OPTION_DIRECTORY - OPTION_DIRECTORY] = &options->directory,
		[OPTION_USER - OPTION_DIRECTORY] = &options->user,
		[OPTION_HOST_NAME - OPTION_DIRECTORY] = &options->host_name,
		[OPTION_CERTIFICATE - OPTION_DIRECTORY] = &options->certificate,
		[OPTION_MECHANISMS - OPTION_DIRECTORY] = &options->mechanisms,
		[OPTION_PRIORITIES - OPTION_DIRECTORY] = &options->priorities,
		[OPTION_ITERATIONS - OPTION_DIRECTORY] = &options->iterations,
	};

	*words[choice - OPTION_DIRECTORY] = argument;
	return true;
}

static bool
take(struct smarthost_options *options, int choice, const char *argument, struct arena *arena)
{
	if (choice < OPTION_DIRECTORY)
		return false;
	if (choice >= OPTION_REPLY)
		return smarthost_script_add(
		    &options->script, (enum smarthost_act)(choice - OPTION_REPLY), argument, arena);
	if (choice >= OPTION_IMPLICIT_TLS)
		return take_switch(options, choice);
	if (choice == OPTION_PASSWORD_FILE)
		return read_password(
		    open(argument, O_RDONLY | O_CLOEXEC), arena, &options->password);
	if (choice == OPTION_PASSWORD_FD)
		return read_descriptor(argument, arena, &options->password);
	if (choice == OPTION_WITHOUT)
		return add_without(options, argument);
	if (choice == OPTION_SIZE)
		return read_count(argument, &options->size);
	if (choice == OPTION_RECIPIENTS)
		return read_count(argument, &options->recipients);
	return take_word(options, choice, argument);
}

bool
smarthost_options_read(
    int argc, char *const argv[], struct arena *arena, struct smarthost_options *options)
{
	int choice;

	*options = (struct smarthost_options){
		.host_name = "localhost",
		.certificate = "good",
		.size = SIZE_DEFAULT,
		.mechanisms = "SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1"
			      " PLAIN CRAM-MD5 LOGIN DIGEST-MD5",
	};
	for (;;) {
		choice = getopt_long(argc, argv, "", long_options, NULL);
		if (choice == -1)
			break;
		if (take(options, choice, optarg, arena))
			continue;
		(void)fprintf(stderr, "smarthost: bad option or argument: %s\n", argv[optind - 1]);
		return false;
	}
	if (options->directory == NULL || options->user == NULL || options->password == NULL) {
		(void)fputs(
		    "smarthost: --directory, --user and --password-file are needed\n", stderr);
		return false;
	}
	return true;
}

bool
smarthost_options_offers(const struct smarthost_options *options, const char *extension)
{
	for (size_t i = 0; i < options->without_count; i++)
		if (strcasecmp(options->without[i], extension) == 0)
			return false;
	return true;
}
