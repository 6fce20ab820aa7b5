/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/transport.h"

#include "tests/support/shelf.h"

static bool
is_work(const void *data, const char *name)
{
	return strcmp(data, name) == 0;
}

static const char *
near_work(const void *data, struct text name)
{
	return text_is_near(name, text_of(data)) ? data : NULL;
}

static struct transport_rule
rule_of(struct shelf *shelf, const char *path)
{
	return (struct transport_rule){ .path = path,
		.completion = &shelf->completion,
		.account_exists = is_work,
		.account_near = near_work,
		.data = "work" };
}

static const char *
described(struct shelf *shelf, const struct transport *transport)
{
	static const char *const names[] = { "none", "smtp", "smtps", "account", "error", "retry",
		"discard" };
	const char *all = names[transport->kind];

	if (transport->account != NULL)
		all = arena_print(shelf->arena, "%s %s", all, transport->account);
	for (size_t i = 0; i < transport->hops.count; i++)
		all = arena_print(shelf->arena, "%s %s", all, transport->hops.items[i].text);
	if (transport->enhanced != NULL)
		all = arena_print(shelf->arena, "%s %s", all, transport->enhanced);
	if (transport->text != NULL)
		all = arena_print(shelf->arena, "%s '%s'", all, transport->text);
	return all;
}

Test(transport, reads_every_form_of_a_value)
{
	static const struct {
		const char *value;
		const char *means;
	} cases[] = {
		{ ":", "none" },
		{ "smtp:isp.example:587", "smtp isp.example:587" },
		{ "relay:[isp.example]:587", "smtp [isp.example]:587" },
		{ "smtps:isp.example", "smtps isp.example" },
		{ "smtp: isp.example", "smtp isp.example" },
		{ "smtp:one.example, two.example", "smtp one.example two.example" },
		{ ":isp.example:587", "smtp isp.example:587" },
		{ ":[::1]:587", "smtp [::1]:587" },
		{ "work:", "account work" },
		{ "work", "account work" },
		{ "work:isp.example", "account work isp.example" },
		{ "error:5.7.1 not here", "error 5.7.1 'not here'" },
		{ "error:5.7.1", "error 5.7.1 'Address is undeliverable'" },
		{ "error:not here", "error 5.0.0 'not here'" },
		{ "error:", "error 5.0.0 'Address is undeliverable'" },
		{ "error", "error 5.0.0 'Address is undeliverable'" },
		{ "error:4.2.1 x", "error 5.0.0 'x'" },
		{ "error:2.0.0 x", "error 5.0.0 'x'" },
		{ "error:5.7.1x y", "error 5.0.0 '5.7.1x y'" },
		{ "error:5.1234.1 y", "error 5.0.0 '5.1234.1 y'" },
		{ "error:55.1.1 y", "error 5.0.0 '55.1.1 y'" },
		{ "error:5.7. y", "error 5.0.0 '5.7. y'" },
		{ "error:5.7.1 a: b", "error 5.7.1 'a: b'" },
		{ "retry:4.3.0 later", "retry 4.3.0 'later'" },
		{ "retry:5.1.1 later", "retry 4.0.0 'later'" },
		{ "retry:", "retry 4.0.0 'Address is undeliverable at the moment'" },
		{ "discard:", "discard ''" },
		{ "discard", "discard ''" },
		{ "discard:for now", "discard 'for now'" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct transport_rule rule = rule_of(shelf, NULL);
		struct transport transport;

		cr_assert(transport_read(text_of(cases[i].value), &rule, shelf->arena, &transport,
			      &shelf->why),
		    "%s: %s", cases[i].value, shelf->why.what);
		cr_expect_str_eq(described(shelf, &transport), cases[i].means, "%s: %s",
		    cases[i].value, described(shelf, &transport));
		shelf_close(shelf);
	}
}

Test(transport, refuses_values_that_name_no_way)
{
	static const struct {
		const char *value;
		const char *what;
		const char *hint;
	} cases[] = {
		{ "smtp:", "the transport 'smtp' has no next hop", "write smtp:host" },
		{ "smtp", "the transport 'smtp' has no next hop", "write smtp:host" },
		{ "relay: ", "the transport 'relay' has no next hop", "write relay:host" },
		{ "smtps:", "the transport 'smtps' has no next hop", "write smtps:host" },
		{ "localhost:587", "unknown transport 'localhost'", "write smtp:localhost:587" },
		{ "isp.example", "unknown transport 'isp.example'", "write smtp:isp.example" },
		{ "[isp.example]:587", "unknown transport '[isp.example]'",
		    "write smtp:[isp.example]:587" },
		{ "SMTP:isp.example", "unknown transport 'SMTP'", "write smtp" },
		{ "uucp:x", "unknown transport 'uucp'", "write smtp:x" },
		{ "uucp:", "unknown transport 'uucp'", "the name of an account" },
		{ "uucp:x y", "unknown transport 'uucp'", "the name of an account" },
		{ "foo:127.0.0.1:2525", "unknown transport 'foo'", "write smtp:127.0.0.1:2525" },
		{ "foo:[::1]:25", "unknown transport 'foo'", "write smtp:[::1]:25" },
		{ "foo:bar", "unknown transport 'foo'", "write smtp:bar" },
		{ "isp:submission", "unknown transport 'isp'", "write smtp:isp:submission" },
		{ "isp.example:", "unknown transport 'isp.example'", "write smtp:isp.example" },
		{ "2001:db8::1", "unknown transport '2001'", "write smtp:2001:db8::1" },
		{ "smpt:x", "unknown transport 'smpt'", "did you mean 'smtp'?" },
		{ "wrok:", "unknown transport 'wrok'", "did you mean 'work'?" },
		{ "Work:", "unknown transport 'Work'", "did you mean 'work'?" },
		{ "smtp:isp.example:0", "'0' is no port", "from 1 to 65535" },
		{ "smtp:i%p", "'i%p' is no host name and no address", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct transport_rule rule = rule_of(shelf, NULL);
		struct transport transport;

		cr_assert_not(transport_read(text_of(cases[i].value), &rule, shelf->arena,
				  &transport, &shelf->why),
		    "%s", cases[i].value);
		cr_expect_eq(shelf->why.code, EX_CONFIG, "%s", cases[i].value);
		cr_expect_str_eq(
		    shelf->why.what, cases[i].what, "%s: %s", cases[i].value, shelf->why.what);
		cr_expect_not_null(strstr(shelf->why.hint, cases[i].hint), "%s: %s", cases[i].value,
		    shelf->why.hint);
		shelf_close(shelf);
	}
}

/* The transports of recipients written with blanks between, as described, '|' between. */
static const char *
resolved(struct shelf *shelf, const char *content, const char *recipients)
{
	struct transport_rule rule = rule_of(shelf, shelf_file(shelf, "transport", content));
	struct envelope_recipients list = { 0 };
	struct text rest = text_of(recipients);
	const struct transport **transports;
	const char *all = "";

	for (;;) {
		struct text word = text_word(&rest, '\0');

		if (word.length == 0)
			break;
		(void)envelope_add(&list,
		    (struct envelope_recipient){
			.address = shelf_address(shelf, text_string(word, shelf->arena)) },
		    shelf->arena);
	}
	cr_assert(transport_resolve(&rule, &list, shelf->arena, &transports, &shelf->why), "%s: %s",
	    content, shelf->why.what);
	for (size_t i = 0; i < list.count; i++)
		all = arena_print(shelf->arena, "%s%s%s", all, i == 0 ? "" : "|",
		    described(shelf, transports[i]));
	return all;
}

Test(transport, asks_for_the_address_the_domain_its_parents_and_the_star)
{
	static const struct {
		const char *label;
		const char *delimiters;
		const char *content;
		const char *recipients;
		const char *means;
	} cases[] = {
		{ "address before domain", NULL, "dom.test smtp:a\nbob@dom.test smtp:b\n",
		    "bob@dom.test eve@dom.test", "smtp b|smtp a" },
		{ "domain is not its parent", NULL, "dom.test smtp:a\n", "u@sub.dom.test", "none" },
		{ "parent is not the domain", NULL, ".dom.test smtp:a\n", "u@dom.test u@x.dom.test",
		    "none|smtp a" },
		{ "nearest parent", NULL, ".test smtp:a\n.c.test smtp:b\n*  smtp:c\n",
		    "u@a.b.c.test u@x.test u@test", "smtp b|smtp a|smtp c" },
		{ "star", NULL, "* smtp:a\n", "u@dom.test", "smtp a" },
		{ "an allow-list", NULL, "u@dom.test smtp:a\n", "u@dom.test v@dom.test",
		    "smtp a|none" },
		{ "null row ends the search", NULL, "bob@dom.test :\ndom.test smtp:a\n",
		    "bob@dom.test eve@dom.test", "none|smtp a" },
		{ "case", NULL, "DOM.test smtp:a\nBob@x.TEST smtp:b\n", "u@dom.TEST bOB@X.test",
		    "smtp a|smtp b" },
		{ "bare and @dom keys are not asked for", NULL, "u smtp:a\n@dom.test smtp:b\n",
		    "u@dom.test u@localhost", "none|none" },
		{ "extension", "+", "u@dom.test smtp:a\n", "u+x@dom.test", "smtp a" },
		{ "extension first", "+", "u@dom.test smtp:a\nu+x@dom.test smtp:b\n",
		    "u+x@dom.test", "smtp b" },
		{ "extension without delimiter", NULL, "u@dom.test smtp:a\n", "u+x@dom.test",
		    "none" },
		{ "literal", NULL, "[192.0.2.1] smtp:a\n", "u@[192.0.2.1]", "smtp a" },
		{ "UTF-8 domain", NULL, "BÜCHER.test smtp:a\n.BÜCHER.test smtp:b\n",
		    "u@bücher.test u@x.Bücher.TEST", "smtp a|smtp b" },
		{ "four recipients", NULL, "a.test smtp:a\nb.test smtp:b\nc.test error:\n",
		    "u@a.test u@b.test u@c.test v@a.test",
		    "smtp a|smtp b|error 5.0.0 'Address is undeliverable'|smtp a" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();

		shelf->completion.delimiters = cases[i].delimiters;
		cr_expect_str_eq(resolved(shelf, cases[i].content, cases[i].recipients),
		    cases[i].means, "%s: %s", cases[i].label,
		    resolved(shelf, cases[i].content, cases[i].recipients));
		shelf_close(shelf);
	}
}

Test(transport, asks_for_quoted_local_parts_in_both_forms)
{
	static const char *const tables[] = { "\"a b\"@dom.test smtp:a\n",
		"a\\ b@dom.test smtp:a\n" };
	struct shelf *shelf = shelf_open();
	struct transport_rule rule = rule_of(shelf, shelf_file(shelf, "transport", tables[0]));
	struct envelope_recipients list = { 0 };
	const struct transport **transports;

	/* F208: as written in commands; the other form needs its blank shielded, which stays. */
	(void)envelope_add(&list,
	    (struct envelope_recipient){ .address = shelf_address(shelf, "\"a b\"@dom.test") },
	    shelf->arena);
	cr_assert(transport_resolve(&rule, &list, shelf->arena, &transports, &shelf->why));
	cr_expect_eq(transports[0]->kind, TRANSPORT_SMTP);
	rule.path = shelf_file(shelf, "other", tables[1]);
	cr_assert(transport_resolve(&rule, &list, shelf->arena, &transports, &shelf->why));
	cr_expect_eq(transports[0]->kind, TRANSPORT_NONE);
	shelf_close(shelf);
}

Test(transport, tells_the_row_and_shares_it)
{
	struct shelf *shelf = shelf_open();
	struct transport_rule rule = rule_of(
	    shelf, shelf_file(shelf, "transport", "# first\nDom.Test smtp:a\n"));
	struct envelope_recipients list = { 0 };
	const struct transport **transports;

	(void)envelope_add(&list,
	    (struct envelope_recipient){ .address = shelf_address(shelf, "a@dom.test") },
	    shelf->arena);
	(void)envelope_add(&list,
	    (struct envelope_recipient){ .address = shelf_address(shelf, "b@dom.test") },
	    shelf->arena);
	(void)envelope_add(&list,
	    (struct envelope_recipient){ .address = shelf_address(shelf, "b@else.test") },
	    shelf->arena);
	cr_assert(transport_resolve(&rule, &list, shelf->arena, &transports, &shelf->why));
	cr_expect_eq(transports[0], transports[1]);
	cr_expect_str_eq(transports[0]->key, "dom.test");
	cr_expect_eq(transports[0]->line, 2);
	cr_expect_neq(transports[0], transports[2]);
	cr_expect_null(transports[2]->key);
	cr_expect_eq(transports[2]->line, 0);
	shelf_close(shelf);
}

Test(transport, gives_no_way_without_a_table)
{
	struct shelf *shelf = shelf_open();
	struct transport_rule rule = rule_of(shelf, NULL);
	struct envelope_recipients list = { 0 };
	const struct transport **transports;

	(void)envelope_add(&list,
	    (struct envelope_recipient){ .address = shelf_address(shelf, "a@dom.test") },
	    shelf->arena);
	cr_assert(transport_resolve(&rule, &list, shelf->arena, &transports, &shelf->why));
	cr_expect_eq(transports[0]->kind, TRANSPORT_NONE);
	shelf_close(shelf);
}

Test(transport, refuses_only_bad_rows_that_are_asked_for)
{
	struct shelf *shelf = shelf_open();
	const char *content = "bad.test localhost:587\n\ngood.test smtp:a\n";
	struct transport_rule rule;
	struct envelope_recipients list = { 0 };
	const struct transport **transports;

	cr_expect_str_eq(resolved(shelf, content, "u@good.test"), "smtp a");
	rule = rule_of(shelf, shelf_path(shelf, "transport"));
	(void)envelope_add(&list,
	    (struct envelope_recipient){ .address = shelf_address(shelf, "a@bad.test") },
	    shelf->arena);
	(void)envelope_add(&list,
	    (struct envelope_recipient){ .address = shelf_address(shelf, "a@good.test") },
	    shelf->arena);
	cr_assert(transport_resolve(&rule, &list, shelf->arena, &transports, &shelf->why));
	cr_expect_eq(transports[1]->kind, TRANSPORT_SMTP);
	cr_assert_eq(transports[0]->kind, TRANSPORT_FAULT);
	cr_expect_str_eq(transports[0]->text, "localhost:587");
	cr_expect_eq(transports[0]->fault->code, EX_CONFIG);
	cr_expect_eq(transports[0]->fault->stage, FAILURE_TABLE);
	cr_expect_str_eq(transports[0]->fault->where, arena_print(shelf->arena, "%s:1", rule.path));
	cr_expect_str_eq(transports[0]->fault->what, "unknown transport 'localhost'");
	shelf_close(shelf);
}

Test(transport, fails_when_the_table_is_missing)
{
	struct shelf *shelf = shelf_open();
	struct transport_rule rule = rule_of(shelf, shelf_path(shelf, "missing"));
	struct envelope_recipients list = { 0 };
	const struct transport **transports;

	/* F199 */
	(void)envelope_add(&list,
	    (struct envelope_recipient){ .address = shelf_address(shelf, "a@bad.test") },
	    shelf->arena);
	cr_assert_not(transport_resolve(&rule, &list, shelf->arena, &transports, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	cr_expect_str_eq(shelf->why.where, rule.path);
	shelf_close(shelf);
}

Test(transport, asks_for_no_parents_of_a_name_that_dns_cannot_hold)
{
	struct shelf *shelf = shelf_open();
	struct transport_rule rule = rule_of(
	    shelf, shelf_file(shelf, "transport", ".a smtp:parent\n* smtp:star\n"));
	struct envelope_recipients list = { 0 };
	struct address address = shelf_address(shelf, "u@x");
	const struct transport **transports;
	char domain[301];

	for (size_t i = 0; i < sizeof domain; i++)
		domain[i] = i % 2 == 0 ? 'a' : '.';
	address.domain = text_make(domain, sizeof domain);
	(void)envelope_add(&list, (struct envelope_recipient){ .address = address }, shelf->arena);
	address.domain = text_make(domain, 255);
	(void)envelope_add(&list, (struct envelope_recipient){ .address = address }, shelf->arena);
	cr_assert(transport_resolve(&rule, &list, shelf->arena, &transports, &shelf->why));
	cr_expect_str_eq(described(shelf, transports[0]), "smtp star");
	cr_expect_str_eq(described(shelf, transports[1]), "smtp parent");
	shelf_close(shelf);
}

Test(transport, names_the_keys_in_the_order_in_which_they_are_tried)
{
	struct shelf *shelf = shelf_open();
	struct transport_rule rule = rule_of(shelf, NULL);
	struct table_trials trials;

	shelf->completion.delimiters = "+";
	trials = transport_candidates(&rule, shelf_address(shelf, "u+x@a.B.test"), shelf->arena);
	cr_expect_str_eq(shelf_words(shelf, trials.items, trials.count),
	    "u+x@a.b.test u@a.b.test a.b.test .b.test .test *");
	shelf_close(shelf);
}

Test(transport, tells_a_row_without_a_name)
{
	static const struct {
		const char *value;
		bool nameless;
	} cases[] = { { ":", true }, { ":isp.example", true }, { "smtp:isp.example", false } };
	struct shelf *shelf = shelf_open();
	struct transport_rule rule = rule_of(shelf, NULL);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct transport transport;

		cr_assert(transport_read(
		    text_of(cases[i].value), &rule, shelf->arena, &transport, &shelf->why));
		cr_expect_eq(transport.nameless, cases[i].nameless, "%s", cases[i].value);
	}
	shelf_close(shelf);
}
