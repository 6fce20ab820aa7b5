/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "flow/outline.h"

static struct buffer written;

static void
open_written(void)
{
	written = buffer_open(0);
}

static void
close_written(void)
{
	buffer_close(&written);
}

TestSuite(outline, .init = open_written, .fini = close_written);

static struct outline
narrow(bool color)
{
	return outline_open(&written, 40, color);
}

static void
expect(struct outline *outline, const char *wanted)
{
	outline_close(outline);
	(void)buffer_byte(&written, '\0');
	cr_expect_str_eq(written.bytes, wanted, "\n%s\ninstead of\n%s", written.bytes, wanted);
}

Test(outline, aligns_values_and_puts_places_at_the_margin)
{
	struct outline outline = narrow(false);

	outline_block(&outline, "sender", "root", NULL);
	outline_line(&outline, "alias", "root", OUTLINE_PLAIN, "/etc/aliases:1");
	outline_line(&outline, "", "tried: a", OUTLINE_DIM, NULL);
	outline_block(&outline, "route 1", "smtp:h", "f:1");
	expect(&outline,
	    "sender       root\n"
	    "  alias      root         /etc/aliases:1\n"
	    "             tried: a\n"
	    "\n"
	    "route 1      smtp:h                  f:1\n");
}

Test(outline, wraps_at_blanks_under_the_value)
{
	struct outline outline = narrow(false);

	outline_line(&outline, "TLS", "one two three four five six seven", OUTLINE_PLAIN, NULL);
	outline_line(
	    &outline, "key", "averylongwordthatnobodywouldwanttobreak", OUTLINE_PLAIN, NULL);
	expect(&outline,
	    "  TLS        one two three four five six\n"
	    "             seven\n"
	    "  key        averylongwordthatnobodywouldwanttobreak\n");
}

Test(outline, gives_a_place_a_line_of_its_own_when_there_is_no_room)
{
	struct outline outline = narrow(false);

	outline_line(&outline, "a", "twenty-bytes-of-text", OUTLINE_PLAIN, "/etc/aliases:1");
	outline_line(&outline, "b", "x", OUTLINE_PLAIN, "/a/place/longer/than/the/column/is:1");
	expect(&outline,
	    "  a          twenty-bytes-of-text\n"
	    "                          /etc/aliases:1\n"
	    "  b          x\n"
	    "             /a/place/longer/than/the/column/is:1\n");
}

Test(outline, indents_what_an_arrow_leads_to)
{
	struct outline outline = narrow(false);

	outline_enter(&outline, "a@b", OUTLINE_STRONG, NULL);
	outline_enter(&outline, "c@d", OUTLINE_STRONG, "f:1");
	outline_line(&outline, "alias", "x", OUTLINE_PLAIN, NULL);
	outline_leave(&outline);
	outline_line(&outline, "as above", "", OUTLINE_DIM, NULL);
	outline_leave(&outline);
	outline_line(&outline, "host", "y", OUTLINE_PLAIN, NULL);
	expect(&outline,
	    "  -> a@b\n"
	    "     -> c@d                          f:1\n"
	    "        alias      x\n"
	    "     as above\n"
	    "  host       y\n");
}

Test(outline, keeps_room_for_text_in_deep_branches)
{
	struct outline outline = outline_open(&written, 60, false);

	for (int i = 1; i <= 4; i++)
		outline_enter(&outline, "a@b", OUTLINE_STRONG, NULL);
	outline_line(&outline, "alias", "x", OUTLINE_PLAIN, NULL);
	outline_leave(&outline);
	outline_leave(&outline);
	outline_leave(&outline);
	outline_line(&outline, "alias", "y", OUTLINE_PLAIN, NULL);
	expect(&outline,
	    "  -> a@b\n"
	    "     -> a@b\n"
	    "     -> a@b (level 3)\n"
	    "     -> a@b (level 4)\n"
	    "        alias      x\n"
	    "     alias      y\n");
}

Test(outline, leaves_no_small_word_alone)
{
	struct outline outline = narrow(false);

	outline_line(&outline, "generic", "twenty-bytes-of-text -> twenty-bytes-of-text",
	    OUTLINE_PLAIN, NULL);
	outline_line(&outline, "", "tried: thirty-bytes-of-text-in-one-word, b", OUTLINE_DIM, NULL);
	outline_line(
	    &outline, "alias", "no row for thirty-bytes-of-text-in-one-word", OUTLINE_PLAIN, NULL);
	outline_line(&outline, "x", "ends with ->", OUTLINE_PLAIN, NULL);
	expect(&outline,
	    "  generic    twenty-bytes-of-text\n"
	    "             -> twenty-bytes-of-text\n"
	    "             tried: thirty-bytes-of-text-in-one-word,\n"
	    "             b\n"
	    "  alias      no row for thirty-bytes-of-text-in-one-word\n"
	    "  x          ends with ->\n");
}

Test(outline, counts_columns_not_bytes)
{
	struct outline outline = narrow(false);

	outline_line(&outline, "a", "\xc3\xa9\xe6\x97\xa5", OUTLINE_PLAIN, "f:1");
	expect(&outline, "  a          \xc3\xa9\xe6\x97\xa5                     f:1\n");
}

Test(outline, colours_only_when_asked)
{
	struct outline outline = narrow(true);

	outline_line(&outline, "a", "b", OUTLINE_BAD, "f:1");
	expect(&outline, "  a          \033[31mb\033[0m                       \033[2mf:1\033[0m\n");
}

Test(outline, shows_nothing_that_moves_a_terminal)
{
	struct outline outline = narrow(false);

	outline_block(&outline, "a", "x\033[2Jy\nz", "p\rq");
	expect(&outline, "a            x?[2Jy?z                p?q\n");
}

Test(outline, keeps_its_width_within_bounds)
{
	struct outline outline = outline_open(&written, 4000, false);

	cr_expect_eq(outline.width, OUTLINE_WIDTH_MAX);
	outline_close(&outline);
	outline = outline_open(&written, 0, false);
	cr_expect_eq(outline.width, OUTLINE_WIDTH_MIN);
	outline_close(&outline);
}
