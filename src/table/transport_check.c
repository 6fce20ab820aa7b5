/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/transport_check.h"

#include "base/arena.h"
#include "table/key_doubt.h"
#include "table/table_rows.h"
#include "table/table_warnings.h"

/* Where no port is written, as in routes. */
#define PORT_SUBMISSION 587
#define PORT_SUBMISSIONS 465

struct work {
	const struct transport_rule *rule;
	struct password_check *passwords;
	struct table_seen seen;
	struct table_warnings *warnings;
};

size_t
transport_check_unlike(struct password_check *passwords, const struct transport_hop *hop,
    unsigned port, struct arena *arena)
{
	size_t line;

	if (table_seen_find(&passwords->keys, text_of(hop->host)) != 0
	    || table_seen_find(&passwords->keys, text_of(hop->text)) != 0
	    || (hop->bare != NULL && table_seen_find(&passwords->keys, text_of(hop->bare)) != 0))
		return 0;
	/* Another port is another server. */
	line = table_seen_find(&passwords->hosts,
	    password_check_server(hop->host, hop->port != 0 ? hop->port : port, arena));
	if (line != 0)
		return line;
	return table_seen_find(&passwords->hosts, password_check_server(hop->host, 0, arena));
}

/* The likeliest slip of all: `[mail]:587` here and `mail:587` there are two keys. */
static void
check_hops(struct work *work, const struct transport *transport, size_t line, struct arena *arena)
{
	unsigned port = transport->kind == TRANSPORT_SMTPS ? PORT_SUBMISSIONS : PORT_SUBMISSION;

	for (size_t i = 0; i < transport->hops.count; i++) {
		const struct transport_hop *hop = &transport->hops.items[i];
		size_t other = transport_check_unlike(work->passwords, hop, port, arena);

		if (other != 0)
			table_warnings_tell(work->warnings, line, false,
			    "'%s' finds no password: %s:%zu is about that host, but written "
			    "in another way; write both alike, brackets and port included",
			    hop->text, work->passwords->path, other);
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
		check_hops(work, &transport, row->line, arena);
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
