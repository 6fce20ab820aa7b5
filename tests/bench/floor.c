/* SPDX-License-Identifier: ISC */
/*
 * The least that a submission can cost with GnuTLS: no configuration, one authority trusted,
 * nothing read that could differ, MAIL, RCPT and BDAT in one write with the message, QUIT not
 * waited for.  A yardstick, no mail client.
 *
 *	floor PORT AUTHORITY.pem < message      a regular file, sent as it is
 *	floor --versions                        of the libraries, one on a line
 */
#include <config.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gnu/libc-version.h>
#include <gnutls/gnutls.h>

#define PIECE ((size_t)64 * 1024)

static gnutls_session_t session;
static int connection;
static char replies[4096];
static size_t pending;

static void
must(int result)
{
	if (result >= 0)
		return;
	(void)fprintf(stderr, "floor: %s\n", gnutls_strerror(result));
	exit(76);
}

static void
put(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = session == NULL ? write(connection, bytes, length)
					       : gnutls_record_send(session, bytes, length);

		if (sent <= 0)
			exit(75);
		bytes += sent;
		length -= (size_t)sent;
	}
}

static void
fill(void)
{
	ssize_t got;

	do
		got = session == NULL
		    ? read(connection, replies + pending, sizeof replies - pending)
		    : gnutls_record_recv(session, replies + pending, sizeof replies - pending);
	while (session != NULL && (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED));
	if (got <= 0)
		exit(75);
	pending += (size_t)got;
}

/* So many replies, all of them good. */
static void
expect(int count)
{
	while (count > 0) {
		char *end = memchr(replies, '\n', pending);
		size_t length;

		if (end == NULL) {
			fill();
			continue;
		}
		length = (size_t)(end - replies) + 1;
		if (length < 5 || (replies[0] != '2' && replies[0] != '3'))
			exit(75);
		if (replies[3] == ' ')
			count--;
		pending -= length;
		memmove(replies, end + 1, pending);
	}
}

static void
ask(const char *command)
{
	put(command, strlen(command));
	expect(1);
}

static void
dial(const char *port)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((unsigned short)strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1;

	connection = socket(AF_INET, SOCK_STREAM, 0);
	(void)setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(connection, (const struct sockaddr *)&address, sizeof address) != 0)
		exit(75);
}

static void
secure(const char *authority)
{
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t made;

	must(gnutls_certificate_allocate_credentials(&credentials));
	must(gnutls_certificate_set_x509_trust_file(credentials, authority, GNUTLS_X509_FMT_PEM));
	must(gnutls_init(&made, GNUTLS_CLIENT));
	must(gnutls_set_default_priority(made));
	must(gnutls_credentials_set(made, GNUTLS_CRD_CERTIFICATE, credentials));
	must(gnutls_server_name_set(made, GNUTLS_NAME_DNS, "localhost", strlen("localhost")));
	gnutls_session_set_verify_cert(made, "localhost", 0);
	gnutls_transport_set_int(made, connection);
	must(gnutls_handshake(made));
	session = made;
}

static void
submit(void)
{
	static char piece[PIECE];
	struct stat status;
	int length;
	ssize_t got;

	if (fstat(STDIN_FILENO, &status) != 0)
		exit(74);
	length = snprintf(piece, sizeof piece,
	    "MAIL FROM:<root@client.example>\r\nRCPT TO:<a@b.example>\r\nBDAT %lld LAST\r\n",
	    (long long)status.st_size);
	got = read(STDIN_FILENO, piece + length, sizeof piece - (size_t)length);
	while (got > 0) {
		put(piece, (size_t)length + (size_t)got);
		length = 0;
		/* Asking for the end would be a call that a small mail can do without. */
		status.st_size -= got;
		got = status.st_size > 0 ? read(STDIN_FILENO, piece, sizeof piece) : 0;
	}
	expect(3);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--versions") == 0) {
		(void)printf(
		    "gnutls %s\nglibc %s\n", gnutls_check_version(NULL), gnu_get_libc_version());
		return 0;
	}
	if (argc != 3)
		return 64;
	dial(argv[1]);
	expect(1);
	ask("EHLO floor.example\r\n");
	ask("STARTTLS\r\n");
	secure(argv[2]);
	ask("EHLO floor.example\r\n");
	ask("AUTH PLAIN AHUAcA==\r\n");
	submit();
	put("QUIT\r\n", strlen("QUIT\r\n"));
	return 0;
}
