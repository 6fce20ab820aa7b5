/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/password_book.h"

#include "tests/support/shelf.h"

static struct transport_hop
hop_of(struct shelf *shelf, const char *host)
{
	return (struct transport_hop){
		.text = arena_print(shelf->arena, "%s:587", host), .host = host, .port = 587
	};
}

/* The user for a host, "none", or "!" and the place of a fault. */
static const char *
answer(struct shelf *shelf, struct password_book *book, const struct password_rule *rule,
    const char *host)
{
	const struct transport_hop hop = hop_of(shelf, host);
	struct password_row row;

	if (!password_book_find(
		book, rule, shelf_address(shelf, "me@x.test"), &hop, &row, &shelf->why))
		return arena_print(shelf->arena, "!%s", strrchr(shelf->why.where, '/') + 1);
	return row.found ? row.user : "none";
}

static void
note(struct shelf *shelf, struct password_book *book, const struct password_rule *rule,
    const char *host)
{
	const struct transport_hop hop = hop_of(shelf, host);

	password_book_add(book, rule, shelf_address(shelf, "me@x.test"), &hop);
}

Test(password_book, reads_a_table_once_for_all_servers)
{
	struct shelf *shelf = shelf_open();
	const char *path = shelf_file(shelf, "sasl", "one u1:p\nTWO:587 u2:p\nthree nocolon\n");
	const struct password_rule rule = { .path = path, .completion = &shelf->completion };
	struct password_book *book = password_book_open(shelf->arena);
	int watch;

	note(shelf, book, &rule, "one");
	note(shelf, book, &rule, "two");
	note(shelf, book, &rule, "three");
	note(shelf, book, &rule, "four");
	watch = shelf_watch(path);
	cr_expect_str_eq(answer(shelf, book, &rule, "two"), "u2");
	cr_expect_str_eq(answer(shelf, book, &rule, "one"), "u1");
	cr_expect_str_eq(answer(shelf, book, &rule, "three"), "!sasl:3");
	cr_expect_str_eq(answer(shelf, book, &rule, "four"), "none");
	cr_expect_eq(shelf_openings(watch), 1);
	password_book_close(book);
	shelf_close(shelf);
}

Test(password_book, keeps_tables_and_rules_apart)
{
	struct shelf *shelf = shelf_open();
	const struct password_rule rules[] = {
		{ .path = shelf_file(shelf, "a", "me@x.test sender:p\none a:p\n"),
		    .completion = &shelf->completion },
		{ .path = shelf_file(shelf, "b", "one b:p\n"), .completion = &shelf->completion },
		{ .path = shelf_path(shelf, "a"),
		    .sender_dependent = true,
		    .completion = &shelf->completion },
	};
	struct password_book *book = password_book_open(shelf->arena);

	for (size_t i = 0; i < 3; i++)
		note(shelf, book, &rules[i], "one");
	cr_expect_str_eq(answer(shelf, book, &rules[0], "one"), "a");
	cr_expect_str_eq(answer(shelf, book, &rules[1], "one"), "b");
	cr_expect_str_eq(answer(shelf, book, &rules[2], "one"), "sender");
	password_book_close(book);
	shelf_close(shelf);
}

Test(password_book, answers_what_was_not_noted)
{
	struct shelf *shelf = shelf_open();
	const struct password_rule rule = { .path = shelf_file(shelf, "sasl", "one a:p\ntwo b:p\n"),
		.completion = &shelf->completion };
	struct password_book *book = password_book_open(shelf->arena);

	cr_expect_str_eq(answer(shelf, book, &rule, "one"), "a");
	cr_expect_str_eq(answer(shelf, book, &rule, "two"), "b");
	cr_expect_str_eq(answer(shelf, book, &rule, "one"), "a");
	password_book_close(book);
	shelf_close(shelf);
}

/* F99 */
Test(password_book, tries_a_table_once_that_others_may_read)
{
	struct shelf *shelf = shelf_open();
	const char *path = shelf_file(shelf, "sasl", "one a:p\n");
	const struct password_rule rule = { .path = path, .completion = &shelf->completion };
	struct password_book *book = password_book_open(shelf->arena);
	int watch;

	cr_assert_eq(chmod(path, 0644), 0);
	note(shelf, book, &rule, "one");
	note(shelf, book, &rule, "two");
	watch = shelf_watch(path);
	cr_expect_str_eq(answer(shelf, book, &rule, "one"), "!sasl");
	cr_expect_str_eq(answer(shelf, book, &rule, "two"), "!sasl");
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_eq(shelf_openings(watch), 1);
	password_book_close(book);
	shelf_close(shelf);
}
