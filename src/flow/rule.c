/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/rule.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "net/identity.h"
#include "net/trust.h"
#include "smtp/mechanism.h"

#define HELLO_MAX 255
#define PORT_SUBMISSIONS 465U
#define PORT_SOCKS 1080U /* IANA's */

static bool
fits_hello(const char *name)
{
	size_t length = name == NULL ? 0 : strlen(name);

	if (length == 0 || length > HELLO_MAX || strchr(name, '.') == NULL)
		return false;
	return name[strspn(
		   name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")]
	    == '\0';
}

/* Servers that want a full name refuse `localhost`; a literal is always well-formed. */
static const char *
hello_name(const struct plan *plan, const struct account *account, struct arena *arena)
{
	const char *set = account_text(account, SETTING_DOMAIN);
	const char *host = plan->environment->host;

	if (set != NULL)
		return set;
	if (fits_hello(host))
		return host;
	/* The look-up may ask DNS: only when the mail's own domain does not serve. */
	if (fits_hello(plan->completion.domain.bytes))
		return plan->completion.domain.bytes;
	host = environment_host_name(plan->environment, arena);
	return fits_hello(host) ? host : "[127.0.0.1]";
}

static int64_t
earlier(int64_t limit_ms, int64_t timeout_ms)
{
	return timeout_ms > 0 && timeout_ms < limit_ms ? timeout_ms : limit_ms;
}

/* `timeout` shortens every step but the last: giving up on the reply to the final dot
 * would make two mails of one, so that has a setting of its own. */
static void
set_limits(const struct account *account, struct rule *rule)
{
	int64_t timeout_ms = account_number(account, SETTING_TIMEOUT) * 1000;
	struct session_limits limits = session_limits_default();

	rule->connect_ms = timeout_ms > 0 ? timeout_ms : RULE_CONNECT_MS;
	limits.greeting_ms = earlier(limits.greeting_ms, timeout_ms);
	limits.command_ms = earlier(limits.command_ms, timeout_ms);
	limits.tls_ms = earlier(limits.tls_ms, timeout_ms);
	limits.mail_ms = earlier(limits.mail_ms, timeout_ms);
	limits.rcpt_ms = earlier(limits.rcpt_ms, timeout_ms);
	limits.data_ms = earlier(limits.data_ms, timeout_ms);
	limits.block_ms = earlier(limits.block_ms, timeout_ms);
	limits.dot_ms = account_number(account, SETTING_TIMEOUT_FINAL) * 1000;
	rule->session.limits = limits;
}

/* On port 465 a server waits for TLS and would let STARTTLS wait for its greeting for ever: only
 * who wrote tls_starttls means it. */
static enum session_security
security(const struct route *route, const struct route_hop *hop)
{
	if (hop->certificate != NULL)
		return hop->implicit_tls ? SESSION_IMPLICIT : SESSION_STARTTLS;
	if (route->implicit_tls)
		return SESSION_IMPLICIT;
	if (hop->port == PORT_SUBMISSIONS && account_switch(route->account, SETTING_TLS)
	    && !account_is_written(route->account, SETTING_TLS_STARTTLS))
		return SESSION_IMPLICIT;
	return account_switch(route->account, SETTING_TLS) ? SESSION_STARTTLS : SESSION_PLAIN;
}

static const char *
certificate_host(const struct route *route, const struct route_hop *hop)
{
	const char *override = account_text(route->account, SETTING_TLS_HOST_OVERRIDE);

	if (override != NULL && hop->own)
		return override;
	return hop->certificate == NULL ? hop->server.host : hop->certificate;
}

/* What names one server (its certificate's name, its pin, our certificate for it) holds for the
 * account's own host alone: else that server could stand in for every other next hop and be given
 * their passwords. */
static const char *
own_text(const struct route *route, const struct route_hop *hop, enum setting_id id)
{
	return hop->own ? account_text(route->account, id) : NULL;
}

static void
set_tls(const struct route *route, const struct route_hop *hop, struct tls_rule *tls)
{
	const struct account *account = route->account;

	*tls = (struct tls_rule){
		.trust = {
			.file = account_text(account, SETTING_TLS_TRUST_FILE),
			.crl_file = account_text(account, SETTING_TLS_CRL_FILE),
			.fingerprint = own_text(route, hop, SETTING_TLS_FINGERPRINT),
		},
		.host = certificate_host(route, hop),
		.verify = account_switch(account, SETTING_TLS_CERTCHECK),
		.cert_file = own_text(route, hop, SETTING_TLS_CERT_FILE),
		.key_file = own_text(route, hop, SETTING_TLS_KEY_FILE),
		.priorities = account_text(account, SETTING_TLS_PRIORITIES),
		.min_dh_bits = account_number(account, SETTING_TLS_MIN_DH_PRIME_BITS),
	};
}

bool
rule_speaks_lmtp(const struct route *route, const struct route_hop *hop)
{
	(void)route;
	return hop->lmtp;
}

unsigned
rule_proxy_port(const struct account *account)
{
	int64_t port = account_number(account, SETTING_PROXY_PORT);

	return port == 0 ? PORT_SOCKS : (unsigned)port;
}

void
rule_make(const struct plan *plan, const struct route *route, const struct route_hop *hop,
    struct arena *arena, struct rule *rule)
{
	*rule = (struct rule){
		.endpoint = {
			.host = hop->server.host,
			.port = hop->port,
			.socket = hop->socket,
			.source_ip = account_text(route->account, SETTING_SOURCE_IP),
			.proxy_host = account_text(route->account, SETTING_PROXY_HOST),
			.proxy_port = rule_proxy_port(route->account),
		},
	};
	set_tls(route, hop, &rule->tls);
	rule->session.security = security(route, hop);
	rule->session.tls = &rule->tls;
	rule->session.hello = hello_name(plan, route->account, arena);
	/* What a server means by BDAT in LMTP, each decides for itself. */
	rule->session.lmtp = rule_speaks_lmtp(route, hop);
	rule->session.avoid_chunking = rule->session.lmtp;
	set_limits(route->account, rule);
}

static bool
refuse(const struct account *account, enum setting_id id, struct arena *arena, struct failure *why)
{
	failure_at(why, "%s", account_where(account, id, arena));
	return failure_in(why, FAILURE_CONFIG);
}

bool
rule_check(const struct account *account, struct arena *arena, struct failure *why)
{
	const char *auth = account_text(account, SETTING_AUTH);

	if (auth != NULL && strcmp(auth, "off") != 0 && !mechanism_filter_check(text_of(auth), why))
		return refuse(account, SETTING_AUTH, arena, why);
	if (!tls_priorities_check(account_text(account, SETTING_TLS_PRIORITIES), why))
		return refuse(account, SETTING_TLS_PRIORITIES, arena, why);
	return true;
}

/* A token's key has a URI instead of a path. */
static bool
is_path(const char *text)
{
	return !text_starts_fold(text_of(text), "pkcs11:")
	    && !text_starts_fold(text_of(text), "tpmkey:");
}

static bool
check_file(
    const struct account *account, enum setting_id id, struct arena *arena, struct failure *why)
{
	const char *path = account_text(account, id);
	struct failure found;
	int fd;

	if (path == NULL || !is_path(path)
	    || (id == SETTING_TLS_TRUST_FILE && strcmp(path, "system") == 0))
		return true;
	if (file_open(path, &fd, NULL, &found)) {
		close(fd);
		return true;
	}
	fail(why, EX_CONFIG, "%s '%s': %s", setting_row(id)->name, identity_shown(path, arena),
	    found.what);
	failure_at(why, "%s", account_where(account, id, arena));
	failure_hint(why, "make the file readable, or correct its name");
	return failure_in(why, FAILURE_CONFIG);
}

static bool
check_source(const struct account *account, struct arena *arena, struct failure *why)
{
	const char *text = account_text(account, SETTING_SOURCE_IP);
	unsigned char address[sizeof(struct in6_addr)];

	if (text == NULL || inet_pton(AF_INET, text, address) == 1
	    || inet_pton(AF_INET6, text, address) == 1)
		return true;
	fail(why, EX_CONFIG, "source_ip '%s' is no address", text);
	failure_at(why, "%s", account_where(account, SETTING_SOURCE_IP, arena));
	failure_hint(why, "write an IPv4 or IPv6 address of this machine");
	return failure_in(why, FAILURE_CONFIG);
}

bool
rule_check_files(const struct account *account, bool own, struct arena *arena, struct failure *why)
{
	return check_source(account, arena, why)
	    && check_file(account, SETTING_TLS_TRUST_FILE, arena, why)
	    && check_file(account, SETTING_TLS_CRL_FILE, arena, why)
	    && (!own || check_file(account, SETTING_TLS_CERT_FILE, arena, why))
	    && (!own || check_file(account, SETTING_TLS_KEY_FILE, arena, why));
}

static const char *
describe_trust(const struct route *route, const struct route_hop *hop, struct arena *arena)
{
	const char *file = account_text(route->account, SETTING_TLS_TRUST_FILE);

	if (own_text(route, hop, SETTING_TLS_FINGERPRINT) != NULL)
		return "certificate pinned by its fingerprint";
	if (!account_switch(route->account, SETTING_TLS_CERTCHECK))
		return "certificate not verified";
	if (file == NULL)
		return "no authority trusted";
	return strcmp(file, "system") == 0 ? "verified by the system's authorities"
					   : arena_print(arena, "verified by %s", file);
}

static bool
is_loopback(const char *host)
{
	struct in6_addr ipv6;
	struct in_addr ipv4;

	if (inet_pton(AF_INET, host, &ipv4) == 1)
		return ntohl(ipv4.s_addr) >> 24 == IN_LOOPBACKNET;
	if (inet_pton(AF_INET6, host, &ipv6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&ipv6);
	return text_equal_fold(text_of(host), text_of("localhost"));
}

/* A proxy on this machine is not the server. */
static bool
stays_here(const struct route *route, const struct route_hop *hop)
{
	if (account_text(route->account, SETTING_PROXY_HOST) != NULL)
		return false;
	return hop->socket != NULL || is_loopback(hop->server.host);
}

bool
rule_is_private(const struct route *route, const struct route_hop *hop)
{
	if (!hop->service && stays_here(route, hop))
		return true;
	if (!hop->service && security(route, hop) == SESSION_PLAIN)
		return false;
	return account_switch(route->account, SETTING_TLS_CERTCHECK)
	    || own_text(route, hop, SETTING_TLS_FINGERPRINT) != NULL;
}

const char *
rule_tls_mode(const struct route *route, const struct route_hop *hop)
{
	static const char *const names[] = {
		[SESSION_PLAIN] = "off",
		[SESSION_STARTTLS] = "starttls",
		[SESSION_IMPLICIT] = "implicit",
	};

	if (hop->service)
		return "dns";
	return names[security(route, hop)];
}

const char *
rule_describe_tls(const struct route *route, const struct route_hop *hop, struct arena *arena)
{
	enum session_security kind = security(route, hop);

	if (hop->service)
		return arena_print(arena,
		    "TLS from the first byte or STARTTLS as DNS says, certificate for %s, %s",
		    certificate_host(route, hop), describe_trust(route, hop, arena));
	if (kind == SESSION_PLAIN)
		return "no TLS";
	return arena_print(arena, "%s, certificate for %s, %s",
	    kind == SESSION_IMPLICIT ? "TLS from the first byte" : "STARTTLS",
	    certificate_host(route, hop), describe_trust(route, hop, arena));
}
