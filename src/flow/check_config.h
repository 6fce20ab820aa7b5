/* SPDX-License-Identifier: ISC */
/*
 * The part of --check that looks at the files of configuration.
 */
#ifndef RELAY_FLOW_CHECK_CONFIG_H
#define RELAY_FLOW_CHECK_CONFIG_H

#include <stdbool.h>

#include "base/environment.h"
#include "config/config.h"
#include "config/options.h"
#include "flow/check_list.h"

/*
 * Reads them: a finding for each path that was looked for and each remark.  `quiet`: only what is
 * wrong.  False when no account can be chosen for their faults.
 */
bool check_config_read(const struct invocation *invocation, const struct environment *environment,
    bool quiet, struct check_list *list, struct config *config);

/* Names the accounts that there are besides `name`. */
void check_config_others(struct check_list *list, const struct config *config, const char *name);

#endif
