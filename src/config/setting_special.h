/* SPDX-License-Identifier: ISC */
/*
 * Settings whose argument has a form of its own: what stands in a row's `read`.
 */
#ifndef RELAY_CONFIG_SETTING_SPECIAL_H
#define RELAY_CONFIG_SETTING_SPECIAL_H

#include "config/setting.h"

/* The forms of setting.read: the number is the first host's port (0: none given) ... */
bool setting_special_host(
    struct text argument, struct arena *arena, struct value *value, struct failure *why);

/* ... nothing that a greeting cannot hold ... */
bool setting_special_domain(
    struct text argument, struct arena *arena, struct value *value, struct failure *why);

/* ... seconds, 0 and the text "off" for none ... */
bool setting_special_timeout(
    struct text argument, struct arena *arena, struct value *value, struct failure *why);

/* ... the text is "off", "on", or words in lower case separated by one blank ... */
bool setting_special_auth(
    struct text argument, struct arena *arena, struct value *value, struct failure *why);

/* ... the text is "never" or failure, delay, success with commas; NULL for off ... */
bool setting_special_dsn_notify(
    struct text argument, struct arena *arena, struct value *value, struct failure *why);

/* ... the number is the facility of syslog(3), the text its name; NULL for off ... */
bool setting_special_syslog(
    struct text argument, struct arena *arena, struct value *value, struct failure *why);

/* ... 64 hexadecimal digits with or without colons ... */
bool setting_special_fingerprint(
    struct text argument, struct arena *arena, struct value *value, struct failure *why);

/* ... a name without a slash. */
bool setting_special_credential(
    struct text argument, struct arena *arena, struct value *value, struct failure *why);

#endif
