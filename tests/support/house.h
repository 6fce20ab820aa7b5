/* SPDX-License-Identifier: ISC */
/*
 * Everything a flow test needs around it: a directory with files, a fixed machine, and the way
 * from relayrc, arguments and message to a plan.
 */
#ifndef RELAY_TESTS_SUPPORT_HOUSE_H
#define RELAY_TESTS_SUPPORT_HOUSE_H

#include <stdbool.h>

#include "base/environment.h"
#include "base/failure.h"
#include "config/config.h"
#include "config/options.h"
#include "flow/plan.h"
#include "mail/message.h"

struct house {
	char directory[64];
	struct arena *arena;
	struct environment environment;
	struct invocation invocation;
	struct config config;
	struct message message;
	struct plan plan;
	struct failure why;
};

/* A new directory; host client.example, user root, the clock at 2026-11-22 12:00 UTC. */
struct house *house_open(void);

/* Writes a file of the directory (mode 0600) and returns its path. */
const char *house_file(struct house *house, const char *name, const char *content);

/* The directory's relayrc: %s in `content` stands for the directory, as often as it comes. */
const char *house_relayrc(struct house *house, const char *content);

/* The arguments after the program's name, as one string split at blanks. */
void house_arguments(struct house *house, const char *arguments);

/* The message; both parts with LF line ends. */
void house_message(struct house *house, const char *header, const char *body);

/* Reads relayrc and makes the plan; false leaves house->why. */
bool house_plan(struct house *house);

/* Removes everything. */
void house_close(struct house *house);

#endif
