/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "flow/explain_step.h"
#include "tests/support/house.h"

/* "name key<tried,tried -> result,result (line) words; note" of every step, a line each. */
static const char *
told(const struct explain_steps *steps, struct arena *arena)
{
	const char *all = "";

	for (size_t i = 0; i < steps->count; i++) {
		const struct explain_step *step = &steps->items[i];

		all = arena_print(
		    arena, "%s%s %.*s", all, step->name, (int)step->key.length, step->key.bytes);
		for (size_t k = 0; k < step->tried.count; k++)
			all = arena_print(arena, "%s%s%.*s", all, k == 0 ? "<" : ",",
			    (int)step->tried.items[k].length, step->tried.items[k].bytes);
		for (size_t k = 0; k < step->count; k++)
			all = arena_print(arena, "%s%s%.*s", all, k == 0 ? " -> " : ",",
			    (int)step->results[k].length, step->results[k].bytes);
		all = arena_print(arena, "%s (%zu) %s; %s\n", all, step->line,
		    step->words == NULL ? "" : step->words, step->note == NULL ? "" : step->note);
	}
	return all;
}

static struct house *
planned(const char *relayrc, const char *arguments)
{
	struct house *house = house_open();

	(void)house_file(house, "aliases", "root: a@x, b\nb: /dev/null\n");
	(void)house_file(house, "generic", "root me@far\nme@far you@far\nc@x d@x\nd@x c@x\n");
	(void)house_file(house, "transport", ".x smtp:h\ny :\n* error:5.7.1 no\n");
	(void)house_relayrc(house, relayrc);
	house_arguments(house, arguments);
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	return house;
}

Test(explain_step, tells_who_sends)
{
	struct house *house = planned("host h\ngeneric %s/generic\n", "x@y");
	struct explain_steps steps = { .arena = house->arena };

	explain_step_sender(&house->plan, &steps);
	cr_expect_str_eq(told(&steps, house->arena),
	    "given  -> root (0) root, the user's name; \n"
	    "complete  -> root@client.example (0) root@client.example, by /etc/mailname; \n"
	    "generic root<root@client.example -> me@far (1) ; \n"
	    "generic me@far -> you@far (2) ; Postfix looks up once and would not take this step\n"
	    "generic <you@far,@far (0) no row for you@far; \n",
	    "%s", told(&steps, house->arena));
	house_close(house);
}

Test(explain_step, tells_the_setting_that_overrules_the_caller)
{
	struct house *house = planned(
	    "host h\nfrom me@h\nallow_from_override off\n", "-f other@h x@y");
	struct explain_steps steps = { .arena = house->arena };

	explain_step_sender(&house->plan, &steps);
	cr_expect_str_eq(told(&steps, house->arena),
	    "given  -> me@h (2) me@h, the account's 'from': allow_from_override is off; \n");
	house_close(house);
}

Test(explain_step, tells_when_generic_comes_back)
{
	struct house *house = planned("host h\ngeneric %s/generic\n", "c@x");
	struct explain_steps steps = { .arena = house->arena };

	explain_step_generic(&house->plan, house->plan.given.items[0].address, &steps);
	cr_expect_str_eq(told(&steps, house->arena),
	    "generic c@x -> d@x (3) ; \n"
	    "generic d@x -> c@x (4) d@x -> c@x, met before: not taken; \n",
	    "%s", told(&steps, house->arena));
	house_close(house);
}

Test(explain_step, tells_the_alias_row)
{
	struct house *house = planned("host h\naliases %s/aliases\n", "root nobody");
	struct explain_steps steps = { .arena = house->arena };
	const struct alias_node *nodes = house->plan.aliases->graph->nodes;

	explain_step_alias(&house->plan, &nodes[0], NULL, false, &steps);
	explain_step_alias(&house->plan, &nodes[1], NULL, false, &steps);
	explain_step_alias(&house->plan, &nodes[2], NULL, false, &steps);
	cr_expect_str_eq(told(&steps, house->arena),
	    "alias root -> a@x,b@client.example (1) root; \n"
	    "alias <nobody,default (0) no row for nobody; \n"
	    "alias b -> /dev/null (2) b -> /dev/null; \n",
	    "%s", told(&steps, house->arena));
	house_close(house);
}

Test(explain_step, tells_which_row_postfix_would_take_before_an_alias)
{
	struct house *house = planned(
	    "host h\naliases %s/aliases\ntransport %s/transport\n", "root");
	const struct transport hiding = { .key = "*", .line = 7 };
	struct explain_steps steps = { .arena = house->arena };

	explain_step_alias(
	    &house->plan, &house->plan.aliases->graph->nodes[0], &hiding, false, &steps);
	cr_expect_str_eq(steps.items[0].note,
	    arena_print(house->arena,
		"Postfix asks transport first: the row '*' (%s/transport:7) would hide this alias",
		house->directory));
	house_close(house);
}

Test(explain_step, tells_why_aliases_are_not_asked)
{
	struct house *house = planned("host h\naliases\n", "root x@y");
	struct explain_steps steps = { .arena = house->arena };

	explain_step_unasked(&house->plan, house->plan.given.items[0].address, &steps);
	explain_step_unasked(&house->plan, house->plan.given.items[1].address, &steps);
	cr_expect_str_eq(told(&steps, house->arena),
	    "alias  (2) there is no alias file; \n"
	    "alias  (0) not a local domain, aliases are not asked; \n",
	    "%s", told(&steps, house->arena));
	house_close(house);
}

Test(explain_step, tells_the_way_of_a_recipient)
{
	static const struct {
		const char *address;
		const char *told;
	} rows[] = {
		{ "a@b.x", "transport .x<a@b.x,b.x -> smtp:h (1) ; \n" },
		{ "a@y", "transport y<a@y -> the account's own host (2) ; \nhost  -> h (1) ; \n" },
		{ "a@z", "transport *<a@z,z -> error:5.7.1 no (3) ; \n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = planned("host h\ntransport %s/transport\n", rows[i].address);
		struct explain_steps steps = { .arena = house->arena };

		explain_step_transport(&house->plan, house->plan.transports[0],
		    house->plan.given.items[0].address, &steps);
		cr_expect_str_eq(told(&steps, house->arena), rows[i].told, "%s: %s",
		    rows[i].address, told(&steps, house->arena));
		house_close(house);
	}
}

Test(explain_step, tells_what_postfix_delivers_itself)
{
	struct house *house = planned("host h\naliases %s/aliases\n", "nobody");
	struct explain_steps steps = { .arena = house->arena };

	explain_step_transport(
	    &house->plan, house->plan.transports[0], house->plan.given.items[0].address, &steps);
	cr_expect_str_eq(told(&steps, house->arena),
	    "host  -> h (1) ; Postfix would deliver this on the machine\n");
	house_close(house);
}

Test(explain_step, names_a_place_with_and_without_a_line)
{
	const struct explain_step row = { .file = "/t", .line = 3 };
	const struct explain_step table = { .file = "/t.cdb" };
	const struct explain_step nowhere = { 0 };
	struct arena *arena = arena_open();

	cr_expect_str_eq(explain_step_place(&row, arena), "/t:3");
	cr_expect_str_eq(explain_step_place(&table, arena), "/t.cdb");
	cr_expect_null(explain_step_place(&nowhere, arena));
	arena_close(arena);
}

Test(explain_step, names_a_compiled_table_by_its_path)
{
	struct explain_step step = { 0 };

	explain_step_row(&step, "cdb:/t.cdb", 0);
	cr_expect_str_eq(step.file, "/t.cdb");
	explain_step_row(&step, NULL, 0);
	cr_expect_null(step.file);
}

Test(explain_step, says_that_generic_ends_at_its_limit)
{
	struct house *house = house_open();
	struct explain_steps steps = { .arena = house->arena };
	const char *rows = "";

	for (int i = 0; i < 20; i++)
		rows = arena_print(house->arena, "%sa%d@x a%d@x\n", rows, i, i + 1);
	(void)house_file(house, "generic", rows);
	(void)house_relayrc(house, "host h\ngeneric %s/generic\n");
	house_arguments(house, "a0@x a8@x");
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	explain_step_generic(&house->plan, house->plan.given.items[0].address, &steps);
	cr_assert_eq(steps.count, GENERIC_STEPS_MAX);
	cr_expect_str_eq(steps.items[15].note, "16 steps, no further");
	steps = (struct explain_steps){ .arena = house->arena };
	explain_step_generic(&house->plan, house->plan.given.items[1].address, &steps);
	cr_assert_eq(steps.count, 13);
	cr_expect_null(steps.items[12].note);
	house_close(house);
}
