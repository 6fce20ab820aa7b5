/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_server.h"

#include <string.h>

#include "table/transport_hops.h"

#define PORT_MAX 65535

static bool
is_loopback(const char *host)
{
	return text_is_fold(text_of(host), "localhost") || strncmp(host, "127.", 4) == 0
	    || strcmp(host, "::1") == 0;
}

bool
import_server_is_near(struct text host, struct arena *arena)
{
	struct transport_hops hops;
	struct failure ignored;

	if (!transport_hops_read(host, arena, &hops, &ignored))
		return false;
	for (size_t i = 0; i < hops.count; i++)
		if (!is_loopback(hops.items[i].host))
			return false;
	return hops.count > 0;
}

static void
write_clear(struct import_writer *writer, const struct import_server *server)
{
	if (import_server_is_near(server->host, writer->arena)) {
		(void)import_writer_word(writer, &server->place, SETTING_TLS, "off");
		return;
	}
	if (!server->login) {
		import_writer_note(writer, &server->place,
		    "no TLS, as before: everybody on the way can read the mail; without this "
		    "'tls off' relay would ask the server for STARTTLS");
		(void)import_writer_word(writer, &server->place, SETTING_TLS, "off");
		return;
	}
	import_writer_note(writer, &server->place,
	    "there was no TLS, and the password may have gone out in the clear: now the server "
	    "must offer STARTTLS, or nothing is sent");
	(void)import_writer_word(writer, &server->place, SETTING_TLS, "on");
}

static void
write_tls(struct import_writer *writer, const struct import_server *server)
{
	if (server->tls == IMPORT_SERVER_CLEAR) {
		write_clear(writer, server);
		return;
	}
	if (server->tls == IMPORT_SERVER_IF_ASKED)
		import_writer_note(writer, &server->place,
		    "TLS was used when the server offered it: now it must, or nothing is sent");
	if (!server->verified)
		import_writer_comment(writer,
		    "The server's certificate was not verified, and is now. For one that no "
		    "authority vouches for, use tls_trust_file or tls_fingerprint.");
	(void)import_writer_word(writer, &server->place, SETTING_TLS, "on");
	(void)import_writer_word(writer, &server->place, SETTING_TLS_STARTTLS,
	    server->tls == IMPORT_SERVER_IMPLICIT ? "off" : "on");
}

void
import_server_write(struct import_writer *writer, const struct import_server *server)
{
	if (server->host.length == 0)
		import_writer_note(writer, &server->place,
		    "no server is named: recipients without a row in transport are refused");
	else
		(void)import_writer_setting(writer, &server->place, SETTING_HOST, server->host);
	if (server->port != 0)
		(void)import_writer_number(writer, &server->place, SETTING_PORT, server->port);
	write_tls(writer, server);
}

void
import_server_split(struct text value, struct text *host, int64_t *port)
{
	struct text text = text_trim(value);
	size_t end = text.length > 0 && text.bytes[0] == '[' ? text_find(text, ']') : 0;
	struct text rest;

	while (end < text.length && text.bytes[end] != ':' && !text_blank(text.bytes[end]))
		end++;
	*host = text_slice(text, 0, end);
	rest = text_slice(text, end, text.length);
	(void)text_number(text_word(&rest, ':'), 1, PORT_MAX, port);
}
