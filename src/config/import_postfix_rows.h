/* SPDX-License-Identifier: ISC */
/*
 * The rows of config/import_postfix: what becomes of each parameter.
 */
#ifndef RELAY_CONFIG_IMPORT_POSTFIX_ROWS_H
#define RELAY_CONFIG_IMPORT_POSTFIX_ROWS_H

#include "config/import_row.h"

const struct import_rows *import_postfix_rows(void);

#endif
