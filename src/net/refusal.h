/* SPDX-License-Identifier: ISC */
/*
 * What the bits of a certificate's verification mean, in words for the person
 * who has to mend it.
 */
#ifndef RELAY_NET_REFUSAL_H
#define RELAY_NET_REFUSAL_H

#include "net/chain.h"

/*
 * The failure (EX_UNAVAILABLE) for a verification status that is not 0; `status` of
 * gnutls_certificate_verify_peers(), `authorities` names the trust ("the system's
 * authorities", or a file).  Always false.
 */
bool refusal_explain(
    unsigned status, const struct chain *chain, const char *authorities, struct failure *why);

#endif
