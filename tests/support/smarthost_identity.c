/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smarthost_identity.h"

#include <string.h>
#include <time.h>

#include "certificate.h"

#define DAY ((time_t)24 * 60 * 60)

struct kind {
	const char *name;
	int begins; /* day from now; 0: as usual */
	int ends;
	unsigned rsa_bits; /* 0: as usual */
	const char *dns;   /* instead of the host's name */
	bool no_names;     /* only the common name */
	bool self_signed;
	bool other_authority;
};

static const struct kind kinds[] = {
	{ .name = "good" },
	{ .name = "lasting", .ends = 100 },
	{ .name = "expired", .begins = -30, .ends = -2 },
	{ .name = "future", .begins = 2, .ends = 30 },
	{ .name = "wrong-name", .dns = "other.example" },
	{ .name = "self-signed", .self_signed = true },
	{ .name = "cn-only", .no_names = true },
	{ .name = "weak", .rsa_bits = 1024 },
	{ .name = "rsa", .rsa_bits = 2048 },
	{ .name = "unknown-ca", .other_authority = true },
};

static const struct kind *
find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static time_t
in_days(int days)
{
	return days == 0 ? 0 : time(NULL) + days * DAY;
}

static struct certificate_wish
make_wish(const struct kind *kind, const char *host_name, const struct certificate *signer)
{
	struct certificate_wish wish = {
		.common_name = host_name,
		.not_before = in_days(kind->begins),
		.not_after = in_days(kind->ends),
		.rsa_bits = kind->rsa_bits,
		.purpose = GNUTLS_KP_TLS_WWW_SERVER,
		.signer = kind->self_signed ? NULL : signer,
	};

	if (kind->no_names)
		return wish;
	wish.dns[0] = kind->dns == NULL ? host_name : kind->dns;
	if (kind->dns == NULL)
		wish.ip[0] = "127.0.0.1";
	return wish;
}

static void
make_client(const struct certificate *authority, const char *directory)
{
	const struct certificate_wish wish = {
		.common_name = "a client", .purpose = GNUTLS_KP_TLS_WWW_CLIENT, .signer = authority
	};
	struct certificate client = certificate_make(&wish);

	certificate_write_chain(&client, NULL, directory, "client");
	certificate_close(&client);
}

bool
smarthost_identity_make(const char *kind_name, const char *host_name, const char *directory,
    gnutls_certificate_credentials_t *credentials)
{
	const struct kind *kind = find_kind(kind_name);
	struct certificate authority;
	struct certificate other;
	struct certificate leaf;
	struct certificate_wish wish;

	if (kind == NULL)
		return false;
	authority = certificate_authority("relay test authority");
	other = certificate_authority("another authority");
	wish = make_wish(kind, host_name, kind->other_authority ? &other : &authority);
	leaf = certificate_make(&wish);
	certificate_write(&authority, directory, "ca");
	/* For servers that a test plays itself. */
	certificate_write_chain(&leaf, NULL, directory, "server");
	make_client(&authority, directory);
	*credentials = certificate_credentials(&leaf, 1);
	if (gnutls_certificate_set_x509_trust(*credentials, &authority.crt, 1) < 0)
		return false;
	certificate_close(&leaf);
	certificate_close(&other);
	certificate_close(&authority);
	return true;
}
