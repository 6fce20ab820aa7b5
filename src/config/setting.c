/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/setting.h"

#include <assert.h>
#include <string.h>

#include "config/setting_table.h"

/* The commands that are no settings, for setting_nearest(). */
static const char *const structure[] = { "account", "defaults", "eval", "include" };

/* msmtp's old names; `on` and `off` are what today's setting gets for them. */
static const struct old {
	const char *name;
	const char *today;
	const char *on;
	const char *off;
} old_names[] = {
	{ "connect_timeout", "timeout", NULL, NULL },
	{ "keepbcc", "remove_bcc_headers", "off", "on" },
	{ "add_missing_from_header", "set_from_header", "auto", "off" },
	{ "add_missing_date_header", "set_date_header", "auto", "off" },
	{ "tls_nocertcheck", "tls_certcheck", "off", NULL },
	{ "tls_nostarttls", "tls_starttls", "off", NULL },
	{ "tls_force_sslv3", "", NULL, NULL },
};

const struct setting *
setting_row(enum setting_id id)
{
	assert(id < SETTING_COUNT);
	return setting_table_rows() + id;
}

const struct setting *
setting_find(struct text name)
{
	const struct setting *rows = setting_table_rows();

	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (text_is(name, rows[i].name))
			return rows + i;
	return NULL;
}

static const struct old *
find_old(struct text name)
{
	for (size_t i = 0; i < sizeof old_names / sizeof old_names[0]; i++)
		if (text_is(name, old_names[i].name))
			return old_names + i;
	return NULL;
}

/* Turns the argument of a switch into what the new setting says for it. */
static bool
modernize_argument(const struct old *old, struct text *argument)
{
	if (old->on == NULL)
		return true;
	if (argument->length == 0) {
		*argument = text_of(old->on);
		return true;
	}
	if (old->off == NULL)
		return false;
	if (text_is(*argument, "on"))
		*argument = text_of(old->on);
	else if (text_is(*argument, "off"))
		*argument = text_of(old->off);
	return true;
}

bool
setting_modernize(struct text *name, struct text *argument)
{
	const struct old *old = find_old(*name);

	if (old == NULL || !modernize_argument(old, argument))
		return false;
	*name = text_of(old->today);
	return true;
}

bool
setting_is_expanded(const struct setting *setting)
{
	return setting->id == SETTING_FROM || setting->id == SETTING_DOMAIN;
}

const char *
setting_nearest(struct text name)
{
	const struct setting *rows = setting_table_rows();

	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (text_is_near(name, text_of(rows[i].name)))
			return rows[i].name;
	for (size_t i = 0; i < sizeof structure / sizeof structure[0]; i++)
		if (text_is_near(name, text_of(structure[i])))
			return structure[i];
	return NULL;
}
