/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/transport_hops.h"

#include "tests/support/shelf.h"

/* All hops as "text=host/port", brackets marked by '!'. */
static const char *
hops_of(struct shelf *shelf, const char *value)
{
	struct transport_hops hops;
	const char *all = "";

	cr_assert(transport_hops_read(text_of(value), shelf->arena, &hops, &shelf->why), "%s: %s",
	    value, shelf->why.what);
	for (size_t i = 0; i < hops.count; i++)
		all = arena_print(shelf->arena, "%s%s%s=%s/%u%s", all, i == 0 ? "" : " ",
		    hops.items[i].text, hops.items[i].host, hops.items[i].port,
		    hops.items[i].bracketed ? "!" : "");
	return all;
}

Test(transport_hops, reads_hosts_and_ports)
{
	static const struct {
		const char *value;
		const char *hops;
	} cases[] = {
		{ "isp.example", "isp.example=isp.example/0" },
		{ "isp.example:587", "isp.example:587=isp.example/587" },
		{ "ISP.example:submission", "ISP.example:submission=ISP.example/587" },
		{ "isp.example:smtp", "isp.example:smtp=isp.example/25" },
		{ "isp.example:submissions", "isp.example:submissions=isp.example/465" },
		{ "[isp.example]", "[isp.example]=isp.example/0!" },
		{ "[isp.example]:465", "[isp.example]:465=isp.example/465!" },
		{ "192.0.2.1:1", "192.0.2.1:1=192.0.2.1/1" },
		{ "[192.0.2.1]:65535", "[192.0.2.1]:65535=192.0.2.1/65535!" },
		{ "::1", "::1=::1/0" },
		{ "2001:db8::1", "2001:db8::1=2001:db8::1/0" },
		{ "[::1]:587", "[::1]:587=::1/587!" },
		{ "[IPv6:2001:db8::1]:25", "[IPv6:2001:db8::1]:25=2001:db8::1/25!" },
		{ "a b,c ,, d:2", "a=a/0 b=b/0 c=c/0 d:2=d/2" },
		{ "a_b-c.example.", "a_b-c.example.=a_b-c.example./0" },
		{ "bücher.example", "bücher.example=bücher.example/0" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();

		cr_expect_str_eq(hops_of(shelf, cases[i].value), cases[i].hops, "%s: %s",
		    cases[i].value, hops_of(shelf, cases[i].value));
		shelf_close(shelf);
	}
}

Test(transport_hops, refuses_what_is_no_host_or_port)
{
	/* F211 */
	static const struct {
		const char *value;
		const char *what;
	} cases[] = {
		{ "", "a host name is missing" },
		{ " , ", "a host name is missing" },
		{ ":587", "a host name is missing" },
		{ "[]", "a host name is missing" },
		{ "[]:587", "a host name is missing" },
		{ "isp:", "a colon with no port behind it" },
		{ "isp:0", "'0' is no port" },
		{ "isp:65536", "'65536' is no port" },
		{ "isp:587x", "'587x' is no port" },
		{ "isp:0x19", "'0x19' is no port" },
		{ "isp:031", "'031' is no port" },
		{ "isp:-1", "'-1' is no port" },
		{ "isp:+25", "'+25' is no port" },
		{ "isp:no-such-service-here", "'no-such-service-here' is no port" },
		{ "isp:99999999999999999999999999", "'99999999999999999999999999' is no port" },
		{ "a:b:c", "'b:c' is no port" },
		{ "i%np", "'i%np' is no host name and no address" },
		{ "fe80::1%eth0", "':1%eth0' is no port" },
		{ "[fe80::1%eth0]", "'fe80::1%eth0' is no host name and no address" },
		{ "[a b]", "a host begins with '[' and has no ']'" },
		{ "[isp", "a host begins with '[' and has no ']'" },
		{ "[isp]587", "something other than ':' and a port follows ']'" },
		{ "isp\x01", "'isp?' is no host name and no address" },
		{ "user@isp", "'user@isp' is no host name and no address" },
		{ "[1::2::3]", "'1::2::3' is no host name and no address" },
		{ "-x.example", "'-x.example' is no host name and no address" },
		{ "x..y", "'x..y' is no host name and no address" },
		{ "x.-y", "'x.-y' is no host name and no address" },
		{ ".", "'.' is no host name and no address" },
		{ "isp/x", "'isp/x' is no host name and no address" },
		{ "\xff", "'?' is no host name and no address" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct transport_hops hops;

		cr_assert_not(
		    transport_hops_read(text_of(cases[i].value), shelf->arena, &hops, &shelf->why),
		    "%s", cases[i].value);
		cr_expect_eq(shelf->why.code, EX_CONFIG, "%s", cases[i].value);
		cr_expect_str_eq(
		    shelf->why.what, cases[i].what, "%s: %s", cases[i].value, shelf->why.what);
		shelf_close(shelf);
	}
}

Test(transport_hops, refuses_a_host_longer_than_dns_holds)
{
	struct shelf *shelf = shelf_open();
	struct transport_hops hops;
	char host[TRANSPORT_HOST_MAX + 2];

	/* F211 */
	memset(host, 'h', sizeof host);
	cr_expect(transport_hops_read(
	    text_make(host, TRANSPORT_HOST_MAX), shelf->arena, &hops, &shelf->why));
	cr_assert_not(transport_hops_read(
	    text_make(host, TRANSPORT_HOST_MAX + 1), shelf->arena, &hops, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_not_null(strstr(shelf->why.what, "longer than 255 bytes"), "%s", shelf->why.what);
	shelf_close(shelf);
}

Test(transport_hops, leaves_the_output_alone_when_one_of_them_is_wrong)
{
	struct shelf *shelf = shelf_open();
	struct transport_hops hops = { .count = 77 };

	cr_assert_not(
	    transport_hops_read(text_of("good.example bad:0"), shelf->arena, &hops, &shelf->why));
	cr_expect_eq(hops.count, 77);
	shelf_close(shelf);
}
