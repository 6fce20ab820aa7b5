/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_trials.h"

#include "tests/support/shelf.h"

static struct table_trials
trials_of(struct shelf *shelf, struct address address)
{
	struct table_keys keys = table_keys_open(shelf->arena);
	struct table_choices choices = { 0 };
	struct table_trials trials;

	table_keys_choose_all(&keys, address, &shelf->completion, &choices);
	table_keys_choose(&keys, text_of("@LOCAL.example"), false, &choices);
	trials = table_trials_list(&keys, &choices);
	table_keys_close(&keys);
	return trials;
}

Test(table_trials, lists_each_key_once_and_folded)
{
	struct shelf *shelf = shelf_open();
	struct table_trials trials = trials_of(shelf, shelf_address(shelf, "Root@Local.example"));

	cr_expect_str_eq(shelf_words(shelf, trials.items, trials.count),
	    "root@local.example root @local.example");
	shelf_close(shelf);
}

Test(table_trials, ends_before_the_key_that_matched)
{
	static const struct {
		const char *key;
		const char *before;
	} cases[] = {
		{ "root@local.example", "" },
		{ "root", "root@local.example" },
		{ "@local.example", "root@local.example root" },
		{ "another", "root@local.example root @local.example" },
	};
	struct shelf *shelf = shelf_open();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct table_trials trials = table_trials_before(
		    trials_of(shelf, shelf_address(shelf, "root@local.example")),
		    text_of(cases[i].key));

		cr_expect_str_eq(shelf_words(shelf, trials.items, trials.count), cases[i].before,
		    "%s", cases[i].key);
	}
	shelf_close(shelf);
}
