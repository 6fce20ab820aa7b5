/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netdb.h>
#include <string.h>

#include "net/lookup.h"

static struct host
host(const char *text)
{
	struct failure why;
	struct host read;

	cr_assert(host_read(text, &read, &why), "%s", why.what);
	return read;
}

static void
add(struct lookup *lookup, int family, unsigned char mark)
{
	struct lookup_address *item = &lookup->items[lookup->count++];

	memset(item, 0, sizeof *item);
	item->address.ss_family = (sa_family_t)family;
	item->length = mark;
}

/* F278, F280 */
Test(lookup, interleaves_families_with_ipv6_first)
{
	static const struct {
		const char *label, *families, *order;
	} rows[] = {
		{ "IPv4 only", "444", "123" },
		{ "IPv6 only", "66", "12" },
		{ "IPv4 before IPv6", "4466", "3142" },
		{ "many of one", "46444", "21345" },
		{ "one", "4", "1" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct lookup lookup = { .count = 0 };
		char order[8] = "";

		for (size_t j = 0; rows[i].families[j] != '\0'; j++)
			add(&lookup, rows[i].families[j] == '6' ? AF_INET6 : AF_INET,
			    (unsigned char)(j + 1));
		lookup_interleave(&lookup);
		for (size_t j = 0; j < lookup.count; j++)
			order[j] = (char)('0' + lookup.items[j].length);
		cr_expect_str_eq(order, rows[i].order, "%s: %s", rows[i].label, order);
	}
}

/* F277 */
Test(lookup, tells_a_name_that_does_not_exist_from_a_resolver_that_does_not_know)
{
	static const struct {
		const char *label;
		int answer, code;
		const char *what;
	} rows[] = {
		{ "NXDOMAIN", EAI_NONAME, EX_NOHOST,
		    "the host 'srv.test' does not exist or has no address" },
		{ "no address", EAI_NODATA, EX_NOHOST,
		    "the host 'srv.test' does not exist or has no address" },
		{ "SERVFAIL", EAI_AGAIN, EX_TEMPFAIL,
		    "cannot look up the host 'srv.test': Temporary failure in name resolution" },
		{ "broken resolver", EAI_FAIL, EX_TEMPFAIL,
		    "cannot look up the host 'srv.test': Non-recoverable failure in name "
		    "resolution" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };

		cr_assert_not(lookup_failure(rows[i].answer, "srv.test", &why));
		cr_expect_eq(why.code, rows[i].code, "%s", rows[i].label);
		cr_expect(why.temporary, "%s", rows[i].label);
		cr_expect_str_eq(why.what, rows[i].what, "%s: %s", rows[i].label, why.what);
		cr_expect_str_not_empty(why.hint, "%s", rows[i].label);
	}
}

Test(lookup, takes_a_literal_as_it_is)
{
	static const struct {
		const char *text, *shown;
		int family;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1", AF_INET },
		{ "[::1]", "::1", AF_INET6 },
		{ "192.0.2.7", "192.0.2.7", AF_INET },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct host literal = host(rows[i].text);
		struct failure why = { 0 };
		struct lookup lookup;
		char shown[64];

		cr_assert(lookup_find(&literal, 587, deadline_after(5000), &lookup, &why), "%s: %s",
		    rows[i].text, why.what);
		lookup_format(&lookup.items[0], shown, sizeof shown);
		cr_expect_eq(lookup.count, 1, "%s", rows[i].text);
		cr_expect_eq(lookup.items[0].address.ss_family, rows[i].family, "%s", rows[i].text);
		cr_expect_str_eq(shown, rows[i].shown);
	}
}

Test(lookup, puts_the_port_into_the_address)
{
	const struct host literal = host("127.0.0.1");
	struct sockaddr_in address;
	struct failure why;
	struct lookup lookup;

	cr_assert(lookup_find(&literal, 587, deadline_never(), &lookup, &why));
	memcpy(&address, &lookup.items[0].address, sizeof address);
	cr_expect_eq(ntohs(address.sin_port), 587);
}

Test(lookup, finds_this_machine)
{
	const struct host name = host("localhost");
	struct failure why = { 0 };
	struct lookup lookup;

	cr_assert(lookup_find(&name, 587, deadline_after(10000), &lookup, &why), "%s", why.what);
	cr_expect_geq(lookup.count, 1);
}

/* F277: a resolver without an answer; one that had it in no time at all is right too. */
Test(lookup, does_not_wait_past_the_deadline)
{
	const struct host name = host("localhost");
	struct failure why = { 0 };
	struct lookup lookup;

	if (!lookup_find(&name, 587, deadline_after(0), &lookup, &why)) {
		cr_expect_eq(why.code, EX_TEMPFAIL);
		cr_expect_str_eq(why.what, "no answer from the name servers within the time limit");
		return;
	}
	cr_expect_geq(lookup.count, 1);
}
