/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <locale.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

Test(text, takes_a_null_string_for_an_empty_one)
{
	cr_assert_eq(text_of(NULL).length, 0);
	cr_assert_not_null(text_of(NULL).bytes);
	cr_assert_eq(text_of("abc").length, 3);
}

struct slice_row {
	const char *label;
	size_t start;
	size_t end;
	const char *slice;
};

Test(text, clips_slices)
{
	static const struct slice_row rows[] = {
		{ "all", 0, 5, "hello" },
		{ "the middle", 1, 4, "ell" },
		{ "an end too far", 3, 100, "lo" },
		{ "a start too far", 9, 100, "" },
		{ "start behind end", 4, 2, "" },
		{ "the largest numbers", SIZE_MAX, SIZE_MAX, "" },
		{ "nothing", 2, 2, "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert(text_is(text_slice(text_of("hello"), rows[i].start, rows[i].end),
			      rows[i].slice),
		    "%s", rows[i].label);
}

Test(text, has_an_empty_slice_of_nothing)
{
	const struct text nothing = { NULL, 0 };

	cr_assert_eq(text_slice(nothing, 0, 5).length, 0);
	cr_assert_eq(text_trim(nothing).length, 0);
	cr_assert(text_is(nothing, ""));
	cr_assert_eq(text_find(nothing, 'x'), 0);
}

Test(text, compares_bytes_and_folds_only_ascii_letters)
{
	cr_assert(text_is(text_of("aB"), "aB"));
	cr_assert_not(text_is(text_of("aB"), "ab"));
	cr_assert_not(text_is(text_of("a"), "ab"));
	cr_assert(text_is_fold(text_of("a-Z@["), "A-z@["));
	cr_assert_not(text_is_fold(text_of("["), "{"), "no letters");
	cr_assert_not(text_is_fold(text_of("\303\211"), "\303\251"), "not ASCII");
	cr_assert(text_equal(text_make("a\0b", 3), text_make("a\0b", 3)));
	cr_assert_not(text_equal(text_make("a\0b", 3), text_make("a\0c", 3)));
	cr_assert(text_equal_fold(text_of("HOST"), text_of("host")));
}

/* F191 */
Test(text, folds_i_in_a_turkish_locale)
{
	(void)setlocale(LC_ALL, "tr_TR.UTF-8");
	cr_assert(text_is_fold(text_of("MIME-VERSION"), "mime-version"));
	cr_assert_eq(text_lower('I'), 'i');
}

Test(text, knows_how_it_starts)
{
	cr_assert(text_starts_fold(text_of("Text/plain"), "text/"));
	cr_assert_not(text_starts_fold(text_of("tex"), "text/"));
	cr_assert(text_starts_fold(text_of("x"), ""));
}

Test(text, finds_a_byte_or_gives_its_length)
{
	cr_assert_eq(text_find(text_of("hello"), 'l'), 2);
	cr_assert_eq(text_find(text_of("hello"), 'x'), 5);
	cr_assert_eq(text_find(text_make("a\0b", 3), '\0'), 1);
}

Test(text, trims_blanks_at_both_ends)
{
	cr_assert(text_is(text_trim(text_of(" \t\r\n a b \r\n")), "a b"));
	cr_assert(text_is(text_trim(text_of(" \t ")), ""));
	cr_assert(text_is(text_trim(text_of("\va")), "\va"), "a vertical tab is no blank");
}

Test(text, takes_words_off)
{
	struct text rest = text_of("  one,two \t, three\r\n");

	cr_assert(text_is(text_word(&rest, ','), "one"));
	cr_assert(text_is(text_word(&rest, ','), "two"));
	cr_assert(text_is(text_word(&rest, ','), "three"));
	cr_assert(text_is(text_word(&rest, ','), ""));
	rest = text_of("one,two three");
	cr_assert(text_is(text_word(&rest, '\0'), "one,two"));
	cr_assert(text_is(text_word(&rest, '\0'), "three"));
	rest = text_make("a\0b c", 5);
	cr_assert_eq(text_word(&rest, '\0').length, 3, "a NUL separates nothing");
}

Test(text, sees_8_bit_and_control_bytes)
{
	cr_assert_not(text_has_8bit(text_of("a~\177")));
	cr_assert(text_has_8bit(text_of("a\200")));
	cr_assert_not(text_has_control(text_of("a ~\200")));
	cr_assert(text_has_control(text_of("a\177")));
	cr_assert(text_has_control(text_of("a\tb")));
	cr_assert(text_has_control(text_make("a\0", 2)));
}

struct number_row {
	const char *text;
	bool is;
	int64_t number;
};

Test(text, reads_whole_numbers_only)
{
	static const struct number_row rows[] = {
		{ "0", true, 0 },
		{ "587", true, 587 },
		{ "0x1F", true, 31 },
		{ "0755", true, 493 },
		{ "-5", true, -5 },
		{ "+5", true, 5 },
		{ "1000", true, 1000 },
		{ "1001", false, 0 },
		{ "-11", false, 0 },
		{ "", false, 0 },
		{ " 1", false, 0 },
		{ "\v1", false, 0 },
		{ "\f1", false, 0 },
		{ "1 ", false, 0 },
		{ "1k", false, 0 },
		{ "0x", false, 0 },
		{ "-", false, 0 },
		{ "09", false, 0 },
		{ "99999999999999999999", false, 0 },
		{ "0000000000000000000000000000000000000000001", false, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t number = 77;

		cr_assert_eq(text_number(text_of(rows[i].text), -10, 1000, &number), rows[i].is,
		    "'%s'", rows[i].text);
		cr_assert_eq(number, rows[i].is ? rows[i].number : 77, "'%s'", rows[i].text);
	}
}

Test(text, reads_no_number_behind_a_nul)
{
	int64_t number = 77;

	cr_assert_not(text_number(text_make("1\0", 2), 0, 100, &number));
	cr_assert_eq(number, 77);
}

struct printable_row {
	const char *label;
	const char *from;
	const char *to;
};

Test(text, shows_nothing_that_moves_a_terminal)
{
	static const struct printable_row rows[] = {
		{ "plain", "hello ~", "hello ~" },
		{ "utf-8", "caf\303\251 \342\202\254 \360\237\230\200",
		    "caf\303\251 \342\202\254 \360\237\230\200" },
		{ "escape", "\033[2J\007", "?[2J?" },
		{ "line ends", "a\r\nb", "a??b" },
		{ "delete", "a\177b", "a?b" },
		{ "c1 as utf-8", "a\302\233b", "a??b" },
		{ "c1 as a byte", "a\233b", "a?b" },
		{ "overlong", "\300\212", "??" },
		{ "a surrogate", "\355\240\200", "???" },
		{ "past unicode", "\364\220\200\200", "????" },
		{ "cut", "a\303", "a?" },
		{ "line separator", "a\342\200\250b", "a???b" },
		{ "right-to-left override", "a\342\200\256b", "a???b" },
		{ "isolate", "a\342\201\246b", "a???b" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char to[64];

		cr_assert_str_eq(text_printable(text_of(rows[i].from), to, sizeof to), rows[i].to,
		    "%s", rows[i].label);
	}
}

Test(text, cuts_what_is_shown_at_a_character)
{
	char to[6];

	cr_assert_str_eq(text_printable(text_of("abcdefgh"), to, sizeof to), "abcde");
	cr_assert_str_eq(text_printable(text_of("abcd\303\251"), to, sizeof to), "abcd");
	cr_assert_str_eq(text_printable(text_of("abc\303\251x"), to, sizeof to), "abc\303\251");
	cr_assert_str_eq(text_printable(text_of("abc"), to, 1), "");
}

Test(text, hashes_equal_bytes_equally)
{
	cr_assert_eq(text_hash(text_of("foobar")), text_hash(text_make("foobarbaz", 6)));
	cr_assert_eq(text_hash(text_of("")), text_hash_seed());
	cr_assert_eq(text_hash(text_of("a")), (text_hash_seed() ^ 'a') * UINT64_C(0x100000001b3));
}

Test(text, hashes_different_bytes_differently)
{
	static uint64_t seen[256];

	for (size_t i = 0; i < 256; i++) {
		const char bytes[] = { 'x', (char)i };

		seen[i] = text_hash(text_make(bytes, 2));
		for (size_t before = 0; before < i; before++)
			cr_assert_neq(seen[i], seen[before], "%zu and %zu", before, i);
	}
}

/* Who writes a header must not know which names share a slot. */
Test(text, begins_its_hash_with_a_secret)
{
	cr_assert_neq(text_hash_seed(), UINT64_C(0xcbf29ce484222325));
	cr_assert_eq(text_hash_seed(), text_hash_seed());
}

Test(text, copies_into_an_arena)
{
	struct arena *arena = arena_open();
	char bytes[] = "ab";
	struct text copy = text_copy(text_make(bytes, 2), arena);

	bytes[0] = 'x';
	cr_assert(text_is(copy, "ab"));
	cr_assert_eq(copy.bytes[2], '\0');
	cr_assert_str_eq(text_string(text_of("word"), arena), "word");
	cr_assert_str_empty(text_string((struct text){ NULL, 0 }, arena));
	arena_close(arena);
}

Test(text, joins_two_into_one)
{
	struct arena *arena = arena_open();
	struct text joined = text_join(text_of("ab"), text_of("c"), arena);

	cr_assert(text_is(joined, "abc"));
	cr_assert_eq(joined.bytes[3], '\0');
	cr_assert(text_is(text_join((struct text){ NULL, 0 }, text_of("c"), arena), "c"));
	cr_assert(text_is(text_join(text_of("ab"), (struct text){ NULL, 0 }, arena), "ab"));
	arena_close(arena);
}

Test(text, tells_what_is_nearly_the_same)
{
	static const struct {
		const char *a;
		const char *b;
		bool near;
	} cases[] = {
		{ "work", "WORK", true },
		{ "work", "wrok", true },
		{ "work", "wor", true },
		{ "work", "works", true },
		{ "work", "fork", true },
		{ "", "a", true },
		{ "work", "forks", false },
		{ "work", "wo", false },
		{ "work", "krow", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cr_expect_eq(text_is_near(text_of(cases[i].a), text_of(cases[i].b)), cases[i].near,
		    "%s %s", cases[i].a, cases[i].b);
		cr_expect_eq(text_is_near(text_of(cases[i].b), text_of(cases[i].a)), cases[i].near,
		    "%s %s", cases[i].b, cases[i].a);
	}
}
