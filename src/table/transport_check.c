/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/transport_check.h"

#include "base/arena.h"
#include "table/key_doubt.h"
#include "table/table_rows.h"
#include "table/table_warnings.h"

struct work {
	const struct transport_rule *rule;
	struct password_check *passwords;
	struct table_seen seen;
	struct table_warnings *warnings;
};

size_t
transport_check_unlike(struct password_check *passwords, const struct transport_hop *hop)
{
	if (table_seen_find(&passwords->keys, text_of(hop->host)) != 0
	    || table_seen_find(&passwords->keys, text_of(hop->text)) != 0
	    || (hop->bare != NULL && table_seen_find(&passwords->keys, text_of(hop->bare)) != 0))
		return 0;
	return table_seen_find(&passwords->hosts, text_of(hop->host));
}

/* The likeliest slip of all: `[mail]:587` here and `mail:587` there are two keys. */
static void
check_hops(struct work *work, const struct transport_hops *hops, size_t line)
{
	for (size_t i = 0; i < hops->count; i++) {
		size_t other = transport_check_unlike(work->passwords, &hops->items[i]);

		if (other != 0)
			table_warnings_tell(work->warnings, line, false,
			    "'%s' finds no password: %s:%zu is about that host, but written "
			    "in another way; write both alike, brackets and port included",
			    hops->items[i].text, work->passwords->path, other);
	}
}

static void
check_row(void *data, const struct table_row *row, struct arena *arena)
{
	struct work *work = data;
	const char *doubt = key_doubt_transport(row->key, arena);
	struct transport transport;
	struct failure why;

	if (doubt != NULL)
		table_warn(work->warnings, row->line, doubt);
	if (!table_seen_row(&work->seen, row->key, row->line, work->warnings))
		return;
	if (!transport_read(row->value, work->rule, arena, &transport, &why))
		table_warnings_fail(work->warnings, row->line, "", &why);
	else if (work->passwords != NULL && doubt == NULL)
		check_hops(work, &transport.hops, row->line);
}

bool
transport_check(const struct transport_rule *rule, struct password_check *passwords,
    struct table_warnings *warnings, size_t *rows, struct failure *why)
{
	struct work work = { .rule = rule,
		.passwords = passwords,
		.seen = table_seen_open(),
		.warnings = warnings };
	bool checked = table_rows_each(rule->path, false, warnings, check_row, &work, rows, why);

	table_seen_close(&work.seen);
	return checked;
}
