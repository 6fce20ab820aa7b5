/* SPDX-License-Identifier: ISC */
/*
 * What is said about a file of configuration, collected.
 */
#ifndef RELAY_CONFIG_CONFIG_REMARK_H
#define RELAY_CONFIG_CONFIG_REMARK_H

#include "config/config.h"

/* A binary file must not fill the memory with its faults. */
#define CONFIG_REMARK_MAX ((size_t)100)

/* Adds a copy of *why.  Past CONFIG_REMARK_MAX one fault says that there are more. */
void config_remark_add(
    struct config *config, const struct failure *why, bool fault, struct arena *arena);

/* The first fault; NULL: none. */
const struct failure *config_remark_fault(const struct config *config);

#endif
