/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/options.h"

#include <stdio.h>

#include "base/buffer.h"
#include "config/options_table.h"
#include "config/setting_read.h"

#define COLUMN 38

struct form {
	const char *name;     /* NULL: none */
	char letter;          /* 0: none */
	const char *argument; /* NULL: none */
	bool optional;
	const char *help;
};

static void
put_option(const struct form *form, struct buffer *to)
{
	char left[96] = "     ";
	int used = 5;

	if (form->letter != 0)
		used = snprintf(
		    left, sizeof left, " -%c%s", form->letter, form->name == NULL ? "" : ", ");
	if (form->name != NULL)
		used += snprintf(left + used, sizeof left - (size_t)used, "--%s", form->name);
	if (form->argument != NULL)
		(void)snprintf(left + used, sizeof left - (size_t)used, "%s%s%s",
		    form->optional           ? "[="
			: form->name == NULL ? " "
					     : "=",
		    form->argument, form->optional ? "]" : "");
	(void)buffer_print(to, "%-*s  %s\n", COLUMN, left, form->help);
}

static void
put_rows(struct buffer *to)
{
	size_t count;
	const struct options_row *rows = options_table_rows(&count);

	for (size_t i = 0; i < count; i++) {
		struct form form = { rows[i].name, rows[i].letter, rows[i].argument,
			rows[i].form == OPTIONS_GLUED, rows[i].help };

		if (form.help != NULL)
			put_option(&form, to);
	}
}

static void
put_settings(struct buffer *to)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		const struct setting *setting = setting_row((enum setting_id)i);
		struct form form = { setting->flag, setting->letter, setting->argument,
			setting_read_has_usual(setting), setting->help };

		if (setting->type == SETTING_IS_SWITCH)
			form.argument = "on|off";
		if (form.name != NULL)
			put_option(&form, to);
	}
}

void
options_help(struct buffer *to)
{
	(void)buffer_add(to,
	    "Usage: relay [option]... [--] [recipient]...\n"
	    "Sends the message on standard input by the server that relayrc names.\n\n");
	put_rows(to);
	(void)buffer_add(to, "\nSettings of relayrc, for this run:\n");
	put_settings(to);
	(void)buffer_add(to,
	    "\nAccepted for sendmail's callers, without effect:\n"
	    " -Ac -Am -B -G -L -O -U -c -e -h -m -n -o -p -s -x\n"
	    "\nSee relay(1) and relayrc(5).\n");
}
