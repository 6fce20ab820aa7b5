/* SPDX-License-Identifier: ISC */
/*
 * One submission over a transcript: session, message, recipients and report put together.
 */
#ifndef RELAY_TESTS_SUPPORT_PLAY_H
#define RELAY_TESTS_SUPPORT_PLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/message.h"
#include "mail/report.h"
#include "smtp/session.h"
#include "smtp/submit.h"
#include "tests/support/script.h"

struct play {
	struct arena *arena;
	struct script *script;
	struct session_rule rule;
	struct session *session;
	struct message message;
	struct submission submission;
	struct submission_recipient *recipients;
	size_t capacity;
	struct report report;
	struct failure why;
};

/* Opens a session over the file of tests/dialogs, or the transcript, up to its EHLO; LMTP when the
 * file's name begins so.  `play` stays where it is. */
void play_open(struct play *play, const char *file);
void play_open_text(struct play *play, struct text transcript);

/* Adds recipients, separated by blanks, each with an open verdict. */
void play_add(struct play *play, const char *names);

/* Sets the message; the default is a field and a line that begins with a dot, 21 bytes. */
void play_message(struct play *play, const char *header, const char *body);

/* Submits; fails the test when the message cannot be made. */
bool play_submit(struct play *play);

/* "delivered, refused 67, deferred 75 in doubt": one for each verdict.  Belongs to the arena. */
const char *play_verdicts(const struct play *play);

/* Closes the session; returns script_problem(). */
const char *play_end(struct play *play);

void play_close(struct play *play);

/* An address of a C string, which must have an @. */
struct address play_address(const char *name);

#endif
