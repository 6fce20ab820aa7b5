/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/terms.h"

#include <stdio.h>

static void
put(char *to, size_t size, const char *name)
{
	(void)snprintf(to, size, "%s", name == NULL ? "" : name);
}

void
terms_read(gnutls_session_t session, struct terms *terms)
{
	struct failure ignored;
	struct chain chain;

	put(terms->version, sizeof terms->version,
	    gnutls_protocol_get_name(gnutls_protocol_get_version(session)));
	put(terms->cipher, sizeof terms->cipher,
	    gnutls_cipher_get_name(gnutls_cipher_get(session)));
	put(terms->group, sizeof terms->group, gnutls_group_get_name(gnutls_group_get(session)));
	terms->count = 0;
	if (!chain_open(session, &chain, &ignored))
		return;
	for (size_t i = 0; i < chain.count; i++)
		card_read(chain.items[i], &terms->cards[i]);
	terms->count = chain.count;
	chain_close(&chain);
}
