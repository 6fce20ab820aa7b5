/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/configure.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/advice.h"
#include "mail/address.h"

#define FIND_MS 20000
#define PORT_SUBMISSION 587U
#define PORT_SUBMISSIONS 465U

static bool
read_address(const struct invocation *invocation, struct arena *arena, struct address *address,
    struct failure *why)
{
	if (invocation->recipient_count != 1)
		return fail(why, EX_USAGE, "'--configure' takes one address");
	if (!address_read(text_of(invocation->recipients[0]), arena, address, why))
		return false;
	if (address->local.length == 0 || address->domain.length == 0)
		return fail(
		    why, EX_USAGE, "'%s' has no domain to ask for", invocation->recipients[0]);
	if (text_has_control(address->local)
	    || text_find(address->local, '"') < address->local.length)
		return fail(why, EX_USAGE, "'%s' cannot be written into a relayrc",
		    invocation->recipients[0]);
	return address_check(*address, EX_USAGE, why);
}

static const char *
record_name(const struct service_target *target)
{
	return target->implicit_tls ? "_submissions._tcp" : "_submission._tcp";
}

static unsigned
usual_port(bool implicit_tls)
{
	return implicit_tls ? PORT_SUBMISSIONS : PORT_SUBMISSION;
}

static void
put_origin(const struct service *service, struct text domain, struct buffer *to)
{
	(void)buffer_print(
	    to, "# Servers that DNS names for %.*s:\n", (int)domain.length, domain.bytes);
	for (size_t i = 0; i < service->count; i++) {
		const struct service_target *target = &service->items[i];

		(void)buffer_print(to, "#   %s port %u, %s (%s.%.*s)\n", target->host, target->port,
		    target->implicit_tls ? "TLS from the first byte" : "STARTTLS",
		    record_name(target), (int)domain.length, domain.bytes);
	}
	(void)buffer_add(to,
	    "# Anybody on the way can make up an answer of DNS, and the certificate of a made-up\n"
	    "# server would be right for its name: compare these names with what your provider\n"
	    "# says before you trust a password to them.\n");
}

/* The first server, and behind it those that can be spoken to in the same way. */
static void
put_hosts(const struct service *service, struct buffer *to)
{
	const struct service_target *first = &service->items[0];

	(void)buffer_print(to, "host %s", first->host);
	for (size_t i = 1; i < service->count; i++) {
		const struct service_target *target = &service->items[i];

		if (target->implicit_tls != first->implicit_tls)
			continue;
		(void)buffer_print(to, " %s", target->host);
		if (target->port != first->port)
			(void)buffer_print(to, ":%u", target->port);
	}
	(void)buffer_print(to, "\nport %u\n", first->port);
	if (first->implicit_tls)
		(void)buffer_add(to, "tls_starttls off\n");
	else if (first->port == usual_port(true))
		(void)buffer_add(to, "tls_starttls on\n");
}

static void
put_account(
    const struct service *service, struct text address, struct text domain, struct buffer *to)
{
	(void)buffer_print(to, "account %.*s\n", (int)domain.length, domain.bytes);
	put_hosts(service, to);
	(void)buffer_print(to, "from %.*s\n", (int)address.length, address.bytes);
	(void)buffer_add(
	    to, "# Some providers want the part before the @ alone, or another name.\n");
	(void)buffer_print(to, "user %.*s\n", (int)address.length, address.bytes);
	(void)buffer_add(to,
	    "# Say where the password is: a command that prints it, or a file that only you can "
	    "read.\n");
	(void)buffer_print(
	    to, "#passwordeval pass show %.*s\n", (int)address.length, address.bytes);
	(void)buffer_add(to, "#passwordfile ~/.relay-password\n");
	(void)buffer_print(to,
	    "\n# Next: put this into ~/.relayrc, and run\n#   relay --check %.*s\n"
	    "# which tries all of it and sends nothing.\n",
	    (int)domain.length, domain.bytes);
}

static bool
run(const struct configure *configure, struct arena *arena, struct buffer *output,
    struct failure *why)
{
	struct dialer dialer = configure->dialer == NULL ? connect_dialer() : *configure->dialer;
	struct service service;
	struct address address;

	if (!read_address(configure->invocation, arena, &address, why))
		return failure_in(why, FAILURE_USAGE);
	if (!dialer.find(dialer.data, text_string(address.domain, arena), deadline_after(FIND_MS),
		&service, why))
		return false;
	put_origin(&service, address.domain, output);
	(void)buffer_add(output, "\n");
	put_account(&service, address_format(address, arena), address.domain, output);
	return true;
}

int
configure_run(const struct configure *configure, struct arena *arena, struct buffer *output,
    struct buffer *complaints)
{
	struct failure why;

	if (run(configure, arena, output, &why))
		return EX_OK;
	advice_add(&why);
	failure_format(&why, "relay", complaints);
	return why.code;
}
