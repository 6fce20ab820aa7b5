/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/configure.h"
#include "tests/support/dials.h"
#include "tests/support/house.h"

/* Runs it with one address; returns the status, and what was printed in `out` and `complaints`. */
static int
run(struct house *house, struct dials *dials, const char *address, const char **out,
    const char **complaints)
{
	const struct dialer dialer = dials_dialer(dials);
	const struct configure configure = { &house->invocation, &dialer };
	struct buffer printed = buffer_open(0);
	struct buffer told = buffer_open(0);
	int status;

	house_arguments(house, arena_print(house->arena, "--configure %s", address));
	status = configure_run(&configure, house->arena, &printed, &told);
	*out = text_string(buffer_text(&printed), house->arena);
	*complaints = text_string(buffer_text(&told), house->arena);
	buffer_close(&printed);
	buffer_close(&told);
	return status;
}

Test(configure, prints_an_account_that_relayrc_takes)
{
	static const struct {
		const char *label;
		struct service service;
		const char *lines;
	} rows[] = {
		{ "implicit TLS",
		    { .count = 1,
			.items = { { .host = "m.example", .port = 465, .implicit_tls = true } } },
		    "account d.example\nhost m.example\nport 465\ntls_starttls off\n"
		    "from jane@d.example\n" },
		{ "STARTTLS", { .count = 1, .items = { { .host = "m.example", .port = 587 } } },
		    "account d.example\nhost m.example\nport 587\nfrom jane@d.example\n" },
		{ "STARTTLS where TLS is usual",
		    { .count = 1, .items = { { .host = "m.example", .port = 465 } } },
		    "host m.example\nport 465\ntls_starttls on\n" },
		{ "several",
		    { .count = 4,
			.items = { { .host = "a.example", .port = 465, .implicit_tls = true },
			    { .host = "b.example", .port = 465, .implicit_tls = true },
			    { .host = "c.example", .port = 466, .implicit_tls = true },
			    { .host = "d.example", .port = 587 } } },
		    "host a.example b.example c.example:466\nport 465\ntls_starttls off\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		struct dials dials = { .service = rows[i].service };
		const char *complaints;
		const char *out;

		cr_expect_eq(run(house, &dials, "jane@d.example", &out, &complaints), EX_OK);
		cr_expect_str_eq(complaints, "");
		cr_expect_not_null(strstr(out, rows[i].lines), "%s: %s", rows[i].label, out);
		(void)house_relayrc(house, arena_print(house->arena, "%s\npassword x\n", out));
		house_arguments(house, "-a d.example x@y.example");
		cr_expect(house_plan(house), "%s: %s: %s", rows[i].label, house->why.where,
		    house->why.what);
		cr_expect_eq(house->config.remark_count, 0, "%s", rows[i].label);
		house_close(house);
	}
}

Test(configure, says_where_it_comes_from_and_how_to_go_on)
{
	struct house *house = house_open();
	struct dials dials = { .service = { .count = 1,
				   .items = { { .host = "m.example", .port = 587 } } } };
	const char *complaints;
	const char *out;

	cr_expect_eq(run(house, &dials, "jane@d.example", &out, &complaints), EX_OK);
	cr_expect_not_null(strstr(out, "_submission._tcp.d.example"), "%s", out);
	cr_expect_not_null(strstr(out, "compare these names"), "%s", out);
	cr_expect_not_null(strstr(out, "relay --check d.example"), "%s", out);
	cr_expect_not_null(strstr(out, "\n#passwordeval "), "%s", out);
	cr_expect_eq(dials.dialled, 0);
	house_close(house);
}

Test(configure, prints_nothing_when_dns_names_no_server)
{
	struct house *house = house_open();
	struct dials dials = { 0 };
	const char *complaints;
	const char *out;

	cr_expect_eq(run(house, &dials, "jane@d.example", &out, &complaints), EX_NOHOST);
	cr_expect_str_eq(out, "");
	cr_expect_not_null(strstr(complaints, "'d.example'"), "%s", complaints);
	house_close(house);
}

Test(configure, wants_one_address_with_a_domain)
{
	static const char *const rows[] = { "jane", "jane@", "@d.example",
		"a@b.example c@d.example", "\"x\"@d.example;y", "\"a\\\"b\"@d.example" };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		struct dials dials = { .service = { .count = 1,
					   .items = { { .host = "m.example", .port = 587 } } } };
		const char *complaints;
		const char *out;

		cr_expect_eq(
		    run(house, &dials, rows[i], &out, &complaints), EX_USAGE, "%s", rows[i]);
		cr_expect_str_eq(out, "", "%s", rows[i]);
		house_close(house);
	}
}
