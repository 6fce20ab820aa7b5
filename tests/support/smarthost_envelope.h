/* SPDX-License-Identifier: ISC */
/*
 * MAIL and RCPT, with the parameters of the extensions that are offered.
 */
#ifndef RELAY_TESTS_SMARTHOST_ENVELOPE_H
#define RELAY_TESTS_SMARTHOST_ENVELOPE_H

#include "smarthost_session.h"

void smarthost_envelope_mail(struct smarthost_session *session, struct text argument);
void smarthost_envelope_rcpt(struct smarthost_session *session, struct text argument);

#endif
