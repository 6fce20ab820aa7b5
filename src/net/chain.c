/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/chain.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"
#include "net/host.h"

#define SAN_MAX 256
#define SHOWN_MAX 300

static bool
import(const gnutls_datum_t *der, struct chain *chain, struct failure *why)
{
	gnutls_x509_crt_t *item = &chain->items[chain->count];
	int result;

	if (gnutls_x509_crt_init(item) < 0)
		arena_exhausted();
	chain->count++;
	result = gnutls_x509_crt_import(*item, der, GNUTLS_X509_FMT_DER);
	if (result < 0)
		return fail(why, EX_UNAVAILABLE, "the server's certificate cannot be read: %s",
		    gnutls_strerror(result));
	return true;
}

bool
chain_open(gnutls_session_t session, struct chain *chain, struct failure *why)
{
	unsigned count = 0;
	const gnutls_datum_t *sent = NULL;

	*chain = (struct chain){ .count = 0 };
	if (gnutls_certificate_type_get2(session, GNUTLS_CTYPE_SERVER) == GNUTLS_CRT_X509)
		sent = gnutls_certificate_get_peers(session, &count);
	if (sent == NULL || count == 0)
		return fail(why, EX_UNAVAILABLE, "the server presented no certificate");
	if (count > CHAIN_MAX)
		return fail(why, EX_UNAVAILABLE,
		    "the server presented %u certificates, more than %d", count, CHAIN_MAX);
	for (unsigned i = 0; i < count; i++)
		if (!import(&sent[i], chain, why)) {
			chain_close(chain);
			return false;
		}
	return true;
}

void
chain_close(struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++)
		gnutls_x509_crt_deinit(chain->items[i]);
	chain->count = 0;
}

/* What the alternative names say, in passing. */
struct names {
	size_t dns;
	size_t ip;
	bool strange;        /* one is too long or unreadable */
	struct buffer shown; /* 'a.test', 'b.test' */
};

static void
show(struct names *names, struct text name)
{
	char printable[SAN_MAX];
	size_t before = names->shown.length;

	(void)text_printable(name, printable, sizeof printable);
	if (before > 0 && !buffer_add(&names->shown, ", "))
		return;
	if (!buffer_print(&names->shown, "'%s'", printable))
		names->shown.length = before;
}

static void
count_name(struct names *names, int type, struct text name)
{
	char literal[INET6_ADDRSTRLEN];

	if (type == GNUTLS_SAN_DNSNAME) {
		names->dns++;
		show(names, name);
	}
	if (type != GNUTLS_SAN_IPADDRESS || (name.length != 4 && name.length != 16))
		return;
	names->ip++;
	if (inet_ntop(name.length == 4 ? AF_INET : AF_INET6, name.bytes, literal, sizeof literal)
	    != NULL)
		show(names, text_of(literal));
}

static void
read_names(gnutls_x509_crt_t certificate, struct names *names)
{
	for (unsigned i = 0;; i++) {
		char bytes[SAN_MAX] = { 0 };
		size_t size = sizeof bytes;
		int type = gnutls_x509_crt_get_subject_alt_name(certificate, i, bytes, &size, NULL);

		if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return;
		if (type < 0) {
			names->strange = true;
			return;
		}
		count_name(names, type, text_make(bytes, size));
	}
}

/*
 * The library looks at the common name when it saw no dNSName, and stops at a name
 * too long for it: both are excluded before it is asked.
 */
static bool
matches(gnutls_x509_crt_t certificate, const struct names *names, const struct host *host)
{
	if (names->strange)
		return false;
	if (host->family != AF_UNSPEC)
		return names->ip > 0
		    && gnutls_x509_crt_check_ip(
			   certificate, host->address, (unsigned)host->address_length, 0)
		    != 0;
	return names->dns > 0
	    && gnutls_x509_crt_check_hostname2(
		   certificate, host->name, GNUTLS_VERIFY_DO_NOT_ALLOW_IP_MATCHES)
	    != 0;
}

static bool
mismatch(const struct names *names, const struct host *host, struct failure *why)
{
	if (names->strange)
		return fail(why, EX_UNAVAILABLE,
		    "the server's certificate holds a name that cannot be "
		    "read, so it is not taken for '%s'",
		    host->name);
	if (names->shown.length == 0) {
		fail(why, EX_UNAVAILABLE,
		    "the server's certificate has no alternative name, so it is "
		    "not for '%s'",
		    host->name);
		return failure_hint(why,
		    "a common name alone no longer counts (RFC 9525): the server needs "
		    "a certificate with the name as subjectAltName, or pin it with "
		    "tls_fingerprint");
	}
	fail(why, EX_UNAVAILABLE, "the server's certificate is for %.*s, not for '%s'",
	    (int)names->shown.length, names->shown.bytes, host->name);
	return failure_hint(why,
	    "use one of these names as 'host', or set tls_host_override to it when "
	    "you know that the server is the right one");
}

bool
chain_names(const struct chain *chain, const char *host, struct failure *why)
{
	struct names names = { .shown = buffer_open(SHOWN_MAX) };
	struct host wanted;
	bool matched;

	if (!host_read(host, &wanted, why))
		return false;
	read_names(chain->items[0], &names);
	matched = matches(chain->items[0], &names, &wanted);
	if (!matched)
		mismatch(&names, &wanted, why);
	buffer_close(&names.shown);
	return matched;
}

static void
put_name(gnutls_datum_t *name, int result, char text[CHAIN_NAME_SIZE])
{
	if (result < 0) {
		(void)snprintf(text, CHAIN_NAME_SIZE, "?");
		return;
	}
	(void)text_printable(
	    text_make((const char *)name->data, name->size), text, CHAIN_NAME_SIZE);
	gnutls_free(name->data);
}

void
chain_subject(gnutls_x509_crt_t certificate, char text[CHAIN_NAME_SIZE])
{
	gnutls_datum_t name;

	put_name(&name, gnutls_x509_crt_get_dn3(certificate, &name, 0), text);
}

void
chain_issuer(gnutls_x509_crt_t certificate, char text[CHAIN_NAME_SIZE])
{
	gnutls_datum_t name;

	put_name(&name, gnutls_x509_crt_get_issuer_dn3(certificate, &name, 0), text);
}

void
chain_alternatives(gnutls_x509_crt_t certificate, char *text, size_t size)
{
	struct names names = { .shown = buffer_open(size - 1) };

	read_names(certificate, &names);
	(void)snprintf(text, size, "%.*s", (int)names.shown.length,
	    names.shown.bytes == NULL ? "" : names.shown.bytes);
	buffer_close(&names.shown);
}
