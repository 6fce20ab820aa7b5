/* SPDX-License-Identifier: ISC */
/*
 * The commands of relayrc that are no settings: account, defaults, eval, include.
 */
#ifndef RELAY_CONFIG_CONFIG_SECTION_H
#define RELAY_CONFIG_CONFIG_SECTION_H

#include "config/config_lines.h"

/* Carries the command out; false, with nothing done, when the name is none of them. */
bool config_section_read(struct config_lines *lines, struct text name, struct text argument);

/* Opens the account `default` for settings that stand before any section. */
void config_section_begin(struct config_lines *lines);

#endif
