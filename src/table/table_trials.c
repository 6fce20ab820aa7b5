/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_trials.h"

#include "base/arena.h"

struct table_trials
table_trials_list(const struct table_keys *keys, const struct table_choices *choices)
{
	struct table_trials trials = { 0 };
	bool *listed = arena_array(keys->arena, keys->count + 1, sizeof *listed);

	trials.items = arena_array(keys->arena, choices->count + 1, sizeof *trials.items);
	for (size_t i = 0; i < choices->count; i++) {
		size_t number = choices->items[i].number;

		if (listed[number])
			continue;
		listed[number] = true;
		trials.items[trials.count++] = keys->items[number].key;
	}
	return trials;
}

struct table_trials
table_trials_before(struct table_trials trials, struct text key)
{
	for (size_t i = 0; i < trials.count; i++)
		if (text_equal(trials.items[i], key)) {
			trials.count = i;
			break;
		}
	return trials;
}
