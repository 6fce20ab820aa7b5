/* SPDX-License-Identifier: ISC */
/*
 * A submission server that costs its clients as little time as it can, for measuring them:
 * STARTTLS, AUTH PLAIN and LOGIN with any password, PIPELINING, CHUNKING.  Messages are read
 * and forgotten; clients are served one after the other.
 *
 *	sink DIRECTORY ROOTS
 *
 * Writes into DIRECTORY its authority (ca.pem) and so many invented ones (roots.pem), each
 * about as large as those that systems trust; then prints the port it listens on.
 */
#include <config.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

#include "tests/support/certificate.h"

#define ROOT_BYTES 600 /* and what every certificate has */

struct client {
	int fd;
	gnutls_session_t tls;
	bool leaving;
	size_t at, length; /* of what was read and not looked at */
	size_t said;
	char read[64 * 1024];
	char replies[4096];
};

static gnutls_certificate_credentials_t credentials;

static bool
flush_replies(struct client *client)
{
	size_t at = 0;

	while (at < client->said) {
		ssize_t put = client->tls == NULL
		    ? write(client->fd, client->replies + at, client->said - at)
		    : gnutls_record_send(client->tls, client->replies + at, client->said - at);

		if (put <= 0)
			return false;
		at += (size_t)put;
	}
	client->said = 0;
	return true;
}

/* Replies wait for each other until the client has nothing more to say. */
static bool
say(struct client *client, const char *reply)
{
	size_t length = strlen(reply);

	if (client->said + length > sizeof client->replies && !flush_replies(client))
		return false;
	memcpy(client->replies + client->said, reply, length);
	client->said += length;
	return true;
}

static bool
fill(struct client *client)
{
	ssize_t got;

	if (!flush_replies(client))
		return false;
	do
		got = client->tls == NULL
		    ? read(client->fd, client->read, sizeof client->read)
		    : gnutls_record_recv(client->tls, client->read, sizeof client->read);
	while (client->tls != NULL && (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED));
	client->at = 0;
	client->length = got > 0 ? (size_t)got : 0;
	return got > 0;
}

/* A line without its end; what does not fit is dropped. */
static bool
read_line(struct client *client, char *line, size_t size)
{
	size_t length = 0;
	const char *end;

	do {
		const char *start;
		size_t count;
		size_t kept;

		if (client->at == client->length && !fill(client))
			return false;
		start = client->read + client->at;
		end = memchr(start, '\n', client->length - client->at);
		count = end == NULL ? client->length - client->at : (size_t)(end - start);
		kept = count < size - 1 - length ? count : size - 1 - length;
		memcpy(line + length, start, kept);
		length += kept;
		client->at += count + (end == NULL ? 0 : 1);
	} while (end == NULL);
	line[length > 0 && line[length - 1] == '\r' ? length - 1 : length] = '\0';
	return true;
}

static bool
pass_over(struct client *client, unsigned long long count)
{
	while (count > 0) {
		size_t left;

		if (client->at == client->length && !fill(client))
			return false;
		left = client->length - client->at;
		left = left < count ? left : (size_t)count;
		client->at += left;
		count -= left;
	}
	return true;
}

/* Up to a line with nothing but a dot. */
static bool
pass_data(struct client *client)
{
	char line[4] = "";

	if (!say(client, "354 go on\r\n"))
		return false;
	do {
		if (!read_line(client, line, sizeof line))
			return false;
	} while (strcmp(line, ".") != 0);
	return say(client, "250 2.0.0 taken\r\n");
}

static bool
start_tls(struct client *client)
{
	int result;

	if (!say(client, "220 2.0.0 go on\r\n") || !flush_replies(client)
	    || gnutls_init(&client->tls, GNUTLS_SERVER) < 0
	    || gnutls_set_default_priority(client->tls) < 0
	    || gnutls_credentials_set(client->tls, GNUTLS_CRD_CERTIFICATE, credentials) < 0)
		return false;
	gnutls_transport_set_int(client->tls, client->fd);
	do
		result = gnutls_handshake(client->tls);
	while (result < 0 && gnutls_error_is_fatal(result) == 0);
	client->at = client->length = 0;
	return result >= 0;
}

static bool
greet(struct client *client)
{
	return say(client,
		   "250-sink.example\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-SIZE 0\r\n"
		   "250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n")
	    && say(client, client->tls == NULL ? "250 STARTTLS\r\n" : "250 AUTH PLAIN LOGIN\r\n");
}

static bool
log_in(struct client *client, const char *arguments)
{
	bool plain = strncasecmp(arguments, "PLAIN", 5) == 0;
	bool opened = strlen(arguments) > 5;
	int questions = (plain ? 1 : 2) - (opened ? 1 : 0);
	char line[1024];

	for (int i = 0; i < questions; i++)
		if (!say(client, "334 \r\n") || !read_line(client, line, sizeof line))
			return false;
	return say(client, "235 2.7.0 welcome\r\n");
}

static bool
obey(struct client *client, const char *line)
{
	if (strncasecmp(line, "EHLO", 4) == 0)
		return greet(client);
	if (strncasecmp(line, "STARTTLS", 8) == 0)
		return start_tls(client);
	if (strncasecmp(line, "AUTH ", 5) == 0)
		return log_in(client, line + 5);
	if (strncasecmp(line, "BDAT ", 5) == 0)
		return pass_over(client, strtoull(line + 5, NULL, 10))
		    && say(client, "250 2.0.0 taken\r\n");
	if (strncasecmp(line, "DATA", 4) == 0)
		return pass_data(client);
	client->leaving = strncasecmp(line, "QUIT", 4) == 0;
	return say(client, client->leaving ? "221 2.0.0 goodbye\r\n" : "250 2.0.0 well\r\n");
}

static void
serve(struct client *client)
{
	char line[4096];
	int one = 1;

	(void)setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (!say(client, "220 sink.example ESMTP\r\n"))
		return;
	while (!client->leaving)
		if (!read_line(client, line, sizeof line) || !obey(client, line))
			break;
	(void)flush_replies(client);
}

static void
write_identity(const char *directory)
{
	struct certificate authority = certificate_authority("Bench CA");
	const struct certificate_wish wish = { .common_name = "localhost",
		.dns = { "localhost" },
		.ip = { "127.0.0.1" },
		.purpose = GNUTLS_KP_TLS_WWW_SERVER,
		.signer = &authority };
	struct certificate leaf = certificate_make(&wish);

	certificate_write(&authority, directory, "ca");
	credentials = certificate_credentials(&leaf, 1);
	certificate_close(&leaf);
	certificate_close(&authority);
}

static void
write_roots(const char *directory, unsigned long count)
{
	char path[4096];
	char uri[ROOT_BYTES + 1];
	FILE *file;

	(void)snprintf(path, sizeof path, "%s/roots.pem", directory);
	file = fopen(path, "w");
	memset(uri, 'u', ROOT_BYTES);
	uri[ROOT_BYTES] = '\0';
	for (unsigned long i = 0; file != NULL && i < count; i++) {
		char name[64];
		const struct certificate_wish wish = {
			.common_name = name, .uri = uri, .authority = true
		};
		struct certificate root;
		gnutls_datum_t pem;

		(void)snprintf(name, sizeof name, "Invented Root %03lu of the Bench", i);
		root = certificate_make(&wish);
		if (gnutls_x509_crt_export2(root.crt, GNUTLS_X509_FMT_PEM, &pem) < 0)
			abort();
		(void)fwrite(pem.data, 1, pem.size, file);
		gnutls_free(pem.data);
		certificate_close(&root);
	}
	if (file == NULL || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

static int
listen_anywhere(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(listener, (const struct sockaddr *)&address, size) != 0
	    || listen(listener, 64) != 0
	    || getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
		perror("sink");
		exit(1);
	}
	(void)printf("%u\n", ntohs(address.sin_port));
	(void)fflush(stdout);
	return listener;
}

int
main(int argc, char **argv)
{
	static struct client client;
	int listener;

	if (argc != 3)
		return 64;
	(void)signal(SIGPIPE, SIG_IGN);
	write_identity(argv[1]);
	write_roots(argv[1], strtoul(argv[2], NULL, 10));
	listener = listen_anywhere();
	for (;;) {
		memset(&client, 0, offsetof(struct client, read));
		client.fd = accept(listener, NULL, NULL);
		if (client.fd < 0)
			continue;
		serve(&client);
		(void)close(client.fd);
		if (client.tls != NULL)
			gnutls_deinit(client.tls);
	}
}
