/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_revaliases.h"

#include "base/arena.h"

#define PORT_SMTP 25
#define NAME_MAX_BYTES 100

/* user:address[:host[:port]] */
struct reverse {
	struct import_place place;
	struct text user;
	struct text address;
	struct text host; /* empty: the one of ssmtp.conf */
	int64_t port;     /* 0: the one of ssmtp.conf */
};

static bool
read_reverse(
    const struct import_file *file, const struct import_line *line, struct reverse *reverse)
{
	struct text body = text_slice(line->text, 0, text_find(line->text, '#'));
	size_t colon = text_find(body, ':');
	struct text rest = text_slice(body, colon + 1, body.length);

	*reverse = (struct reverse){ .place = { file->path, line->number, line->text } };
	reverse->user = text_trim(text_slice(body, 0, colon));
	reverse->address = text_word(&rest, ':');
	rest = text_trim(rest);
	while (rest.length > 0 && rest.bytes[0] == ':')
		rest = text_slice(rest, 1, rest.length);
	if (rest.length > 0)
		import_server_split(rest, &reverse->host, &reverse->port);
	return reverse->user.length > 0 && reverse->address.length > 0;
}

/* Does the row lead to another server than ssmtp.conf does? */
static bool
is_elsewhere(const struct reverse *reverse, const struct import_server *server)
{
	return reverse->host.length > 0
	    && (!text_equal_fold(server->host, reverse->host)
		|| (reverse->port != 0 && reverse->port != server->port));
}

static void
write_account(const struct reverse *reverse, const char *parent, struct import_writer *writer)
{
	const char *user = text_string(reverse->user, writer->arena);
	const char *name;

	if (text_has_control(reverse->user) || text_find(reverse->user, ',') < reverse->user.length
	    || text_find(reverse->user, ':') < reverse->user.length
	    || reverse->user.length > NAME_MAX_BYTES)
		return;
	name = import_writer_name(writer, arena_print(writer->arena, "ssmtp-%s", user));
	import_writer_account(writer, name, parent);
	import_writer_note(writer, &reverse->place,
	    "mail of this user took another server: relay takes it for the sender in 'from', or "
	    "with -a %s",
	    name);
	(void)import_writer_setting(writer, &reverse->place, SETTING_HOST, reverse->host);
	if (reverse->port != 0 || parent == NULL)
		(void)import_writer_number(writer, &reverse->place, SETTING_PORT,
		    reverse->port == 0 ? PORT_SMTP : reverse->port);
	(void)import_writer_setting(
	    writer, &reverse->place, SETTING_FROM, import_writer_literal(writer, reverse->address));
	(void)import_writer_setting(writer, &reverse->place, SETTING_FROM,
	    text_of(arena_print(writer->arena, "%s@%%M",
		text_string(import_writer_literal(writer, reverse->user), writer->arena))));
}

static void
write_generic(const struct import_file *file, struct import_writer *writer)
{
	struct import_line line = { .rest = file->bytes };
	struct reverse reverse;
	bool begun = false;

	while (import_file_next(&line)) {
		if (!read_reverse(file, &line, &reverse))
			continue;
		if (!begun)
			import_writer_note(writer, &reverse.place,
			    "reverse aliases are rows of generic: put these into "
			    "/etc/relay/generic, or into a file that 'generic' names");
		begun = true;
		import_writer_quote(writer,
		    text_of(arena_print(writer->arena, "%s   %s",
			text_string(reverse.user, writer->arena),
			text_string(reverse.address, writer->arena))));
	}
}

void
import_revaliases_write(const struct import_file *file, const struct import_server *server,
    const char *parent, struct import_writer *writer)
{
	struct import_line line = { .rest = file->bytes };
	struct reverse reverse;

	write_generic(file, writer);
	while (import_file_next(&line))
		if (read_reverse(file, &line, &reverse) && is_elsewhere(&reverse, server))
			write_account(&reverse, parent, writer);
}
