/* SPDX-License-Identifier: ISC */
/*
 * Calls of the C library that have no time limit of their own, name look-ups first of all, made
 * beside the caller, who goes on without them when the time is up.
 */
#ifndef RELAY_BASE_PATIENCE_H
#define RELAY_BASE_PATIENCE_H

#include <stdbool.h>

#include "base/deadline.h"

/*
 * Runs run(data), in a thread of its own unless the deadline is never or there is no thread to be
 * had, and waits for it.  True: it is done, and `data` is the caller's.  False: the time is up,
 * `data` is not to be touched any more, and drop(data) follows run() whenever that ends.
 */
bool patience_run(
    void (*run)(void *data), void (*drop)(void *data), void *data, struct deadline deadline);

#endif
