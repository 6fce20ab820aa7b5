/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/options.h"

#include "base/buffer.h"
#include "table/table_cdb.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unreleased"
#endif

void
options_version(struct buffer *to)
{
	(void)buffer_add(to,
	    "relay " PACKAGE_VERSION "\n"
	    "system file: " SYSCONFDIR "/relayrc\n"
	    "user file: ~/.relayrc, else $XDG_CONFIG_HOME/relay/config\n");
	(void)buffer_print(
	    to, "tables: text%s\n", table_cdb_is_supported() ? ", cdb (compiled by tinycdb)" : "");
	(void)buffer_print(to, "keyring: %s\n", KEYRING ? "libsecret" : "none");
}
