/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/options.h"

#include "base/buffer.h"

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
}
