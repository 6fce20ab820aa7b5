/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/generic.h"

#include "tests/support/shelf.h"

static struct generic_rule
rule_of(struct shelf *shelf, const char *content, bool recursion)
{
	return (struct generic_rule){ .path = shelf_file(shelf, "generic", content),
		.recursion = recursion,
		.completion = &shelf->completion };
}

static const char *
mapped(struct shelf *shelf, const struct generic_rule *rule, const char *string)
{
	struct address address = shelf_address(shelf, string);
	struct generic_map *map;

	cr_assert(generic_resolve(rule, &address, 1, shelf->arena, &map, &shelf->why), "%s: %s",
	    string, shelf->why.what);
	return shelf_string(shelf, generic_result(map, address));
}

Test(generic, maps_an_address_once_without_recursion)
{
	static const struct {
		const char *label;
		const char *delimiters;
		const char *content;
		const char *address;
		const char *result;
	} cases[] = {
		{ "bare key", NULL, "root me@isp", "root@local.example", "me@isp" },
		{ "bare key of localhost", NULL, "root me@isp", "root@localhost", "me@isp" },
		{ "bare key is for local domains", NULL, "root me@isp", "root@dom.test",
		    "root@dom.test" },
		{ "order of keys", NULL, "@local.example at@isp\nroot bare@isp",
		    "root@local.example", "bare@isp" },
		{ "address before bare", NULL, "root bare@isp\nroot@local.example full@isp",
		    "root@local.example", "full@isp" },
		{ "no subdomains", NULL, "@corp x@isp\n.corp y@isp", "u@sub.corp", "u@sub.corp" },
		{ "recipient of another domain", NULL, "bob@dom.test robert@else", "bob@dom.test",
		    "robert@else" },
		{ "domain to domain", NULL, "@dom.test @isp.test", "Bob@dom.test", "Bob@isp.test" },
		{ "case", NULL, "ROOT me@ISP", "rOOt@Local.Example", "me@ISP" },
		{ "several results", NULL, "root one@isp, two@isp", "root@localhost", "one@isp" },
		{ "no comment behind text", NULL, "root yes@isp # kept", "root@localhost",
		    "yes@isp" },
		{ "display name", NULL, "root Root Name <me@isp>", "root@localhost", "me@isp" },
		{ "comment", NULL, "root (who) me@isp", "root@localhost", "me@isp" },
		{ "bare result", NULL, "bob@dom.test alice", "bob@dom.test",
		    "alice@local.example" },
		{ "one-word domain", NULL, "root me@isp", "root@localhost", "me@isp" },
		{ "null result", NULL, "root <>", "root@localhost", "" },
		{ "null address", NULL, "@local.example x@isp", "<>", "" },
		{ "not recursive", NULL, "root a@local.example\na@local.example b@isp",
		    "root@local.example", "a@local.example" },
		{ "no extension without delimiter", NULL, "root me@isp", "root+x@localhost",
		    "root+x@localhost" },
		{ "extension", "+", "root me@isp", "root+x@localhost", "me@isp" },
		{ "extension first", "+", "root me@isp\nroot+x you@isp", "root+x@localhost",
		    "you@isp" },
		{ "user@dom before user+ext", "+", "root+x a@isp\nroot@localhost b@isp",
		    "root+x@localhost", "b@isp" },
		{ "@other drops an unmatched extension", "+", "bob@dom.test @isp.test",
		    "bob+x@dom.test", "bob@isp.test" },
		{ "@other keeps a matched one", "+", "bob+x@dom.test @isp.test", "bob+x@dom.test",
		    "bob+x@isp.test" },
		{ "@dom key strips nothing", "+", "@dom.test @isp.test", "bob+x@dom.test",
		    "bob+x@isp.test" },
		{ "quoted key", NULL, "\"a b\"@dom.test c@isp", "\"a b\"@dom.test", "c@isp" },
		{ "needlessly quoted key never matches", NULL, "\"root\"@localhost c@isp",
		    "root@localhost", "root@localhost" },
		{ "quoted result", NULL, "root \"a b\"@isp", "root@localhost", "\"a b\"@isp" },
		{ "quoted @ in the result", NULL, "root \"a@b\"@isp", "root@localhost",
		    "\"a@b\"@isp" },
		{ "UTF-8", NULL, "ÜBER me@isp", "über@localhost", "me@isp" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct generic_rule rule = rule_of(shelf, cases[i].content, false);

		shelf->completion.delimiters = cases[i].delimiters;
		cr_expect_str_eq(mapped(shelf, &rule, cases[i].address), cases[i].result, "%s: %s",
		    cases[i].label, mapped(shelf, &rule, cases[i].address));
		shelf_close(shelf);
	}
}

Test(generic, looks_results_up_again_with_recursion)
{
	static const struct {
		const char *label;
		const char *content;
		const char *result;
	} cases[] = {
		{ "two steps", "root a@local.example\na@local.example b@isp", "b@isp" },
		{ "in any order of rows", "a@local.example b@isp\nroot a@local.example", "b@isp" },
		{ "to itself", "root root@local.example", "root@local.example" },
		{ "there and back", "root a@isp\na@isp root@local.example", "a@isp" },
		{ "into a circle", "root a@isp\na@isp b@isp\nb@isp a@isp", "b@isp" },
		{ "ends in nobody", "root a@isp\na@isp <>", "" },
		{ "other letter case", "root ROOT@local.example", "ROOT@local.example" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct generic_rule rule = rule_of(shelf, cases[i].content, true);

		cr_expect_str_eq(mapped(shelf, &rule, "root@local.example"), cases[i].result,
		    "%s: %s", cases[i].label, mapped(shelf, &rule, "root@local.example"));
		shelf_close(shelf);
	}
}

/* F200 */
Test(generic, opens_the_table_once_for_all_steps)
{
	struct shelf *shelf = shelf_open();
	struct generic_rule rule = rule_of(shelf, "b@isp c@isp\na@isp b@isp\nroot a@isp\n", true);
	int watch = shelf_watch(rule.path);

	cr_expect_str_eq(mapped(shelf, &rule, "root@localhost"), "c@isp");
	cr_expect_eq(shelf_openings(watch), 1);
	shelf_close(shelf);
}

Test(generic, ends_after_sixteen_steps)
{
	struct shelf *shelf = shelf_open();
	struct generic_rule rule = { .recursion = true, .completion = &shelf->completion };
	const char *content = "";

	for (int i = 0; i < 20; i++)
		content = arena_print(shelf->arena, "%su%d@isp u%d@isp\n", content, i, i + 1);
	rule.path = shelf_file(shelf, "generic", content);
	cr_expect_str_eq(mapped(shelf, &rule, "u0@isp"), "u16@isp");
	shelf_close(shelf);
}

Test(generic, swaps_names_that_point_at_each_other)
{
	static const bool recursion[] = { false, true };

	for (size_t i = 0; i < 2; i++) {
		struct shelf *shelf = shelf_open();
		struct generic_rule rule = rule_of(shelf, "a@isp b@isp\nb@isp a@isp", recursion[i]);

		cr_expect_str_eq(mapped(shelf, &rule, "a@isp"), "b@isp");
		cr_expect_str_eq(mapped(shelf, &rule, "b@isp"), "a@isp");
		shelf_close(shelf);
	}
}

Test(generic, tells_the_steps)
{
	struct shelf *shelf = shelf_open();
	struct generic_rule rule = rule_of(shelf, "# comment\na@isp b@isp\nroot a@isp\n", true);
	struct address addresses[2] = { shelf_address(shelf, "root@localhost"),
		shelf_address(shelf, "bob@dom.test") };
	const struct generic_step *step;
	struct generic_map *map;

	cr_assert(generic_resolve(&rule, addresses, 2, shelf->arena, &map, &shelf->why));
	step = generic_steps(map, addresses[0]);
	cr_assert_not_null(step);
	cr_expect_str_eq(shelf_string(shelf, step->result), "a@isp");
	cr_expect_eq(step->line, 3);
	cr_assert_not_null(step->next);
	cr_expect_str_eq(shelf_string(shelf, step->next->result), "b@isp");
	cr_expect_eq(step->next->line, 2);
	cr_expect_null(step->next->next);
	cr_expect_null(generic_steps(map, addresses[1]));
	cr_expect_null(generic_steps(map, shelf_address(shelf, "never@asked")));
	cr_expect_str_eq(
	    shelf_string(shelf, generic_result(map, shelf_address(shelf, "never@asked"))),
	    "never@asked");
	shelf_close(shelf);
}

Test(generic, keeps_spellings_of_equal_addresses_apart)
{
	struct shelf *shelf = shelf_open();
	struct generic_rule rule = rule_of(shelf, "@dom.test @isp\n", true);
	struct address addresses[3] = { shelf_address(shelf, "Bob@dom.test"),
		shelf_address(shelf, "bob@dom.test"), shelf_address(shelf, "Bob@dom.test") };
	struct generic_map *map;

	cr_assert(generic_resolve(&rule, addresses, 3, shelf->arena, &map, &shelf->why));
	cr_expect_str_eq(shelf_string(shelf, generic_result(map, addresses[0])), "Bob@isp");
	cr_expect_str_eq(shelf_string(shelf, generic_result(map, addresses[1])), "bob@isp");
	shelf_close(shelf);
}

Test(generic, refuses_results_that_are_no_address)
{
	/* F206 */
	static const struct {
		const char *content;
		const char *what;
	} cases[] = {
		{ "root @", "a lone '@'" },
		{ "root a@b@c", "two '@'" },
		{ "root (nobody)", "there is none" },
		{ "root ,", "there is none" },
		{ "root \"open@isp", "quote" },
		{ "root <me@isp", "'<'" },
		{ "root me@", "domain" },
		{ "root @isp.test else", "no name" },
		{ "root me@is..p", "empty label" },
		{ "root \"a\x01\"@isp", "control character" },
		{ "root \"\"@isp", "empty local part" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct generic_rule rule = rule_of(shelf, cases[i].content, true);
		const struct address addresses[] = { shelf_address(shelf, "root@localhost"),
			shelf_address(shelf, "other@localhost") };
		const struct failure *fault;
		struct generic_map *map;

		cr_assert(generic_resolve(&rule, addresses, 2, shelf->arena, &map, &shelf->why),
		    "%s", cases[i].content);
		cr_expect_null(generic_fault(map, addresses[1]), "%s", cases[i].content);
		fault = generic_fault(map, addresses[0]);
		cr_assert_not_null(fault, "%s", cases[i].content);
		cr_expect_eq(fault->code, EX_CONFIG, "%s", cases[i].content);
		cr_expect_str_eq(fault->where, arena_print(shelf->arena, "%s:1", rule.path));
		cr_expect_not_null(strstr(fault->what, "the result is no address: "));
		cr_expect_not_null(
		    strstr(fault->what, cases[i].what), "%s: %s", cases[i].content, fault->what);
		shelf_close(shelf);
	}
}

Test(generic, fails_when_the_table_is_missing)
{
	struct shelf *shelf = shelf_open();
	struct generic_rule rule = { .path = shelf_path(shelf, "missing"),
		.completion = &shelf->completion };
	struct address address = shelf_address(shelf, "root@localhost");
	struct generic_map *map;

	/* F199 */
	cr_assert_not(generic_resolve(&rule, &address, 1, shelf->arena, &map, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	cr_expect_eq(shelf->why.stage, FAILURE_TABLE);
	shelf_close(shelf);
}

Test(generic, changes_nothing_without_a_table)
{
	struct shelf *shelf = shelf_open();
	struct generic_rule rule = { .completion = &shelf->completion, .recursion = true };

	cr_expect_str_eq(mapped(shelf, &rule, "root@localhost"), "root@localhost");
	shelf_close(shelf);
}

Test(generic, maps_many_addresses_in_one_go)
{
	enum { MANY = 5000 };
	struct shelf *shelf = shelf_open();
	struct generic_rule rule = rule_of(shelf, "@dom.test @isp\nu77@isp found@isp\n", true);
	struct address *addresses = arena_array(shelf->arena, MANY, sizeof *addresses);
	struct generic_map *map;

	for (int i = 0; i < MANY; i++)
		addresses[i] = (struct address){ .local = text_of(
						     arena_print(shelf->arena, "u%d", i)),
			.domain = text_of("dom.test") };
	cr_assert(generic_resolve(&rule, addresses, MANY, shelf->arena, &map, &shelf->why));
	cr_expect_str_eq(shelf_string(shelf, generic_result(map, addresses[76])), "u76@isp");
	cr_expect_str_eq(shelf_string(shelf, generic_result(map, addresses[77])), "found@isp");
	cr_expect_str_eq(
	    shelf_string(shelf, generic_result(map, addresses[MANY - 1])), "u4999@isp");
	shelf_close(shelf);
}

Test(generic, names_the_keys_in_the_order_in_which_they_are_tried)
{
	struct shelf *shelf = shelf_open();
	struct generic_rule rule = { .completion = &shelf->completion };
	struct table_trials trials;

	shelf->completion.delimiters = "+";
	trials = generic_candidates(&rule, shelf_address(shelf, "u+x@localhost"), shelf->arena);
	cr_expect_str_eq(shelf_words(shelf, trials.items, trials.count),
	    "u+x@localhost u@localhost u+x u @localhost");
	trials = generic_candidates(&rule, shelf_address(shelf, "u@isp"), shelf->arena);
	cr_expect_str_eq(shelf_words(shelf, trials.items, trials.count), "u@isp @isp");
	trials = generic_candidates(&rule, (struct address){ 0 }, shelf->arena);
	cr_expect_eq(trials.count, 0);
	shelf_close(shelf);
}

Test(generic, tells_why_looking_up_ended)
{
	struct shelf *shelf = shelf_open();
	struct generic_rule rule = rule_of(shelf, "a@isp b@isp\nb@isp a@isp\nc@isp d@isp\n", true);
	struct address addresses[2] = { shelf_address(shelf, "a@isp"),
		shelf_address(shelf, "c@isp") };
	const struct generic_step *step;
	struct generic_map *map;

	cr_assert(generic_resolve(&rule, addresses, 2, shelf->arena, &map, &shelf->why));
	step = generic_steps(map, addresses[0]);
	cr_assert_not_null(step->next);
	cr_expect(step->again);
	cr_expect_not(step->back);
	cr_expect(step->next->back, "the result is the address itself");
	cr_expect(text_is(step->next->key, "b@isp"));
	cr_expect_str_eq(shelf_string(shelf, generic_result(map, addresses[0])), "b@isp");
	step = generic_steps(map, addresses[1]);
	cr_expect(step->again, "looked up, and nothing found");
	cr_expect_null(step->next);
	rule.recursion = false;
	cr_assert(generic_resolve(&rule, addresses, 1, shelf->arena, &map, &shelf->why));
	cr_expect_not(generic_steps(map, addresses[0])->again);
	shelf_close(shelf);
}
