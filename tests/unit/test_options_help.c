/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/options_table.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"

static const char *
help(struct arena *arena)
{
	struct buffer words = buffer_open(0);
	const char *result;

	options_help(&words);
	result = text_string(buffer_text(&words), arena);
	buffer_close(&words);
	return result;
}

Test(options_help, names_every_option)
{
	struct arena *arena = arena_open();
	const char *words = help(arena);
	size_t count;
	const struct options_row *rows = options_table_rows(&count);

	for (size_t i = 0; i < count; i++)
		if (rows[i].help != NULL)
			cr_assert_not_null(strstr(words, rows[i].help), "%s", rows[i].help);
	for (int i = 0; i < SETTING_COUNT; i++) {
		const struct setting *setting = setting_row((enum setting_id)i);

		if (setting->flag != NULL)
			cr_assert_not_null(strstr(words, arena_print(arena, "--%s", setting->flag)),
			    "%s", setting->flag);
	}
	arena_close(arena);
}

Test(options_help, shows_which_arguments_may_be_left_out)
{
	struct arena *arena = arena_open();
	const char *words = help(arena);

	cr_assert_not_null(strstr(words, "--tls[=on|off] "));
	cr_assert_not_null(strstr(words, "--port=NUMBER "));
	cr_assert_not_null(strstr(words, " -f, --from=ADDRESS "));
	cr_assert_null(strstr(words, "--password="));
	cr_assert_not_null(strstr(words, "--check[=ACCOUNT] "));
	cr_assert_not_null(strstr(words, "--configure=ADDRESS "));
	arena_close(arena);
}

Test(options_help, has_no_two_rows_for_one_letter)
{
	size_t count;
	const struct options_row *rows = options_table_rows(&count);

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < i; k++)
			cr_assert(rows[i].letter == 0 || rows[i].letter != rows[k].letter, "-%c",
			    rows[i].letter);
		for (int k = 0; k < SETTING_COUNT; k++)
			cr_assert(rows[i].letter == 0
				|| rows[i].letter != setting_row((enum setting_id)k)->letter,
			    "-%c", rows[i].letter);
	}
}
