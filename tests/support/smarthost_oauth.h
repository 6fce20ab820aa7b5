/* SPDX-License-Identifier: ISC */
/*
 * XOAUTH2 and OAUTHBEARER as a server judges them: the password is the token.
 */
#ifndef RELAY_TESTS_SMARTHOST_OAUTH_H
#define RELAY_TESTS_SMARTHOST_OAUTH_H

#include <stdbool.h>

#include "base/text.h"
#include "smarthost_options.h"

/* Is it one of the two? */
bool smarthost_oauth_is(const char *mechanism);

/* Does the response, in base64, hold the user, the token and, for OAUTHBEARER, a host and a port?
 */
bool smarthost_oauth_fits(
    const struct smarthost_options *options, const char *mechanism, const char *response);

/* The error that a wrong token gets, in base64. */
const char *smarthost_oauth_error(void);

/* Is that what the client has to say to the error (RFC 7628 3.2.3)? */
bool smarthost_oauth_yields(const char *mechanism, const char *response);

#endif
