/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/explain_tree.h"
#include "tests/support/house.h"

struct record {
	struct house *house;
	struct buffer words;
};

static void
add(struct record *record, const char *mark, struct address address)
{
	struct text text = address_format(address, record->house->arena);

	(void)buffer_print(&record->words, "%s%.*s ", mark, (int)text.length, text.bytes);
}

static void
opened(void *data, const struct envelope_recipient *given)
{
	add(data, "(", given->address);
}

static void
entered(void *data, struct address target, const struct explain_member *member)
{
	add(data, member->file == NULL ? ">" : ">>", target);
}

static void
stepped(void *data, const struct explain_steps *steps)
{
	struct record *record = data;

	for (size_t i = 0; i < steps->count; i++)
		(void)buffer_print(&record->words, "%s%s ", steps->items[i].name,
		    steps->items[i].note == NULL ? "" : "!");
}

static void
ended(void *data, const struct explain_outcome *outcome)
{
	static const char *const names[] = { "sent", "discarded", "refused", "deferred", "above",
		"undecided" };
	struct record *record = data;

	(void)buffer_print(&record->words, "%s", names[outcome->end]);
	if (outcome->partly)
		(void)buffer_print(&record->words, "/%zu", outcome->refused);
	if (outcome->end == EXPLAIN_SENT)
		(void)buffer_print(&record->words, ":%zu ", outcome->route);
}

static void
closed(void *data)
{
	struct record *record = data;

	(void)buffer_byte(&record->words, ')');
}

static void
walk(struct record *record)
{
	const struct explain_sink sink = { record, opened, entered, stepped, ended, closed };

	record->words = buffer_open(0);
	explain_tree_walk(&record->house->plan, &sink);
	(void)buffer_byte(&record->words, '\0');
}

static void
expect(const char *aliases, const char *transport, const char *arguments, const char *wanted)
{
	struct record record = { .house = house_open() };

	(void)house_file(record.house, "aliases", aliases);
	(void)house_file(record.house, "transport", transport);
	(void)house_relayrc(record.house, "aliases %s/aliases\ntransport %s/transport\n");
	house_arguments(record.house, arguments);
	cr_assert(house_plan(record.house), "%s", record.house->why.what);
	walk(&record);
	cr_expect_str_eq(record.words.bytes, wanted, "%s", record.words.bytes);
	buffer_close(&record.words);
	house_close(record.house);
}

#define FAR "far smtp:one\nother smtp:two\nbad error:5.7.1 no\nlater retry:\nvoid discard:\n"

Test(explain_tree, follows_a_list_to_everybody_on_it)
{
	expect("list: a, x@other\na: y@far, z@bad\n", FAR, "list",
	    "(list@client.example complete alias "
	    ">a@client.example alias >y@far transport sent:1 )>z@bad transport refused))"
	    ">x@other transport sent:2 ))");
}

Test(explain_tree, numbers_only_routes_with_servers)
{
	expect("", FAR, "a@bad b@other c@far d@later e@void",
	    "(a@bad alias transport refused)(b@other alias transport sent:1 )"
	    "(c@far alias transport sent:2 )(d@later alias transport deferred)"
	    "(e@void alias transport discarded)");
}

Test(explain_tree, shows_nobody_twice)
{
	expect("a: x@far\nb: a, x@far\n", FAR, "a b x@far",
	    "(a@client.example complete alias >x@far transport sent:1 ))"
	    "(b@client.example complete alias >a@client.example alias above)>x@far above))"
	    "(x@far alias above)");
}

/* F195 */
Test(explain_tree, stops_at_a_loop)
{
	expect("a: b, x@far\nb: a\n", FAR, "a b",
	    "(a@client.example complete alias >b@client.example alias >a@client.example refused))"
	    ">x@far transport sent:1 ))"
	    "(b@client.example complete alias above/1)");
}

Test(explain_tree, tells_a_broken_list_once_and_counts_after_that)
{
	expect("l: /a, x@far, /b\nm: y@far, l, /c\nn: m, l\n", FAR, "l m n",
	    "(l@client.example complete alias > refused)>x@far transport sent:1 )> refused))"
	    "(m@client.example complete alias >y@far transport sent:1 )"
	    ">l@client.example alias above/2)> refused))"
	    "(n@client.example complete alias >m@client.example alias above/3)"
	    ">l@client.example alias above/2))");
}

/* F197 */
Test(explain_tree, shows_targets_that_nothing_can_go_to)
{
	expect("a: /var/mail/a, x@far\nn: /dev/null\ns: s, y@far\n", FAR "client.example smtp:l\n",
	    "a n s",
	    "(a@client.example complete alias! > refused)>x@far transport sent:1 ))"
	    "(n@client.example complete alias! discarded)"
	    "(s@client.example complete alias! >s@client.example alias transport sent:2 )"
	    ">y@far transport sent:1 ))");
}

Test(explain_tree, shows_what_is_thrown_away_among_others)
{
	expect("a: x@far, /dev/null, b\nb: y@far\n", FAR, "a",
	    "(a@client.example complete alias >x@far transport sent:1 )"
	    ">b@client.example alias >y@far transport sent:1 ))> discarded))");
}

Test(explain_tree, names_an_owner_only_where_his_list_is_sent_to)
{
	expect("a: x@far\nb: x@far, c\nc: y@far\nowner-a: r\nowner-b: r\nowner-c: r\n", FAR, "a b",
	    "(a@client.example complete alias owner >x@far transport sent:1 ))"
	    "(b@client.example complete alias >x@far above)"
	    ">c@client.example alias owner >y@far transport sent:2 )))");
}

Test(explain_tree, tells_once_on_a_way_that_postfix_would_hide_it)
{
	expect("a: b\nb: x@far\n", FAR "* smtp:l\n", "a",
	    "(a@client.example complete alias! >b@client.example alias >x@far transport sent:1 )))");
	expect("a: x@far\n", FAR "* :l\n", "a",
	    "(a@client.example complete alias >x@far transport sent:1 ))");
}

Test(explain_tree, names_who_is_not_on_the_list)
{
	expect("", "far smtp:one\n", "x@far nobody y@elsewhere",
	    "(x@far alias transport sent:1 )"
	    "(nobody@client.example complete alias transport refused)"
	    "(y@elsewhere alias transport refused)");
}

Test(explain_tree, leaves_open_what_a_failed_plan_did_not_decide)
{
	struct record record = { .house = house_open() };

	(void)house_file(record.house, "aliases", "a: x@far\n");
	(void)house_relayrc(record.house, "aliases %s/aliases\ntransport %s/missing\n");
	house_arguments(record.house, "a");
	cr_assert_not(house_plan(record.house));
	walk(&record);
	cr_expect_str_eq(record.words.bytes, "(a@client.example complete alias >x@far undecided))",
	    "%s", record.words.bytes);
	buffer_close(&record.words);
	house_close(record.house);
}

Test(explain_tree, is_linear_in_lists_of_lists)
{
	struct record record = { .house = house_open() };
	const char *rows = "a20: x@far\nb20: y@far\n";

	/* F196 */
	for (int i = 1; i < 20; i++)
		rows = arena_print(record.house->arena, "%sa%d: a%d, b%d\nb%d: b%d, a%d\n", rows, i,
		    i + 1, i + 1, i, i + 1, i + 1);
	(void)house_file(record.house, "aliases", rows);
	(void)house_file(record.house, "transport", "far smtp:one\n");
	(void)house_relayrc(record.house, "aliases %s/aliases\ntransport %s/transport\n");
	house_arguments(record.house, "a1");
	cr_assert(house_plan(record.house), "%s", record.house->why.what);
	walk(&record);
	cr_expect_lt(record.words.length, 10000);
	buffer_close(&record.words);
	house_close(record.house);
}

Test(explain_tree, shows_how_far_a_refused_recipient_came)
{
	struct record record = { .house = house_open() };

	(void)house_file(record.house, "transport", "bad nonsense:\n");
	(void)house_file(record.house, "generic", "x@null <>\nx@one x@two\nx@two y@\nx@zero y@\n");
	(void)house_relayrc(record.house, "host h\ntransport %s/transport\ngeneric %s/generic\n");
	house_arguments(record.house, "x@bad x@null x@one x@zero x@ok");
	cr_assert(house_plan(record.house), "%s", record.house->why.what);
	walk(&record);
	cr_expect_str_eq(record.words.bytes,
	    "(x@bad alias transport refused)"
	    "(x@null alias transport host generic refused)"
	    "(x@one alias transport host generic refused)"
	    "(x@zero alias transport host refused)"
	    "(x@ok alias transport host generic sent:1 )",
	    "%s", record.words.bytes);
	buffer_close(&record.words);
	house_close(record.house);
}
