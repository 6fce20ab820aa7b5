/* SPDX-License-Identifier: ISC */
/*
 * AUTH (RFC 4954) by libgsasl's server side, for one user.
 */
#ifndef RELAY_TESTS_SMARTHOST_AUTH_H
#define RELAY_TESTS_SMARTHOST_AUTH_H

#include "smarthost_session.h"

/* The command's words behind AUTH. */
void smarthost_auth_run(struct smarthost_session *session, struct text argument);

/* The mechanisms for EHLO, as the channel allows: without TLS none needs binding. */
void smarthost_auth_list(const struct smarthost_session *session, struct buffer *to);

#endif
