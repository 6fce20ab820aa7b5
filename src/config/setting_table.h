/* SPDX-License-Identifier: ISC */
/*
 * The rows of config/setting, apart because they are many.
 */
#ifndef RELAY_CONFIG_SETTING_TABLE_H
#define RELAY_CONFIG_SETTING_TABLE_H

#include "config/setting.h"

/* The rows, SETTING_COUNT of them, in the order of enum setting_id. */
const struct setting *setting_table_rows(void);

#endif
