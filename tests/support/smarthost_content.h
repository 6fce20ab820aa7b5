/* SPDX-License-Identifier: ISC */
/*
 * DATA and BDAT: the message itself, judged as a strict server judges it.
 */
#ifndef RELAY_TESTS_SMARTHOST_CONTENT_H
#define RELAY_TESTS_SMARTHOST_CONTENT_H

#include "smarthost_session.h"

void smarthost_content_data(struct smarthost_session *session, struct text argument);
void smarthost_content_bdat(struct smarthost_session *session, struct text argument);

#endif
