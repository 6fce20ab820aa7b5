/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_keys.h"

#include "tests/support/shelf.h"

static const char *
folded(struct shelf *shelf, const char *key)
{
	return text_string(table_keys_fold(text_of(key), shelf->arena), shelf->arena);
}

Test(table_keys, folds_case_beyond_ascii)
{
	static const struct {
		const char *key;
		const char *folded;
	} cases[] = {
		{ "", "" },
		{ "Root@Local.Example", "root@local.example" },
		{ "@[`{AZaz09", "@[`{azaz09" },
		{ "GRÖSSE", "grösse" },
		{ "größe", "grösse" },
		{ "ΣΊΣΥΦΟΣ", "σίσυφοσ" },
		{ "Ünïcode-Name-Longer-Than-Eight-ÉÈ", "ünïcode-name-longer-than-eight-éè" },
		/* Bytes that are not UTF-8 stay, the letters around them fold. */
		{ "A\xff"
		  "B",
		    "a\xff"
		    "b" },
	};
	struct shelf *shelf = shelf_open();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_str_eq(folded(shelf, cases[i].key), cases[i].folded, "%s gives %s",
		    cases[i].key, folded(shelf, cases[i].key));
	shelf_close(shelf);
}

Test(table_keys, folds_the_same_way_in_a_turkish_locale)
{
	struct shelf *shelf = shelf_open();

	/* F191 */
	cr_assert_eq(setenv("LC_ALL", "tr_TR.UTF-8", 1), 0);
	cr_expect_str_eq(folded(shelf, "MAIL@ISP"), "mail@isp");
	cr_expect_str_eq(folded(shelf, "É-MAIL"), "é-mail");
	shelf_close(shelf);
}

Test(table_keys, holds_equal_keys_once)
{
	struct shelf *shelf = shelf_open();
	struct table_keys keys = table_keys_open(shelf->arena);
	size_t first = table_keys_add(&keys, text_of("Root"));

	cr_expect_eq(table_keys_add(&keys, text_of("rOOT")), first);
	cr_expect_eq(table_keys_add(&keys, text_of("é")), 1);
	cr_expect_eq(table_keys_add(&keys, text_of("É")), 1);
	cr_expect_eq(keys.count, 2);
	table_keys_close(&keys);
	shelf_close(shelf);
}

Test(table_keys, matches_among_many_of_every_length)
{
	struct shelf *shelf = shelf_open();
	struct table_keys keys = table_keys_open(shelf->arena);
	char name[201] = "";

	for (size_t i = 0; i < 200; i++) {
		name[i] = (char)('a' + i % 26);
		cr_assert_eq(table_keys_add(&keys, text_make(name, i + 1)), i);
	}
	for (size_t i = 0; i < 200; i++) {
		struct text asked = text_make(name, i + 1);

		cr_expect_eq(table_keys_match(&keys, asked), i, "length %zu", i + 1);
		name[i] = (char)(name[i] - 'a' + 'A');
		cr_expect_eq(table_keys_match(&keys, asked), i, "length %zu, other case", i + 1);
		name[i] = '.';
		cr_expect_eq(
		    table_keys_match(&keys, asked), keys.count, "length %zu, other byte", i + 1);
		name[i] = (char)('a' + i % 26);
	}
	table_keys_close(&keys);
	shelf_close(shelf);
}

Test(table_keys, tells_signs_apart_that_differ_as_letter_cases_do)
{
	struct shelf *shelf = shelf_open();
	struct table_keys keys = table_keys_open(shelf->arena);

	(void)table_keys_add(&keys, text_of("aaaaaaa[@"));
	cr_expect_eq(table_keys_match(&keys, text_of("aaaaaaa{@")), 1);
	cr_expect_eq(table_keys_match(&keys, text_of("aaaaaaa[`")), 1);
	cr_expect_eq(table_keys_match(&keys, text_of("AAAAAAA[@")), 0);
	table_keys_close(&keys);
	shelf_close(shelf);
}

Test(table_keys, matches_nothing_before_a_key_is_added)
{
	struct shelf *shelf = shelf_open();
	struct table_keys keys = table_keys_open(shelf->arena);

	cr_expect_eq(table_keys_match(&keys, text_of("root")), 0);
	cr_expect_eq(table_keys_match(&keys, text_of("")), 0);
	cr_expect_eq(keys.count, 0);
	table_keys_close(&keys);
	shelf_close(shelf);
}

Test(table_keys, takes_the_first_of_equal_rows)
{
	struct shelf *shelf = shelf_open();
	struct table_keys keys = table_keys_open(shelf->arena);
	const char *path = shelf_file(
	    shelf, "table", "# top\nBob one\nalice two\nbob three\nGRÖSSE big\ngröße bigger\n");

	(void)table_keys_add(&keys, text_of("bob"));
	(void)table_keys_add(&keys, text_of("größe"));
	(void)table_keys_add(&keys, text_of("carol"));
	cr_assert(table_keys_search(&keys, path, &shelf->why));
	cr_expect(keys.items[0].found);
	cr_expect(text_is(keys.items[0].value, "one"));
	cr_expect_eq(keys.items[0].line, 2);
	cr_expect(keys.items[1].found);
	cr_expect(text_is(keys.items[1].value, "big"));
	cr_expect_eq(keys.items[1].line, 5);
	cr_expect_not(keys.items[2].found);
	table_keys_close(&keys);
	shelf_close(shelf);
}

/* F200: the one that was opened first answers to the end. */
Test(table_keys, searches_the_same_file_again_when_another_takes_its_name)
{
	static const size_t sizes[] = { 0, 200000 };

	for (size_t i = 0; i < 2; i++) {
		struct shelf *shelf = shelf_open();
		const char *path = shelf_file(shelf, "table",
		    arena_print(shelf->arena, "#%0*d\nbob one\n", (int)sizes[i], 0));
		const char *other = shelf_file(shelf, "other", "bob two\n");
		struct table_keys_file file = { 0 };

		for (size_t pass = 0; pass < 2; pass++) {
			struct table_keys keys = table_keys_open(shelf->arena);

			(void)table_keys_add(&keys, text_of("bob"));
			(void)table_keys_add(&keys, text_of("carol"));
			cr_assert(table_keys_search_again(&keys, path, &file, &shelf->why));
			cr_expect(text_is(keys.items[0].value, "one"), "%zu bytes, pass %zu",
			    sizes[i], pass);
			cr_expect_eq(keys.items[0].line, 2);
			table_keys_close(&keys);
			if (pass == 0)
				cr_assert_eq(rename(other, path), 0);
		}
		table_keys_file_close(&file);
		shelf_close(shelf);
	}
}

Test(table_keys, fails_when_the_table_is_missing)
{
	struct shelf *shelf = shelf_open();
	struct table_keys keys = table_keys_open(shelf->arena);

	/* F199, even when nothing is asked. */
	cr_assert_not(table_keys_search(&keys, shelf_path(shelf, "missing"), &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	table_keys_close(&keys);
	shelf_close(shelf);
}

Test(table_keys, refuses_a_malformed_row_that_is_asked_for)
{
	static const struct {
		const char *label;
		const char *content;
		const char *what; /* NULL: nobody minds */
		const char *hint;
	} cases[] = {
		{ "a colon too many", "isp:587: joe:pw\n", "the key ends in a colon",
		    "remove the colon" },
		{ "a colon, and no value", "isp:587:\n", "a key without a value", "the value" },
		{ "no value", "# top\n\nISP:587\n", "a key without a value", "the value" },
		{ "an open quote", "\"isp:587 joe:pw\n", "a double quote is not closed",
		    "close the" },
		{ "a quote in the middle", "isp:587\" joe:pw\n", "a double quote is not closed",
		    "close the" },
		{ "not UTF-8", "isp:587 joe:\xe9\n", "is not valid UTF-8", "iconv" },
		{ "nothing to continue", "  isp:587 joe:pw\n", "begins with a blank",
		    "remove the blanks" },
		{ "of another key", "isp:465: joe:pw\nisp:587 a:b\n", NULL, NULL },
		{ "behind the one that counts", "isp:587 a:b\nisp:587: c:d\nx y\n", NULL, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct table_keys keys = table_keys_open(shelf->arena);
		const char *path = shelf_file(shelf, "table", cases[i].content);
		size_t line = cases[i].content[0] == '#' ? 3 : 1;

		(void)table_keys_add(&keys, text_of("isp:587"));
		(void)table_keys_add(&keys, text_of("another"));
		cr_assert(table_keys_search(&keys, path, &shelf->why), "%s", cases[i].label);
		cr_assert_eq(table_keys_judge(&keys.items[0], path, &shelf->why),
		    cases[i].what == NULL, "%s", cases[i].label);
		cr_expect(
		    table_keys_judge(&keys.items[1], path, &shelf->why), "%s", cases[i].label);
		if (cases[i].what != NULL) {
			cr_expect_eq(shelf->why.code, EX_CONFIG, "%s", cases[i].label);
			cr_expect_eq(shelf->why.stage, FAILURE_TABLE, "%s", cases[i].label);
			cr_expect(strstr(shelf->why.what, cases[i].what) != NULL, "%s: %s",
			    cases[i].label, shelf->why.what);
			cr_expect(strcasestr(shelf->why.what, "'isp:587'") != NULL, "%s: %s",
			    cases[i].label, shelf->why.what);
			cr_expect_str_eq(shelf->why.where,
			    arena_print(shelf->arena, "%s:%zu", path, line), "%s", cases[i].label);
			cr_expect_not_null(strstr(shelf->why.hint, cases[i].hint), "%s: %s",
			    cases[i].label, shelf->why.hint);
		}
		table_keys_close(&keys);
		shelf_close(shelf);
	}
}

/* The keys asked for an address, in order. */
static const char *
asked(struct shelf *shelf, struct address address)
{
	struct table_keys keys = table_keys_open(shelf->arena);
	struct table_choices choices = { 0 };
	const char *all = "";

	table_keys_choose_all(&keys, address, &shelf->completion, &choices);
	for (size_t i = 0; i < choices.count; i++)
		all = arena_print(shelf->arena, "%s%s%s%s", all, i == 0 ? "" : " | ",
		    keys.items[choices.items[i].number].key.bytes,
		    choices.items[i].base ? " (base)" : "");
	table_keys_close(&keys);
	return all;
}

Test(table_keys, asks_for_an_address_in_the_order_of_generic)
{
	/* F207 */
	static const struct {
		const char *delimiters;
		const char *address;
		const char *keys;
	} cases[] = {
		{ NULL, "bob@dom.test", "bob@dom.test | @dom.test" },
		{ NULL, "Root@Local.Example", "root@local.example | root | @local.example" },
		{ NULL, "root@localhost", "root@localhost | root | @localhost" },
		{ NULL, "root+x@localhost", "root+x@localhost | root+x | @localhost" },
		{ "+", "bob+x@dom.test", "bob+x@dom.test | bob@dom.test (base) | @dom.test" },
		{ "+", "bob+x@localhost",
		    "bob+x@localhost | bob@localhost (base) | bob+x | bob (base)"
		    " | @localhost" },
		{ "+", "+x@localhost", "+x@localhost | +x | @localhost" },
		{ "-", "owner-x@dom.test", "owner-x@dom.test | @dom.test" },
		{ NULL, "root@sub.local.example", "root@sub.local.example | @sub.local.example" },
		/* F208 */
		{ NULL, "\"a b\"@dom.test", "\"a b\"@dom.test | a b@dom.test | @dom.test" },
		{ NULL, "\"root\"@localhost", "root@localhost | root | @localhost" },
		{ NULL, "\"a b\"@localhost",
		    "\"a b\"@localhost | a b@localhost | \"a b\" | a b"
		    " | @localhost" },
		{ NULL, "\"bob@dom\"@localhost",
		    "\"bob@dom\"@localhost | bob@dom@localhost | \"bob@dom\" | @localhost" },
		{ NULL, "<>", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct address address = shelf_address(shelf, cases[i].address);

		shelf->completion.delimiters = cases[i].delimiters;
		cr_expect_str_eq(asked(shelf, address), cases[i].keys, "%s: %s", cases[i].address,
		    asked(shelf, address));
		shelf_close(shelf);
	}
}

Test(table_keys, answers_with_the_most_wanted_key)
{
	struct shelf *shelf = shelf_open();
	struct table_keys keys = table_keys_open(shelf->arena);
	struct table_choices choices = { 0 };
	const char *path = shelf_file(shelf, "table", "third 3\nsecond 2\n");
	const struct table_choice *answer;

	table_keys_choose(&keys, text_of("first"), false, &choices);
	table_keys_choose(&keys, text_of("second"), true, &choices);
	table_keys_choose(&keys, text_of("third"), false, &choices);
	cr_assert(table_keys_search(&keys, path, &shelf->why));
	answer = table_keys_answer(&keys, &choices, 0, 3);
	cr_assert_not_null(answer);
	cr_expect(answer->base);
	cr_expect(text_is(keys.items[answer->number].value, "2"));
	cr_expect_null(
	    table_keys_answer(&keys, &choices, 0, 1), "a question ends where the next begins");
	table_keys_close(&keys);
	shelf_close(shelf);
}
