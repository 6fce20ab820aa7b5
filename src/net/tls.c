/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/tls.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "net/host.h"
#include "net/identity.h"
#include "net/stream.h"

#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM"
#define HANDSHAKE_MAX ((size_t)64 * 1024)
#define KEY_BITS_MAX 16384
#define DEPTH_MAX 16
#define SAID_MAX 80

/* What is being set up, until the stream owns it. */
struct setup {
	const struct tls_rule *rule;
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session;
	struct trust_store *store;
	struct host host;
};

static void
setup_close(struct setup *setup)
{
	trust_close(setup->store);
	if (setup->session != NULL)
		gnutls_deinit(setup->session);
	if (setup->credentials != NULL)
		gnutls_certificate_free_credentials(setup->credentials);
	*setup = (struct setup){ 0 };
}

/* A pin is a demand of its own: tls_certcheck off takes nothing away from it. */
static bool
judges(const struct tls_rule *rule)
{
	return rule->verify || rule->trust.fingerprint != NULL;
}

static bool
read_files(struct setup *setup, struct failure *why)
{
	const struct tls_rule *rule = setup->rule;

	if (gnutls_certificate_allocate_credentials(&setup->credentials) < 0)
		arena_exhausted();
	gnutls_certificate_set_verify_limits(setup->credentials, KEY_BITS_MAX, DEPTH_MAX);
	if (rule->cert_file != NULL
	    && !identity_load(rule->cert_file, rule->key_file, setup->credentials, why))
		return false;
	return !judges(rule) || trust_open(&rule->trust, setup->credentials, &setup->store, why);
}

static bool
refuse_priorities(const char *wanted, const char *at, struct failure *why)
{
	fail(why, EX_CONFIG, "tls_priorities is not understood at '%s'", at == NULL ? wanted : at);
	return failure_hint(why, "see 'Priority strings' in the manual of GnuTLS, or leave it out");
}

bool
tls_priorities_check(const char *priorities, struct failure *why)
{
	gnutls_priority_t cache;
	const char *at = NULL;

	if (priorities == NULL)
		return true;
	if (gnutls_priority_init(&cache, priorities, &at) < 0)
		return refuse_priorities(priorities, at, why);
	gnutls_priority_deinit(cache);
	return true;
}

/* The library holds primes of named groups for good whatever their size, so those that are too
 * small for the account are not offered. */
static const struct group {
	int64_t bits;
	const char *without;
} groups[] = {
	{ 2048, ":-GROUP-FFDHE2048" },
	{ 3072, ":-GROUP-FFDHE3072" },
	{ 4096, ":-GROUP-FFDHE4096" },
	{ 6144, ":-GROUP-FFDHE6144" },
	{ 8192, ":-GROUP-FFDHE8192" },
};

static bool
set_priorities(struct setup *setup, struct failure *why)
{
	const struct tls_rule *rule = setup->rule;
	const char *given = rule->priorities == NULL ? PRIORITIES : rule->priorities;
	struct buffer wanted = buffer_open(0);
	const char *at = NULL;
	bool done;

	(void)buffer_add(&wanted, given);
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
		if (groups[i].bits < rule->min_dh_bits)
			(void)buffer_add(&wanted, groups[i].without);
	(void)buffer_byte(&wanted, '\0');
	done = gnutls_priority_set_direct(setup->session, wanted.bytes, &at) >= 0
	    || refuse_priorities(given, at, why);
	buffer_close(&wanted);
	return done;
}

/* Addresses have no place in SNI (F43). */
static bool
ask_for_name(const struct setup *setup)
{
	const char *name = setup->host.name;

	return setup->host.family != AF_UNSPEC
	    || gnutls_server_name_set(setup->session, GNUTLS_NAME_DNS, name, strlen(name)) >= 0;
}

static bool
make_session(struct setup *setup, struct failure *why)
{
	/* Tickets are not asked for: nothing here would resume by them (F61, F62). */
	if (gnutls_init(&setup->session, GNUTLS_CLIENT | GNUTLS_NO_TICKETS) < 0)
		arena_exhausted();
	if (!set_priorities(setup, why))
		return false;
	if (setup->rule->min_dh_bits > 0)
		gnutls_dh_set_prime_bits(setup->session, (unsigned)setup->rule->min_dh_bits);
	gnutls_handshake_set_max_packet_length(setup->session, HANDSHAKE_MAX);
	if (gnutls_credentials_set(setup->session, GNUTLS_CRD_CERTIFICATE, setup->credentials) < 0)
		arena_exhausted();
	if (!ask_for_name(setup))
		return fail(why, EX_CONFIG, "'%s' cannot be asked for by TLS", setup->host.name);
	return true;
}

static bool
setup_open(const struct tls_rule *rule, struct setup *setup, struct failure *why)
{
	*setup = (struct setup){ .rule = rule };
	if (host_read(rule->host, &setup->host, why) && read_files(setup, why)
	    && make_session(setup, why))
		return true;
	setup_close(setup);
	return false;
}

/* A record of a handshake or an alert begins with its type and major version 3. */
static bool
speaks_tls(const struct stream *stream)
{
	return stream->wire.first_length == 0 || stream->wire.first[0] == 0x16
	    || stream->wire.first[0] == 0x15;
}

static bool
no_tls(const struct stream *stream, struct failure *why)
{
	struct text said = text_make(stream->wire.first, stream->wire.first_length);
	char shown[SAID_MAX + 1];

	said = text_trim(text_slice(said, 0, text_find(said, '\n')));
	(void)text_printable(said, shown, sizeof shown);
	fail(why, EX_UNAVAILABLE, "the server does not speak TLS here, it said '%s'", shown);
	why->temporary = true;
	return failure_hint(why,
	    "port 465 speaks TLS from the first byte (tls_starttls off); 587 and 25 "
	    "begin in the clear (tls_starttls on)");
}

static bool
alerted(const struct stream *stream, struct failure *why)
{
	gnutls_alert_description_t alert = gnutls_alert_get(stream->wire.session);
	const char *name = gnutls_alert_get_name(alert);
	bool passing = alert == GNUTLS_A_INTERNAL_ERROR || alert == GNUTLS_A_USER_CANCELED;

	fail(why, passing ? EX_TEMPFAIL : EX_UNAVAILABLE,
	    "the server refused the TLS handshake with the alert '%s'",
	    name == NULL ? "unknown" : name);
	/* Both are also what a server says whose certificate is being renewed (F54). */
	if (alert == GNUTLS_A_HANDSHAKE_FAILURE)
		why->temporary = true;
	if (alert == GNUTLS_A_PROTOCOL_VERSION)
		return failure_hint(
		    why, "it offers no TLS version that is allowed here (1.2 and 1.3)");
	if (alert == GNUTLS_A_HANDSHAKE_FAILURE)
		return failure_hint(why,
		    "it shares no cipher with this client, or wants a client "
		    "certificate (tls_cert_file)");
	return false;
}

static bool
explain(const struct stream *stream, int result, struct failure *why)
{
	if (stream->wire.failed) {
		*why = stream->wire.failure;
		return false;
	}
	if (!speaks_tls(stream))
		return no_tls(stream, why);
	if (result == GNUTLS_E_PREMATURE_TERMINATION) {
		fail(why, EX_TEMPFAIL, "the server closed the connection during the TLS handshake");
		return failure_hint(why,
		    "is this the right port? 465 speaks TLS from the first byte, 587 "
		    "after STARTTLS");
	}
	if (result == GNUTLS_E_FATAL_ALERT_RECEIVED)
		return alerted(stream, why);
	if (result == GNUTLS_E_UNSUPPORTED_VERSION_PACKET) {
		fail(why, EX_UNAVAILABLE, "the server offers no TLS version that is allowed here");
		return failure_hint(why, "TLS 1.2 and 1.3 are; older ones are broken");
	}
	return fail(why, EX_UNAVAILABLE, "the TLS handshake failed: %s", gnutls_strerror(result));
}

static bool
shake_hands(struct stream *stream, struct failure *why)
{
	int result;

	do
		result = gnutls_handshake(stream->wire.session);
	while (result < 0 && gnutls_error_is_fatal(result) == 0 && !stream->wire.failed);
	if (result < 0) {
		(void)gnutls_alert_send_appropriate(stream->wire.session, result);
		return explain(stream, result, why);
	}
	return wire_flush(&stream->wire, why);
}

/* tls_priorities may allow what is no longer fit for a password: TLS 1.2 is the floor (F47). */
static bool
judge_version(const struct stream *stream, struct failure *why)
{
	gnutls_protocol_t version = gnutls_protocol_get_version(stream->wire.session);

	if (version == GNUTLS_TLS1_2 || version == GNUTLS_TLS1_3)
		return true;
	fail(why, EX_UNAVAILABLE, "the server chose %s, older than TLS 1.2",
	    gnutls_protocol_get_name(version));
	return failure_hint(why, "the server needs newer software");
}

static void
tell(const struct tls_rule *rule, const struct stream *stream)
{
	struct terms terms;

	if (rule->seen == NULL)
		return;
	terms_read(stream->wire.session, &terms);
	rule->seen(rule->seen_data, &terms);
}

static bool
judge(struct setup *setup, struct stream *stream, struct failure *why)
{
	if (!judge_version(stream, why))
		return false;
	if (!judges(setup->rule))
		return true;
	if (trust_judge(setup->store, stream->wire.session, setup->host.name, why))
		return true;
	(void)gnutls_alert_send(stream->wire.session, GNUTLS_AL_FATAL, GNUTLS_A_BAD_CERTIFICATE);
	return false;
}

static void
describe(struct stream *stream, bool verified)
{
	struct channel *channel = &stream->channel;
	const char *protocol = gnutls_protocol_get_name(
	    gnutls_protocol_get_version(stream->wire.session));
	const char *cipher = gnutls_cipher_get_name(gnutls_cipher_get(stream->wire.session));

	channel->tls = true;
	if (verified)
		channel->privacy = CHANNEL_VERIFIED;
	(void)snprintf(channel->security, sizeof channel->security, "%s %s",
	    protocol == NULL ? "TLS" : protocol, cipher == NULL ? "?" : cipher);
}

/* What was sent last may tell the server why: one try, no waiting, then all is closed. */
static void
abandon(struct stream *stream)
{
	struct failure ignored;

	stream->wire.deadline = deadline_after(0);
	(void)wire_flush(&stream->wire, &ignored);
	stream->broken = true;
	channel_close(&stream->channel);
}

static bool
run(struct setup *setup, struct stream *stream, struct deadline deadline, struct failure *why)
{
	stream->wire.deadline = deadline;
	stream->wire.waiting = true;
	if (!shake_hands(stream, why)) {
		abandon(stream);
		return false;
	}
	tell(setup->rule, stream);
	if (!judge(setup, stream, why)) {
		abandon(stream);
		return false;
	}
	stream->wire.idle = 0;
	describe(stream, judges(setup->rule));
	return true;
}

static bool
start(struct channel **channel, const struct tls_rule *rule, struct deadline deadline,
    struct failure *why)
{
	struct channel *under = *channel;
	struct setup setup;
	struct stream *stream;
	bool started;

	*channel = NULL;
	if (!setup_open(rule, &setup, why)) {
		channel_close(under);
		return false;
	}
	stream = stream_open(under, setup.session, setup.credentials);
	setup.session = NULL;
	setup.credentials = NULL;
	started = run(&setup, stream, deadline, why);
	setup_close(&setup);
	if (started)
		*channel = &stream->channel;
	return started;
}

bool
tls_start(struct channel **channel, const struct tls_rule *rule, struct deadline deadline,
    struct failure *why)
{
	char peer[sizeof(*channel)->peer];

	memcpy(peer, (*channel)->peer, sizeof peer);
	if (start(channel, rule, deadline, why))
		return true;
	failure_in(why, FAILURE_TLS);
	if (peer[0] != '\0')
		failure_at(why, "%s", peer);
	return false;
}
