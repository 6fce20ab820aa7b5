/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_sieve.h"

#include "base/buffer.h"
#include "table/alias_file.h"
#include "table/table_keys.h"
#include "tests/support/shelf.h"

#define SEED 4711
#define NAMES_ASKED_MAX 6

static struct table_sieve
sieve_for(struct shelf *shelf, const char *key)
{
	struct table_sieve sieve = table_sieve_open(SEED, 1, shelf->arena);

	table_sieve_add(&sieve, table_sieve_hash(SEED, text_of(key)));
	return sieve;
}

/* What is left of the lines, with the number of those passed. */
static const char *
left_of(struct shelf *shelf, const char *key, enum table_sieve_key kind, const char *lines)
{
	struct table_sieve sieve = sieve_for(shelf, key);
	const char *behind = arena_print(shelf->arena, "%sabcdefgh", lines);
	struct text text = text_make(behind, strlen(lines));
	size_t count;
	size_t passed = table_sieve_pass(&sieve, kind, text, 100, &count);

	return arena_print(shelf->arena, "%zu:%s", count, lines + passed);
}

Test(table_sieve, passes_rows_that_nobody_asked_for)
{
	static const struct {
		const char *label;
		enum table_sieve_key kind;
		const char *lines;
		const char *left;
	} cases[] = {
		{ "plain", TABLE_SIEVE_BLANK, "a b\nc d\nroot me\ne f\n", "2:root me\ne f\n" },
		{ "nothing", TABLE_SIEVE_BLANK, "", "0:" },
		{ "the last may go on", TABLE_SIEVE_BLANK, "a b\nc d\n", "1:c d\n" },
		{ "tab", TABLE_SIEVE_BLANK, "a\tb\nroot\tme\nx y\n", "1:root\tme\nx y\n" },
		{ "other case", TABLE_SIEVE_BLANK, "a b\nROOT me\nx y\n", "1:ROOT me\nx y\n" },
		{ "no value", TABLE_SIEVE_BLANK, "a\nroot\nx y\n", "1:root\nx y\n" },
		{ "CRLF", TABLE_SIEVE_BLANK, "a\r\n\r\nroot\r\nx y\n", "2:root\r\nx y\n" },
		{ "colon behind", TABLE_SIEVE_BLANK, "a b\nroot: me\nx y\n", "1:root: me\nx y\n" },
		{ "longer", TABLE_SIEVE_BLANK, "rooted b\nroots c\nx y\n", "2:x y\n" },
		{ "words", TABLE_SIEVE_BLANK, "12345678 b\n1234567890123456 b\nx y\n", "2:x y\n" },
		{ "continued", TABLE_SIEVE_BLANK, "a b\n c\n\td\nroot me\n e\n",
		    "3:root me\n e\n" },
		{ "comments", TABLE_SIEVE_BLANK, "a b\n# c\n\n  \nroot me\nx y\n",
		    "4:root me\nx y\n" },
		{ "comment first", TABLE_SIEVE_BLANK, "# c\na b\nx y\n", "0:# c\na b\nx y\n" },
		{ "blank first", TABLE_SIEVE_BLANK, " a\na b\nx y\n", "0: a\na b\nx y\n" },
		{ "goes on to the end", TABLE_SIEVE_BLANK, "a b\nc d\n e\n# f\n",
		    "1:c d\n e\n# f\n" },
		{ "quote", TABLE_SIEVE_BLANK, "a b\n\"c d\" e\nx y\n", "1:\"c d\" e\nx y\n" },
		{ "quote inside", TABLE_SIEVE_BLANK, "a b\nc\" e\nx y\n", "1:c\" e\nx y\n" },
		{ "quote in the value", TABLE_SIEVE_BLANK, "a \"b\nc d\nx y\n", "2:x y\n" },
		{ "backslash", TABLE_SIEVE_BLANK, "a b\nc\\ d e\nx y\n", "1:c\\ d e\nx y\n" },
		{ "control", TABLE_SIEVE_BLANK, "a b\nc\x01 d\nx y\n", "1:c\x01 d\nx y\n" },
		{ "8-bit", TABLE_SIEVE_BLANK, "a b\nabcdefgh\xc3\xa9 d\nx y\n",
		    "1:abcdefgh\xc3\xa9 d\nx y\n" },
		{ "8-bit in the value", TABLE_SIEVE_BLANK, "a \xff\nc d\nx y\n", "2:x y\n" },
		{ "exclamation mark", TABLE_SIEVE_BLANK, "a b\na!b c\nx y\n", "1:a!b c\nx y\n" },
		{ "aliases", TABLE_SIEVE_COLON, "a: b\nc:d\nroot: me\nx: y\n",
		    "2:root: me\nx: y\n" },
		{ "blank before the colon", TABLE_SIEVE_COLON, "a: b\nc : d\nx: y\n",
		    "1:c : d\nx: y\n" },
		{ "no colon", TABLE_SIEVE_COLON, "a: b\nc\nx: y\n", "1:c\nx: y\n" },
		{ "backslash in a name", TABLE_SIEVE_COLON, "a: b\nc\\d: e\nx: y\n", "2:x: y\n" },
		{ "quoted name", TABLE_SIEVE_COLON, "a: b\n\"c\": e\nx: y\n",
		    "1:\"c\": e\nx: y\n" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();

		cr_expect_str_eq(left_of(shelf, "root", cases[i].kind, cases[i].lines),
		    cases[i].left, "%s: %s", cases[i].label,
		    left_of(shelf, "root", cases[i].kind, cases[i].lines));
		shelf_close(shelf);
	}
}

/* A hundred bytes is what left_of() allows. */
Test(table_sieve, leaves_a_long_row_to_who_can_refuse_it)
{
	struct shelf *shelf = shelf_open();
	const char *fits = arena_print(shelf->arena, "a %097d\nx y\n", 0);
	const char *long_one = arena_print(shelf->arena, "a %098d\nx y\n", 0);
	const char *continued = arena_print(shelf->arena, "a b\n %097d\nx y\n", 0);

	cr_expect_str_eq(left_of(shelf, "root", TABLE_SIEVE_BLANK, fits), "1:x y\n");
	cr_expect_eq(left_of(shelf, "root", TABLE_SIEVE_BLANK, long_one)[0], '0');
	cr_expect_eq(left_of(shelf, "root", TABLE_SIEVE_BLANK, continued)[0], '0');
	shelf_close(shelf);
}

Test(table_sieve, knows_a_key_of_every_length_in_either_case)
{
	struct shelf *shelf = shelf_open();
	char key[66] = "";

	for (size_t length = 1; length < sizeof key; length++) {
		const char *row;
		const char *other;

		key[length - 1] = (char)('a' + length % 26);
		row = arena_print(shelf->arena, "%s v\nx y\n", key);
		cr_expect_str_eq(left_of(shelf, key, TABLE_SIEVE_BLANK, row),
		    arena_print(shelf->arena, "0:%s", row), "length %zu", length);
		key[length - 1] = '.';
		other = arena_print(shelf->arena, "%s v\nx y\n", key);
		key[length - 1] = (char)('a' + length % 26);
		cr_expect_str_eq(
		    left_of(shelf, key, TABLE_SIEVE_BLANK, other), "1:x y\n", "length %zu", length);
		for (size_t i = 0; i < length; i++)
			key[i] = (char)(key[i] - 'a' + 'A');
		row = arena_print(shelf->arena, "%s v\nx y\n", key);
		for (size_t i = 0; i < length; i++)
			key[i] = (char)(key[i] - 'A' + 'a');
		cr_expect_eq(
		    left_of(shelf, key, TABLE_SIEVE_BLANK, row)[0], '0', "length %zu", length);
	}
	shelf_close(shelf);
}

Test(table_sieve, holds_few_back_that_nobody_asked_for)
{
	struct shelf *shelf = shelf_open();
	struct table_sieve sieve = table_sieve_open(SEED, 10000, shelf->arena);
	size_t held = 0;

	for (size_t i = 0; i < 10000; i++)
		table_sieve_add(&sieve,
		    table_sieve_hash(
			SEED, text_of(arena_print(shelf->arena, "user%06zu@dom.example", i))));
	for (size_t i = 10000; i < 20000; i++) {
		const char *row = arena_print(
		    shelf->arena, "user%06zu@dom.example x\ny z\n12345678", i);
		size_t count;

		(void)table_sieve_pass(
		    &sieve, TABLE_SIEVE_BLANK, text_make(row, strlen(row) - 8), 100, &count);
		held += count == 0;
	}
	cr_expect_lt(held, 1500, "%zu", held);
	shelf_close(shelf);
}

/* From here on: files of odd rows read by way of the sieve and by a reader that has all
 * logical lines in memory and compares each with each key. */

static const char *const names[] = { "root", "Root", "RooT", "x", "1234567", "12345678",
	"123456789", "1234567890123456", "user000001@dom.example", "user000002@dom.example",
	"USER000001@dom.example", "isp:587", "[isp]:587", "größe", "GRÖSSE", "é", "12345678é",
	"12345678É", "k", "\xe2\x84\xaa", "a!b", "a\\b", "a\\ b", "\"a b\"@dom", "\"a b", "a\"b",
	"@dom.example", "*", ".dom", "\xff", "12345678\xff", "a\x01z", "#no", "owner-root" };
static const char *const joints[] = { " ", " ", " ", " ", "\t", "  ", ":", ": ", ": ", ":\t", " : ",
	"\r", "", "\n ", "\n\t", "\n# no\n " };
static const char *const values[] = { "v", "value", "v w", "\"v", "a@b, c", "", "#v", "\xff", "é",
	"v\r", "v\\" };
static const char *const ends[] = { "\n", "\n", "\n", "\n", "\n", "\r\n", "\n\n", "\n# no\n",
	"\n \n", "\n w\n", "\n\tw \n", "\n  # no\n w\n", "\r\n w\r\n", "", "\r", "\n root v\n",
	"\n \r\n" };

#define PICK(list, state) (list)[next_random(state) % (sizeof(list) / sizeof *(list))]

static uint64_t
next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

/* Now and then a comment in front that puts the end of the first block of the file among
 * the rows. */
static struct buffer
random_file(uint64_t *state)
{
	struct buffer content = buffer_open(0);
	size_t rows = next_random(state) % 24;
	size_t block = 65536;

	if (next_random(state) % 3 == 0) {
		size_t length = block - next_random(state) % 400;

		(void)buffer_byte(&content, '#');
		while (content.length + 1 < length)
			(void)buffer_byte(&content, 'c');
		(void)buffer_byte(&content, '\n');
	}
	if (next_random(state) % 8 == 0)
		(void)buffer_byte(&content, ' ');
	for (size_t i = 0; i < rows; i++) {
		(void)buffer_add(&content, PICK(names, state));
		(void)buffer_add(&content, PICK(joints, state));
		(void)buffer_add(&content, PICK(values, state));
		if (next_random(state) % 30 == 0)
			(void)buffer_byte(&content, '\0');
		(void)buffer_add(&content, PICK(ends, state));
	}
	return content;
}

struct asked {
	struct text keys[NAMES_ASKED_MAX]; /* folded */
	size_t count;
};

static struct asked
random_names(struct shelf *shelf, uint64_t *state)
{
	struct asked asked = { .count = 1 + next_random(state) % NAMES_ASKED_MAX };

	for (size_t i = 0; i < asked.count; i++) {
		struct text name = text_of(PICK(names, state));

		/* As the key of a quoted alias. */
		if (next_random(state) % 8 == 0)
			name = text_of("a b");
		asked.keys[i] = table_keys_fold(name, shelf->arena);
	}
	return asked;
}

static struct table_keys
keys_of(struct shelf *shelf, const struct asked *asked)
{
	struct table_keys keys = table_keys_open(shelf->arena);

	for (size_t i = 0; i < asked->count; i++)
		(void)table_keys_add(&keys, asked->keys[i]);
	return keys;
}

/* The value of each key with its line, or what is refused. */
static const char *
answers_of(struct shelf *shelf, const struct table_keys *keys)
{
	const char *all = "";

	for (size_t i = 0; i < keys->count; i++)
		if (keys->items[i].found)
			all = arena_print(shelf->arena, "%s%.*s=%zu:%.*s%s|", all,
			    (int)keys->items[i].key.length, keys->items[i].key.bytes,
			    keys->items[i].line, (int)keys->items[i].value.length,
			    keys->items[i].value.bytes,
			    keys->items[i].problem == NULL ? "" : keys->items[i].problem);
	return all;
}

/* Takes one logical line. */
static void
refer_line(struct shelf *shelf, struct table_keys *keys, struct text line, size_t number)
{
	struct table_row row = { .line = number };
	const char *problem = table_split_row(line, &row);
	struct text folded = table_keys_fold(row.key, shelf->arena);

	for (size_t i = 0; i < keys->count; i++) {
		struct table_key *key = &keys->items[i];

		if (key->found || !text_equal(key->key, folded))
			continue;
		key->found = true;
		key->line = number;
		key->problem = problem;
		if (problem == NULL)
			key->value = text_copy(row.value, shelf->arena);
	}
}

static bool
counts(struct text physical)
{
	struct text trimmed = text_trim(physical);

	return trimmed.length > 0 && trimmed.bytes[0] != '#';
}

static void
refer(struct shelf *shelf, struct table_keys *keys, struct text content)
{
	struct buffer line = buffer_open(0);
	size_t begun = 0;

	for (size_t number = 1; content.length > 0; number++) {
		size_t end = text_find(content, '\n');
		struct text physical = text_slice(content, 0, end);

		content = text_slice(content, end + 1, content.length);
		if (physical.length > 0 && physical.bytes[physical.length - 1] == '\r')
			physical.length--;
		if (!counts(physical))
			continue;
		if (begun == 0 || !text_blank(physical.bytes[0])) {
			if (begun != 0)
				refer_line(shelf, keys, buffer_text(&line), begun);
			line.length = 0;
			begun = number;
		}
		(void)buffer_append(&line, physical);
	}
	if (begun != 0)
		refer_line(shelf, keys, buffer_text(&line), begun);
	buffer_close(&line);
}

static void
expect_same_answers(uint64_t seed)
{
	struct shelf *shelf = shelf_open();
	uint64_t state = seed;
	struct buffer content = random_file(&state);
	struct asked asked = random_names(shelf, &state);
	const char *path = shelf_bytes(shelf, "table", content.bytes, content.length);
	struct table_keys wanted = keys_of(shelf, &asked);
	struct table_keys_file file = { 0 };
	const char *end;

	refer(shelf, &wanted, buffer_text(&content));
	end = answers_of(shelf, &wanted);
	/* Again after a rewind. */
	for (size_t pass = 0; pass < 2; pass++) {
		struct table_keys keys = keys_of(shelf, &asked);

		cr_assert(table_keys_search_again(&keys, path, &file, &shelf->why));
		cr_assert_str_eq(answers_of(shelf, &keys), end, "seed %llu, pass %zu: %s",
		    (unsigned long long)seed, pass, answers_of(shelf, &keys));
		table_keys_close(&keys);
	}
	table_keys_file_close(&file);
	table_keys_close(&wanted);
	buffer_close(&content);
	shelf_close(shelf);
}

Test(table_sieve, gives_the_answers_of_a_slow_reader)
{
	for (uint64_t seed = 1; seed <= 2000; seed++)
		expect_same_answers(seed);
}

/* The end of the first block at every byte of rows that go on over several lines. */
Test(table_sieve, reads_rows_over_the_end_of_a_block)
{
	static const char rows[] = "user1 v\n w\n# no\n\tx\n\nuser2 v\r\n w\r\nROOT a\n  b\n# no\n"
				   " c\nuser3 v\nroot d\n @dom b\n@dom a\n \n@dom c\nuser4 v\n v";
	const size_t block = 65536;

	for (size_t at = 1; at < sizeof rows; at++) {
		struct shelf *shelf = shelf_open();
		struct table_keys keys = table_keys_open(shelf->arena);
		const char *comment = arena_print(
		    shelf->arena, "#%0*d\n", (int)(block - at - 2), 0);
		const char *path = shelf_file(
		    shelf, "table", arena_print(shelf->arena, "%s%s", comment, rows));

		(void)table_keys_add(&keys, text_of("root"));
		(void)table_keys_add(&keys, text_of("@dom"));
		(void)table_keys_add(&keys, text_of("no"));
		cr_assert(table_keys_search(&keys, path, &shelf->why), "byte %zu: %s", at,
		    shelf->why.what);
		cr_assert_str_eq(answers_of(shelf, &keys), "root=9:a  b c|@dom=16:a|",
		    "byte %zu: %s", at, answers_of(shelf, &keys));
		table_keys_close(&keys);
		shelf_close(shelf);
	}
}

/* Rows of an alias file; malformed ones are passed over there, so no row is refused. */
static const char *
alias_answers(struct shelf *shelf, const struct asked *asked, const char *path, bool sieved)
{
	struct table_keys keys = keys_of(shelf, asked);
	const struct table_sieve *sieve = table_keys_sieve(&keys);
	struct alias_file file;
	bool found = true;
	const char *end;

	cr_assert(alias_file_open(&file, path, &shelf->why), "%s", shelf->why.what);
	while (found) {
		struct alias_file_row row;
		size_t number;

		if (sieved)
			alias_file_pass(&file, sieve);
		cr_assert(
		    alias_file_next(&file, NULL, &row, &found, &shelf->why), "%s", shelf->why.what);
		number = found ? table_keys_match(&keys, row.name) : keys.count;
		if (number == keys.count || keys.items[number].found)
			continue;
		keys.items[number].found = true;
		keys.items[number].line = row.line;
		keys.items[number].value = text_copy(row.value, shelf->arena);
	}
	end = answers_of(shelf, &keys);
	alias_file_close(&file);
	table_keys_close(&keys);
	return end;
}

Test(table_sieve, gives_the_aliases_of_a_slow_reader)
{
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		struct shelf *shelf = shelf_open();
		uint64_t state = seed;
		struct buffer content = random_file(&state);
		struct asked asked = random_names(shelf, &state);
		const char *path = shelf_bytes(shelf, "aliases", content.bytes, content.length);
		const char *wanted = alias_answers(shelf, &asked, path, false);

		cr_assert_str_eq(alias_answers(shelf, &asked, path, true), wanted, "seed %llu: %s",
		    (unsigned long long)seed, alias_answers(shelf, &asked, path, true));
		buffer_close(&content);
		shelf_close(shelf);
	}
}
