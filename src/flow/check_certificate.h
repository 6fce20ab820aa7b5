/* SPDX-License-Identifier: ISC */
/*
 * What --check has to say of a TLS handshake and the certificates that came with it; whether
 * they are to be trusted is another question, which net/trust answers.
 */
#ifndef RELAY_FLOW_CHECK_CERTIFICATE_H
#define RELAY_FLOW_CHECK_CERTIFICATE_H

#include <stdint.h>

#include "flow/check_list.h"
#include "net/terms.h"

/* Fewer days left than this are a warning: who renews by hand needs them. */
#define CHECK_CERTIFICATE_DAYS 21

/* Version and cipher, then names, dates, key and fingerprint, then the rest of the chain.  `now` in
 * seconds since 1970. */
void check_certificate_find(struct check_list *list, const struct terms *terms, int64_t now);

#endif
