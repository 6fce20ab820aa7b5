/* SPDX-License-Identifier: ISC */
/*
 * The next thing to do, for failures whose own file knows of none: rows by stage, server's code
 * and whether it may pass.
 */
#ifndef RELAY_FLOW_ADVICE_H
#define RELAY_FLOW_ADVICE_H

#include "base/failure.h"

/* Gives the failure a hint when it has none. */
void advice_add(struct failure *why);

#endif
