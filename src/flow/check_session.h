/* SPDX-License-Identifier: ISC */
/*
 * The part of --check that a session stands open for: extensions, login, sender.
 */
#ifndef RELAY_FLOW_CHECK_SESSION_H
#define RELAY_FLOW_CHECK_SESSION_H

#include "flow/check_talk.h"
#include "smtp/session.h"

/* Adds what the server offers; logs in and asks for the sender as `talk` wants.  The session is
 * the caller's to close. */
void check_session_find(struct check_talk *talk, struct session *session);

#endif
