/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_nullmailer.h"

#include "base/arena.h"
#include "config/import_remote.h"
#include "config/import_row.h"

#define COUNT_OF(ARRAY) (sizeof(ARRAY) / sizeof(ARRAY)[0])

/* The remotes, in the order in which they are tried. */
struct remotes {
	struct import_remote *items; /* belongs to arena */
	size_t count;
	size_t capacity;
};

static void
write_sender(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	import_writer_comment(writer, "allmailfrom: no option and no program sets another sender.");
	(void)import_writer_setting(
	    writer, &entry->place, SETTING_FROM, import_writer_literal(writer, entry->value));
	(void)import_writer_word(writer, &entry->place, SETTING_ALLOW_FROM_OVERRIDE, "off");
}

static void
write_administrator(
    struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	import_writer_note(writer, &entry->place,
	    "adminaddr got the mail for every user of this machine: put this line into "
	    "/etc/aliases");
	import_writer_quote(writer,
	    text_of(arena_print(
		writer->arena, "default: %s", text_string(entry->value, writer->arena))));
}

static void
write_domain(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	(void)import_writer_domain(writer, &entry->place, SETTING_DOMAIN, entry->value);
}

static void
write_default_domain(
    struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	import_writer_lost(writer, &entry->place,
	    "'defaultdomain' is not kept but in the names above: relay adds nothing to a domain "
	    "of one word");
}

static void
write_lifetime(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	(void)import_writer_setting(writer, &entry->place, SETTING_QUEUE_LIFETIME, entry->value);
}

#define NO_QUEUE "this version has no queue"

static const struct import_row row_table[] = {
	{ .name = "me", .act = IMPORT_ROW_APART },
	{ .name = "defaulthost", .act = IMPORT_ROW_APART },
	{ .name = "defaultdomain", .act = IMPORT_ROW_CALL, .write = write_default_domain },
	{ .name = "helohost", .act = IMPORT_ROW_CALL, .write = write_domain },
	{ .name = "allmailfrom", .act = IMPORT_ROW_CALL, .write = write_sender },
	{ .name = "adminaddr", .act = IMPORT_ROW_CALL, .write = write_administrator },
	{ .name = "idhost",
	    .act = IMPORT_ROW_LOST,
	    .reason = "a Message-ID made here has the domain of mail" },
	{ .name = "queuelifetime", .act = IMPORT_ROW_CALL, .write = write_lifetime },
	{ .name = "doublebounceto", .act = IMPORT_ROW_LOST, .reason = NO_QUEUE },
	{ .name = "pausetime", .act = IMPORT_ROW_LOST, .reason = NO_QUEUE },
	{ .name = "maxpause", .act = IMPORT_ROW_LOST, .reason = NO_QUEUE },
	{ .name = "sendtimeout",
	    .act = IMPORT_ROW_LOST,
	    .reason = "every step has its own time; see 'timeout'" },
};

static const struct import_rows rows = { row_table, COUNT_OF(row_table), NULL, NULL };

/* A control file is its first line. */
static bool
add_file(const struct import_file *file, struct import_entries *entries, struct arena *arena,
    struct failure *why)
{
	struct import_line line = { .rest = file->bytes };
	struct import_entry entry = { .name = text_of(file->name) };

	if (!import_file_next(&line) || text_trim(line.text).length == 0)
		return true;
	entry.value = text_trim(line.text);
	entry.place = (struct import_place){ file->path, 1, line.text };
	return import_row_add(entries, &entry, arena, why);
}

static bool
read_files(const struct import_set *set, struct import_entries *entries, struct arena *arena,
    struct failure *why)
{
	for (size_t i = 0; import_file_names()[i].name != NULL; i++) {
		const struct import_file_name *name = &import_file_names()[i];
		const struct import_file *file = import_file_find(set, name->name);

		if (name->peer == IMPORT_NULLMAILER && !name->alone && file != NULL
		    && !add_file(file, entries, arena, why))
			return false;
	}
	return true;
}

static bool
add_remote(struct remotes *remotes, const struct import_place *place, struct import_writer *writer,
    struct failure *why)
{
	struct import_remote remote;
	bool found;

	if (!import_remote_read(place, writer->arena, &remote, &found, why))
		return false;
	if (!found)
		return true;
	if (!text_is(remote.protocol, "smtp")) {
		import_writer_note(writer, place, "not kept: relay speaks SMTP only");
		return true;
	}
	if (remotes->count >= IMPORT_ROW_ENTRIES_MAX) {
		fail(why, EX_CONFIG, "more than %zu remotes", IMPORT_ROW_ENTRIES_MAX);
		return failure_at(why, "%s:%zu", place->file, place->line);
	}
	remotes->items = arena_grow(writer->arena, remotes->items, remotes->count,
	    &remotes->capacity, sizeof *remotes->items);
	remotes->items[remotes->count++] = remote;
	return true;
}

static bool
read_remotes(const struct import_file *file, struct remotes *remotes, struct import_writer *writer,
    struct failure *why)
{
	struct import_line line = { .rest = file->bytes };

	while (import_file_next(&line)) {
		struct text trimmed = text_trim(line.text);
		const struct import_place place = { file->path, line.number, trimmed };

		if (trimmed.length > 0 && trimmed.bytes[0] != '#'
		    && !add_remote(remotes, &place, writer, why))
			return false;
	}
	return true;
}

/* What nullmailer makes full: a name of one word gets the default domain. */
static struct text
full_name(const struct import_entries *entries, struct text name, struct arena *arena)
{
	const struct import_entry *domain = import_row_last(entries, "defaultdomain");

	if (domain == NULL || text_find(name, '.') < name.length || text_is(name, "localhost"))
		return name;
	return text_of(arena_print(
	    arena, "%s.%s", text_string(name, arena), text_string(domain->value, arena)));
}

static void
write_names(const struct import_entries *entries, struct import_writer *writer)
{
	const struct import_entry *me = import_row_last(entries, "me");
	const struct import_entry *host = import_row_last(entries, "defaulthost");

	if (host == NULL)
		host = me;
	if (host != NULL)
		(void)import_writer_domain(writer, &host->place, SETTING_MAILDOMAIN,
		    full_name(entries, host->value, writer->arena));
	if (me != NULL && import_row_last(entries, "helohost") == NULL)
		(void)import_writer_domain(writer, &me->place, SETTING_DOMAIN,
		    full_name(entries, me->value, writer->arena));
}

/* The first account has everything, the others what their mail would look like without. */
static void
write_rest(const struct import_entries *entries, bool is_first, struct import_writer *writer)
{
	const struct import_entry *sender = import_row_last(entries, "allmailfrom");
	const struct import_entry *hello = import_row_last(entries, "helohost");

	write_names(entries, writer);
	if (is_first) {
		import_row_write(&rows, entries, NULL, writer);
		return;
	}
	if (hello != NULL)
		write_domain(writer, hello, NULL);
	if (sender != NULL)
		write_sender(writer, sender, NULL);
}

/* An account for each run of remotes that are alike. */
static void
write_accounts(const struct remotes *remotes, const struct import_entries *entries,
    const char *first, struct import_writer *writer)
{
	size_t begin = 0;

	while (begin < remotes->count) {
		const struct import_remote *remote = &remotes->items[begin];
		size_t end = begin + 1;

		while (end < remotes->count && import_remote_is_like(remote, &remotes->items[end]))
			end++;
		import_writer_account(
		    writer, begin == 0 ? first : import_writer_name(writer, first), NULL);
		if (begin > 0)
			import_writer_note(writer, &remote->place,
			    "this server was tried after those above: relay takes it with -a "
			    "only, as an account has one user and password");
		import_remote_write(remote, end - begin, writer);
		write_rest(entries, begin == 0, writer);
		begin = end;
	}
}

bool
import_nullmailer_write(const struct import_set *set, struct import_writer *writer,
    const char **first, struct failure *why)
{
	const struct import_file *file = import_file_find(set, "remotes");
	struct import_entries entries = { 0 };
	struct remotes remotes = { 0 };
	const struct import_place place = { set->files[0]->path, 0, text_of(NULL) };

	if (!read_files(set, &entries, writer->arena, why)
	    || (file != NULL && !read_remotes(file, &remotes, writer, why)))
		return false;
	*first = import_writer_name(writer, "nullmailer");
	if (remotes.count > 0) {
		write_accounts(&remotes, &entries, *first, writer);
		return true;
	}
	import_writer_account(writer, *first, NULL);
	import_writer_note(writer, &place, "no server is named: the file 'remotes' names them");
	write_rest(&entries, true, writer);
	return true;
}
