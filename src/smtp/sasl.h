/* SPDX-License-Identifier: ISC */
/*
 * libgsasl, for the mechanisms that are not spoken here, loaded when the first of them is looked
 * for: it brings Kerberos, NTLM and IDNA along, a tenth of what a small mail costs, and most
 * logins need none of it.  Knows no session and no user.
 */
#ifndef RELAY_SMTP_SASL_H
#define RELAY_SMTP_SASL_H

#include <stdbool.h>

#include <gsasl.h>

#include "base/failure.h"

/* Its functions, called as the library's manual says. */
struct sasl {
	__typeof__(&gsasl_init) init;
	__typeof__(&gsasl_done) done;
	__typeof__(&gsasl_client_support_p) client_support_p;
	__typeof__(&gsasl_client_start) client_start;
	__typeof__(&gsasl_finish) finish;
	__typeof__(&gsasl_step) step;
	__typeof__(&gsasl_property_set) property_set;
	__typeof__(&gsasl_property_fast) property_fast;
	__typeof__(&gsasl_saslprep) saslprep;
	__typeof__(&gsasl_strerror) strerror;
};

/* The functions, for as long as the process lives.  NULL with EX_UNAVAILABLE when the library
 * cannot be loaded. */
const struct sasl *sasl_load(struct failure *why);

/* Can the library do this mechanism as a client?  No, when it cannot be loaded. */
bool sasl_supports(const char *mechanism);

#endif
