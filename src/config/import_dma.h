/* SPDX-License-Identifier: ISC */
/*
 * dma.conf and auth.conf, as the DragonFly Mail Agent 0.13 reads them, into an account of relayrc.
 */
#ifndef RELAY_CONFIG_IMPORT_DMA_H
#define RELAY_CONFIG_IMPORT_DMA_H

#include "config/import_file.h"
#include "config/import_writer.h"

/* As import_ssmtp_write().  The auth.conf that AUTHPATH names is read when the set has none. */
bool import_dma_write(const struct import_set *set, struct import_writer *writer,
    const char **first, struct failure *why);

#endif
