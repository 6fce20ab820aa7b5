/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_file.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "config/config.h"
#include "config/setting.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static const struct import_file_name names[] = {
	{ "msmtprc", IMPORT_MSMTP, true },
	{ ".msmtprc", IMPORT_MSMTP, true },
	{ "ssmtp.conf", IMPORT_SSMTP, true },
	{ "revaliases", IMPORT_SSMTP, false },
	{ "dma.conf", IMPORT_DMA, true },
	{ "auth.conf", IMPORT_DMA, false },
	{ "remotes", IMPORT_NULLMAILER, true },
	{ "me", IMPORT_NULLMAILER, false },
	{ "defaultdomain", IMPORT_NULLMAILER, false },
	{ "defaulthost", IMPORT_NULLMAILER, false },
	{ "adminaddr", IMPORT_NULLMAILER, false },
	{ "allmailfrom", IMPORT_NULLMAILER, false },
	{ "idhost", IMPORT_NULLMAILER, false },
	{ "helohost", IMPORT_NULLMAILER, false },
	{ "doublebounceto", IMPORT_NULLMAILER, false },
	{ "pausetime", IMPORT_NULLMAILER, false },
	{ "maxpause", IMPORT_NULLMAILER, false },
	{ "sendtimeout", IMPORT_NULLMAILER, false },
	{ "queuelifetime", IMPORT_NULLMAILER, false },
	{ "main.cf", IMPORT_POSTFIX, true },
	{ NULL, IMPORT_MSMTP, false },
};

/* Words that stand first in a line of each, for files under another name. */
static const char *const ssmtp_words[] = { "mailhub", "rewritedomain", "fromlineoverride", "usetls",
	"usestarttls", "authuser", "authpass", "authmethod", "hostname", "root", NULL };
static const char *const dma_words[] = { "SMARTHOST", "SECURETRANSFER", "STARTTLS", "AUTHPATH",
	"MAILNAME", "MASQUERADE", "NULLCLIENT", "OPPORTUNISTIC_TLS", "SPOOLDIR", NULL };
static const char *const postfix_words[] = { "relayhost", "myorigin", "myhostname", "mydomain",
	"mydestination", "mynetworks", "inet_interfaces", "inet_protocols", "transport_maps",
	"alias_maps", "compatibility_level", "smtpd_banner", "queue_directory", NULL };
static const char *const msmtp_sections[] = { "account", "defaults", "eval", NULL };

const struct import_file_name *
import_file_names(void)
{
	return names;
}

bool
import_file_next(struct import_line *line)
{
	size_t end = text_find(line->rest, '\n');

	if (line->rest.length == 0)
		return false;
	line->text = text_slice(line->rest, 0, end);
	if (line->text.length > 0 && line->text.bytes[line->text.length - 1] == '\r')
		line->text.length--;
	line->rest = text_slice(line->rest, end + 1, line->rest.length);
	line->number++;
	return true;
}

const struct import_file *
import_file_find(const struct import_set *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->files[i]->name, name) == 0)
			return set->files[i];
	return NULL;
}

const char *
import_file_directory(const char *path, struct arena *arena)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return ".";
	return slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
}

static bool
is_listed(struct text word, const char *const *words, bool fold)
{
	for (; *words != NULL; words++)
		if (fold ? text_is_fold(word, *words) : text_is(word, *words))
			return true;
	return false;
}

/* `name = value`, without the blanks around the name; false: the line has no such form. */
static bool
assigned(struct text line, struct text *name)
{
	size_t equals = text_find(line, '=');

	*name = text_trim(text_slice(line, 0, equals));
	return equals < line.length && text_find(*name, ' ') == name->length
	    && text_find(*name, '\t') == name->length;
}

/* The file's name as its program would have it, going by one line; NULL: not to be told. */
static const char *
name_by_line(struct text line)
{
	struct text rest = line;
	struct text first = text_word(&rest, '\0');
	struct text second = text_word(&rest, '\0');
	struct text name;

	if (is_listed(first, dma_words, false))
		return "dma.conf";
	if (assigned(line, &name)) {
		if (text_is(text_slice(name, 0, 5), "smtp_")
		    || is_listed(name, postfix_words, false))
			return "main.cf";
		if (is_listed(name, ssmtp_words, true))
			return "ssmtp.conf";
	}
	if (is_listed(first, msmtp_sections, false) || setting_find(first) != NULL)
		return "msmtprc";
	if (text_is(second, "smtp") || text_is(second, "qmqp"))
		return "remotes";
	if (second.length == 0 && text_find(first, '|') < text_find(first, ':')
	    && text_find(first, ':') < first.length)
		return "auth.conf";
	return NULL;
}

static const char *
name_by_content(struct text bytes)
{
	struct import_line line = { .rest = bytes };

	while (import_file_next(&line)) {
		struct text trimmed = text_trim(line.text);
		const char *name;

		if (trimmed.length == 0 || trimmed.bytes[0] == '#')
			continue;
		name = name_by_line(trimmed);
		if (name != NULL)
			return name;
	}
	return NULL;
}

static bool
find_name(struct import_file *file, const char *name)
{
	for (size_t i = 0; name != NULL && names[i].name != NULL; i++) {
		if (strcmp(names[i].name, name) != 0)
			continue;
		file->name = names[i].name;
		file->peer = names[i].peer;
		return true;
	}
	return false;
}

static bool
check_lines(const struct import_file *file, struct failure *why)
{
	struct import_line line = { .rest = file->bytes };

	while (import_file_next(&line)) {
		if (line.text.length > CONFIG_LINE_MAX)
			fail(why, EX_CONFIG, "the line is longer than %zu bytes", CONFIG_LINE_MAX);
		else if (text_find(line.text, '\0') < line.text.length)
			fail(why, EX_CONFIG, "the line holds a NUL byte");
		else
			continue;
		failure_at(why, "%s:%zu", file->path, line.number);
		return failure_in(why, FAILURE_CONFIG);
	}
	return true;
}

bool
import_file_read_as(const char *path, const char *name, struct arena *arena,
    struct import_file *file, struct failure *why)
{
	struct import_file read = { .path = arena_string(arena, path), .name = name };

	if (!file_read(path, CONFIG_FILE_MAX, arena, &read.bytes, NULL, why))
		return failure_in(why, FAILURE_CONFIG);
	if (text_is(text_slice(read.bytes, 0, 3), BYTE_ORDER_MARK))
		read.bytes = text_slice(read.bytes, 3, read.bytes.length);
	if (!check_lines(&read, why))
		return false;
	*file = read;
	return true;
}

bool
import_file_read(
    const char *path, struct arena *arena, struct import_file *file, struct failure *why)
{
	const char *slash = strrchr(path, '/');
	struct import_file read;

	if (!import_file_read_as(path, NULL, arena, &read, why))
		return false;
	if (!find_name(&read, slash == NULL ? path : slash + 1)
	    && !find_name(&read, name_by_content(read.bytes))) {
		fail(why, EX_USAGE, "is no configuration that can be imported");
		failure_at(why, "%s", path);
		return failure_hint(why,
		    "read are msmtprc, ssmtp.conf and revaliases, dma.conf and auth.conf, "
		    "nullmailer's remotes, me and others, and Postfix's main.cf");
	}
	*file = read;
	return true;
}
