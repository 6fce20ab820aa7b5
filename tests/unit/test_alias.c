/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias.h"

#include "table/alias_graph.h"
#include "tests/support/shelf.h"

static struct alias_rule
rule_of(struct shelf *shelf, const char *content)
{
	return (struct alias_rule){ .path = shelf_file(shelf, "aliases", content),
		.must_exist = true,
		.completion = &shelf->completion,
		.limit = 10000 };
}

/* All or nothing, as newaliases does it. */
static bool
expand_strictly(const struct alias_rule *rule, const struct envelope_recipients *from,
    struct envelope_recipients *to, const struct address *sender, struct arena *arena,
    struct failure *why)
{
	struct alias_result result = { .sender = *sender };
	struct alias_rule strict = *rule;

	strict.strict = true;
	if (!alias_expand(&strict, from, &result, arena, why))
		return false;
	*to = result.recipients;
	return true;
}

/* Recipients of words. */
static struct envelope_recipients
recipients_of(struct shelf *shelf, const char *words)
{
	struct envelope_recipients list = { 0 };
	struct text rest = text_of(words);

	for (;;) {
		struct text word = text_word(&rest, '\0');
		struct address address;

		if (word.length == 0)
			return list;
		address = completion_apply(
		    &shelf->completion, shelf_address(shelf, text_string(word, shelf->arena)));
		(void)envelope_add(&list,
		    (struct envelope_recipient){ .address = address, .original = address },
		    shelf->arena);
	}
}

static const char *
listed(struct shelf *shelf, const struct envelope_recipients *list)
{
	const char *all = "";

	for (size_t i = 0; i < list->count; i++)
		all = arena_print(shelf->arena, "%s%s%s", all, i == 0 ? "" : " ",
		    shelf_string(shelf, list->items[i].address));
	return all;
}

static const char *
expanded(struct shelf *shelf, const struct alias_rule *rule, const char *words)
{
	struct envelope_recipients from = recipients_of(shelf, words);
	struct address sender = shelf_address(shelf, "me@local.example");
	struct envelope_recipients to;

	cr_assert(expand_strictly(rule, &from, &to, &sender, shelf->arena, &shelf->why), "%s: %s",
	    words, shelf->why.what);
	return listed(shelf, &to);
}

Test(alias, expands_local_recipients)
{
	static const struct {
		const char *label;
		const char *delimiters;
		const char *content;
		const char *recipients;
		const char *result;
	} cases[] = {
		{ "one", NULL, "root: a@x", "root", "a@x" },
		{ "of localhost", NULL, "root: a@x", "root@localhost", "a@x" },
		{ "of another domain", NULL, "root: a@x", "root@dom.test", "root@dom.test" },
		{ "without a row", NULL, "root: a@x", "bob@localhost", "bob@localhost" },
		{ "case", NULL, "Root: a@x", "ROOT@Local.Example", "a@x" },
		{ "UTF-8 case", NULL, "ÜBER: a@x", "über", "a@x" },
		{ "several, order kept", NULL, "b: b1@x, b2@x\na: a1@x", "z@x a b y@x",
		    "z@x a1@x b1@x b2@x y@x" },
		{ "chain", NULL, "a: b\nb: c@x\n", "a", "c@x" },
		{ "chain backwards in the file", NULL, "b: c@x\na: b\n", "a", "c@x" },
		{ "local end of a chain", NULL, "a: b", "a", "b@local.example" },
		{ "repeated target", NULL, "a: x@x, X@x, b\nb: x@x", "a", "x@x" },
		{ "first of equal names", NULL, "a: one@x\nA: two@x", "a", "one@x" },
		{ "himself", NULL, "root: root", "root", "root@local.example" },
		{ "himself with a backslash", NULL, "root: \\root, x@y", "root",
		    "root@local.example x@y" },
		{ "himself and another", NULL, "root: root, x@y", "root",
		    "root@local.example x@y" },
		{ "himself further down", NULL, "a: root\nroot: root, x@y", "a",
		    "root@local.example x@y" },
		{ "no comment behind text", NULL, "root: a@x # b@y", "root",
		    "a@x #@local.example b@y" },
		{ "quoted name", NULL, "\"a:b\": a@x", "\"a:b\"", "a@x" },
		{ "nothing", NULL, "root: /dev/null", "root", "" },
		{ "nothing and another", NULL, "root: /dev/null, a@x", "root", "a@x" },
		{ "no extension without delimiter", NULL, "root: a@x", "root+y",
		    "root+y@local.example" },
		{ "extension dropped", "+", "root: a@x", "root+y", "a@x" },
		{ "extension first", "+", "root: a@x\nroot+y: b@x", "root+y", "b@x" },
		{ "himself with an extension", "+", "root: root, a@x", "root+y",
		    "root@local.example a@x" },
		{ "target's detour", NULL, "a: bob%dom.test", "a", "bob@dom.test" },
		{ "several ways to one name", NULL, "a: b, c\nb: d\nc: d\nd: x@x", "a", "x@x" },
		{ "default", NULL, "default: d@x\nroot: r@x", "root bob carol@dom.test",
		    "r@x d@x carol@dom.test" },
		{ "default for the end of a chain", NULL, "default: d@x\nroot: bob", "root",
		    "d@x" },
		{ "local default", NULL, "default: bob", "carol bob", "bob@local.example" },
		{ "default with an alias of its own", NULL, "default: bob\nbob: b@x", "carol",
		    "b@x" },
		{ "default not for himself", NULL, "default: d@x\nroot: root", "root",
		    "root@local.example" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct alias_rule rule = rule_of(shelf, cases[i].content);

		shelf->completion.delimiters = cases[i].delimiters;
		cr_expect_str_eq(expanded(shelf, &rule, cases[i].recipients), cases[i].result,
		    "%s: %s", cases[i].label, expanded(shelf, &rule, cases[i].recipients));
		shelf_close(shelf);
	}
}

/* Expands the recipients and expects a refusal of a row. */
static void
expect_refused(
    struct shelf *shelf, const char *content, const char *recipients, size_t line, const char *what)
{
	struct alias_rule rule = rule_of(shelf, content);
	struct envelope_recipients from = recipients_of(shelf, recipients);
	struct address sender = shelf_address(shelf, "me@local.example");
	struct envelope_recipients to = { .count = 77 };

	cr_assert_not(
	    expand_strictly(&rule, &from, &to, &sender, shelf->arena, &shelf->why), "%s", content);
	cr_expect_eq(shelf->why.code, EX_CONFIG, "%s: %d", content, shelf->why.code);
	cr_expect_eq(shelf->why.stage, FAILURE_TABLE);
	cr_expect_str_eq(shelf->why.where, arena_print(shelf->arena, "%s:%zu", rule.path, line),
	    "%s: %s", content, shelf->why.where);
	cr_expect_not_null(strstr(shelf->why.what, what), "%s: %s", content, shelf->why.what);
	cr_expect_eq(to.count, 77, "the output is left alone");
}

Test(alias, refuses_loops)
{
	static const struct {
		const char *content;
		size_t line;
		const char *what;
	} cases[] = {
		/* F195 */
		{ "a: b\nb: a\n", 2, "the alias 'b' leads back to 'a', which led to it" },
		{ "a: x@x, b\nb: c\n\nc: b, y@x\n", 4, "the alias 'c' leads back to 'b'" },
		{ "A: b\nb: \\a@localhost\n", 2, "the alias 'b' leads back to 'a'" },
		{ "default: bob\nbob: carol\n", 2, "the alias 'bob' leads back to 'default'" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();

		expect_refused(
		    shelf, cases[i].content, i == 3 ? "bob" : "a", cases[i].line, cases[i].what);
		shelf_close(shelf);
	}
}

/* Rows u0: u1 ... up to `rows`, the last naming an address elsewhere; `extra` before them. */
static const char *
chain(struct shelf *shelf, const char *extra, int rows)
{
	const char *content = extra;

	for (int i = 0; i < rows; i++)
		content = arena_print(
		    shelf->arena, "%su%d: u%d%s\n", content, i, i + 1, i + 1 == rows ? "@x" : "");
	return content;
}

Test(alias, follows_twenty_rows_and_no_more)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = rule_of(shelf, chain(shelf, "", 20));

	/* F195 */
	cr_expect_str_eq(expanded(shelf, &rule, "u0"), "u20@x");
	expect_refused(shelf, chain(shelf, "", 21), "u0", 21, "more than 20 times");
	shelf_close(shelf);
}

Test(alias, counts_the_longest_way_though_a_shorter_one_came_first)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = rule_of(shelf, chain(shelf, "short: u1, u0\n", 19));

	cr_expect_str_eq(expanded(shelf, &rule, "short"), "u19@x");
	expect_refused(
	    shelf, chain(shelf, "short: u1, u0\n", 20), "short", 3, "more than 20 times");
	shelf_close(shelf);
}

Test(alias, expands_twenty_levels_of_two_to_what_stands_at_their_end)
{
	struct shelf *shelf = shelf_open();
	const char *content = "a20: x@x\nb20: y@x\n";
	struct alias_rule rule;

	/* F196 */
	for (int i = 1; i < 20; i++)
		content = arena_print(shelf->arena, "%sa%d: a%d, b%d\nb%d: b%d, a%d\n", content, i,
		    i + 1, i + 1, i, i + 1, i + 1);
	rule = rule_of(shelf, content);
	cr_expect_str_eq(expanded(shelf, &rule, "a1"), "x@x y@x");
	shelf_close(shelf);
}

Test(alias, refuses_more_recipients_than_the_limit)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = rule_of(shelf, "list: a@x, b@x, c@x\n");
	struct envelope_recipients from = recipients_of(shelf, "list");
	struct address sender = shelf_address(shelf, "me@local.example");
	struct envelope_recipients to;

	/* F196 */
	rule.limit = 3;
	cr_expect_str_eq(expanded(shelf, &rule, "list"), "a@x b@x c@x");
	rule.limit = 2;
	cr_assert_not(expand_strictly(&rule, &from, &to, &sender, shelf->arena, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_DATAERR);
	cr_expect_str_eq(shelf->why.what, "more than 2 recipients");
	rule.limit = 0;
	cr_expect_str_eq(expanded(shelf, &rule, "list"), "a@x b@x c@x", "0 is no limit");
	rule.path = NULL;
	rule.limit = 1;
	from = recipients_of(shelf, "a@x b@x");
	cr_assert_not(expand_strictly(&rule, &from, &to, &sender, shelf->arena, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_DATAERR, "without a file too");
	shelf_close(shelf);
}

Test(alias, refuses_files_and_commands)
{
	static const struct {
		const char *content;
		const char *what;
	} cases[] = {
		/* F197 */
		{ "a: /etc/passwd", "the alias 'a' names a file" },
		{ "a: ~/mbox", "the alias 'a' names a file" },
		{ "a: \"|touch /tmp/relay-was-here\"", "the alias 'a' names a command" },
		{ "a: b@x, |cmd", "the alias 'a' names a command" },
		{ "a: :include:relative", "not named by an absolute path" },
		{ "a: :include:/nonexistent/list", "No such file" },
		{ "a: :include:/dev/zero", "not a regular file" },
		{ "a: \"b", "no address list" },
		{ "a: <>", "an empty address" },
		{ "a: b@x..y", "empty label" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();

		expect_refused(shelf, cases[i].content, "a", 1, cases[i].what);
		shelf_close(shelf);
	}
}

Test(alias, leaves_rows_alone_that_nobody_asks_for)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = rule_of(shelf, "a: |cmd\nb: c\nc: b\nnonsense\nd: x@x\n");

	cr_expect_str_eq(expanded(shelf, &rule, "d"), "x@x");
	shelf_close(shelf);
}

Test(alias, reads_included_files)
{
	struct shelf *shelf = shelf_open();
	const char *inner = shelf_file(shelf, "inner", "c@x\nroot\n");
	const char *outer = shelf_file(shelf, "outer",
	    arena_print(shelf->arena, "# people\na@x, b@x\n:include:%s\n:include:%s/outer\n", inner,
		shelf->directory));
	struct alias_rule rule;

	(void)shelf_file(shelf, "none", "# nobody yet\n");
	(void)shelf_file(shelf, "null", "/dev/null\n");
	rule = rule_of(shelf,
	    arena_print(shelf->arena,
		"list: first@x, :include:%s, last@x\nroot: r@x\n"
		"nobody: :include:%s/null\nclub: head@x :include:%s/none\n"
		"same: :include:%s\n",
		outer, shelf->directory, shelf->directory, inner));
	cr_expect_str_eq(expanded(shelf, &rule, "list"), "first@x last@x a@x b@x c@x r@x");
	cr_expect_str_eq(expanded(shelf, &rule, "nobody"), "");
	cr_expect_str_eq(expanded(shelf, &rule, "club"), "head@x");
	/* Its addresses are there already. */
	cr_expect_str_eq(expanded(shelf, &rule, "list same"), "first@x last@x a@x b@x c@x r@x");
	shelf_close(shelf);
}

/* Mail to it would vanish, and the caller be told that it was sent. */
Test(alias, refuses_a_row_that_names_nobody)
{
	static const char *const contents[] = { "", "# nobody yet\n\n", ",\n", "itself" };

	for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
		struct shelf *shelf = shelf_open();
		const char *path = shelf_path(shelf, "list");
		const char *itself = arena_print(shelf->arena, ":include:%s\n", path);

		(void)shelf_file(
		    shelf, "list", strcmp(contents[i], "itself") == 0 ? itself : contents[i]);
		expect_refused(shelf, arena_print(shelf->arena, "\nlist: :include:%s\n", path),
		    "list", 2, arena_print(shelf->arena, "':include:%s' holds no address", path));
		cr_expect_str_eq(
		    shelf->why.hint, "write /dev/null if its mail is to be thrown away");
		expect_refused(shelf, "list: ,\n", "list", 1, "the alias 'list' names no address");
		shelf_close(shelf);
	}
}

Test(alias, refuses_an_included_file_that_names_its_alias)
{
	struct shelf *shelf = shelf_open();
	const char *path = shelf_file(shelf, "list", "a@x\nlist\n");

	expect_refused(shelf, arena_print(shelf->arena, "\nlist: :include:%s\n", path), "list", 2,
	    "the alias 'list' leads back to 'list'");
	shelf_close(shelf);
}

static const char *
sender_of(
    struct shelf *shelf, const struct alias_rule *rule, const char *sender, const char *recipients)
{
	struct envelope_recipients from = recipients_of(shelf, recipients);
	struct address address = shelf_address(shelf, sender);
	struct envelope_recipients to;
	const char *all = "";

	cr_assert(expand_strictly(rule, &from, &to, &address, shelf->arena, &shelf->why), "%s",
	    shelf->why.what);
	for (size_t i = 0; i < to.count; i++)
		all = arena_print(shelf->arena, "%s%s%s", all, i == 0 ? "" : " ",
		    to.items[i].owner == NULL ? "-" : shelf_string(shelf, *to.items[i].owner));
	return all;
}

Test(alias, makes_the_owner_of_a_list_its_sender)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = rule_of(
	    shelf, "owner-list: boss@x\nList: a@x, b@x\nother: c@x\nall: list, other\n");

	shelf->completion.delimiters = "+";
	cr_expect_str_eq(sender_of(shelf, &rule, "alice@local.example", "list"),
	    "owner-list@local.example owner-list@local.example");
	cr_expect_str_eq(sender_of(shelf, &rule, "alice@local.example", "list+x"),
	    "owner-list@local.example owner-list@local.example");
	cr_expect_str_eq(sender_of(shelf, &rule, "alice@local.example", "other"), "-");
	cr_expect_str_eq(sender_of(shelf, &rule, "alice@local.example", "list@dom.test"), "-");
	cr_expect_str_eq(sender_of(shelf, &rule, "<>", "list"), "- -", "a bounce stays one");
	shelf_close(shelf);
}

Test(alias, leaves_the_sender_of_who_is_not_on_the_list)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = rule_of(shelf,
	    "owner-list: boss@x\nlist: a@x\nother: c@x\nall: list, other\n"
	    "owner-big: chief@x\nbig: d@x, list\n");

	cr_expect_str_eq(
	    sender_of(shelf, &rule, "alice@local.example", "all"), "owner-list@local.example -");
	cr_expect_str_eq(sender_of(shelf, &rule, "alice@local.example", "z@x list other"),
	    "- owner-list@local.example -");
	cr_expect_str_eq(sender_of(shelf, &rule, "alice@local.example", "big"),
	    "owner-big@local.example owner-list@local.example", "the inner list's owner counts");
	shelf_close(shelf);
}

Test(alias, tells_how_a_recipient_came_about)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = rule_of(shelf, "# top\nRoot: admin\nadmin: me@isp, bob\n");
	struct envelope_recipients from = recipients_of(shelf, "root z@x");
	struct address sender = shelf_address(shelf, "me@local.example");
	struct envelope_recipients to;

	cr_assert(expand_strictly(&rule, &from, &to, &sender, shelf->arena, &shelf->why));
	cr_assert_eq(to.count, 3);
	cr_expect_str_eq(to.items[0].trail,
	    arena_print(shelf->arena, "root: %s:2, admin: %s:3", rule.path, rule.path));
	cr_expect_str_eq(shelf_string(shelf, to.items[0].original), "root@local.example");
	cr_expect_str_eq(shelf_string(shelf, to.items[1].original), "root@local.example");
	cr_expect_null(to.items[2].trail);
	cr_expect_str_eq(shelf_string(shelf, to.items[2].original), "z@x");
	shelf_close(shelf);
}

Test(alias, does_without_a_default_file_that_is_missing)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = { .path = shelf_path(shelf, "missing"),
		.completion = &shelf->completion };
	struct envelope_recipients from = recipients_of(shelf, "root");
	struct address sender = shelf_address(shelf, "me@local.example");
	struct envelope_recipients to;

	cr_expect_str_eq(expanded(shelf, &rule, "root bob@x"), "root@local.example bob@x");
	/* F199 */
	rule.must_exist = true;
	cr_assert_not(expand_strictly(&rule, &from, &to, &sender, shelf->arena, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	cr_expect_str_eq(shelf->why.where, rule.path);
	rule.path = NULL;
	cr_expect_str_eq(expanded(shelf, &rule, "root bob@x"), "root@local.example bob@x");
	shelf_close(shelf);
}

Test(alias, does_not_take_a_directory_for_a_missing_file)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = { .path = shelf->directory, .completion = &shelf->completion };
	struct envelope_recipients from = recipients_of(shelf, "root");
	struct address sender = shelf_address(shelf, "me@local.example");
	struct envelope_recipients to;

	cr_assert_not(expand_strictly(&rule, &from, &to, &sender, shelf->arena, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	shelf_close(shelf);
}

/* F195, F197, F198: one bad target must not keep the mail from everybody else. */
Test(alias, refuses_only_the_branch_that_is_at_fault)
{
	static const struct {
		const char *rows;
		const char *served;
		size_t line;
		const char *what;
	} rows[] = {
		{ "root: a@x, /var/mail/root, b@x\n", "a@x b@x other@z", 1, "names a file" },
		{ "root: a@x, \"|cmd\"\n", "a@x other@z", 1, "names a command" },
		{ "root: a@x, l\nl: m\nm: l\n", "a@x other@z", 3, "leads back" },
		{ "root: a@x, :include:/nonexistent/list\n", "a@x other@z", 1, "" },
		{ "root: \"|cmd\"\n", "other@z", 1, "names a command" },
		{ "root: a@x, bad@, b@x\n", "a@x b@x other@z", 1, "no address list" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct shelf *shelf = shelf_open();
		struct alias_rule rule = rule_of(shelf, rows[i].rows);
		struct envelope_recipients from = recipients_of(shelf, "root other@z");
		struct alias_result result = { .sender = shelf_address(shelf, "me@x") };

		cr_assert(alias_expand(&rule, &from, &result, shelf->arena, &shelf->why), "%s: %s",
		    rows[i].rows, shelf->why.what);
		cr_expect_str_eq(listed(shelf, &result.recipients), rows[i].served, "%s: %s",
		    rows[i].rows, listed(shelf, &result.recipients));
		cr_assert_eq(result.refusal_count, 1, "%s", rows[i].rows);
		cr_expect_eq(result.refusals[0].why->code, EX_CONFIG, "%s: %d", rows[i].rows,
		    result.refusals[0].why->code);
		cr_expect_str_eq(result.refusals[0].why->where,
		    arena_print(shelf->arena, "%s:%zu", rule.path, rows[i].line), "%s: %s",
		    rows[i].rows, result.refusals[0].why->where);
		cr_expect_not_null(strstr(result.refusals[0].why->what, rows[i].what), "%s: %s",
		    rows[i].rows, result.refusals[0].why->what);
		cr_expect_str_eq(
		    shelf_string(shelf, result.refusals[0].address), "root@local.example");
		shelf_close(shelf);
	}
}

Test(alias, names_every_recipient_that_leads_to_a_refused_target)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = rule_of(shelf, "a: bad\nb: bad, k@x\nbad: \"|cmd\"\n");
	struct envelope_recipients from = recipients_of(shelf, "a b");
	struct alias_result result = { .sender = shelf_address(shelf, "me@x") };

	cr_assert(alias_expand(&rule, &from, &result, shelf->arena, &shelf->why));
	cr_expect_str_eq(listed(shelf, &result.recipients), "k@x");
	cr_assert_eq(result.refusal_count, 2);
	cr_expect_str_eq(shelf_string(shelf, result.refusals[0].address), "a@local.example");
	cr_expect_str_eq(shelf_string(shelf, result.refusals[1].address), "b@local.example");
	shelf_close(shelf);
}

Test(alias, finds_by_a_short_way_what_was_too_deep_by_a_long_one)
{
	struct shelf *shelf = shelf_open();
	struct envelope_recipients from = recipients_of(shelf, "n1 short");
	struct alias_result result = { .sender = shelf_address(shelf, "me@x") };
	const char *rows = "short: n20\nn20: n21, w@x\nn21: z@x\n";
	struct alias_rule rule;

	for (int i = 1; i < 20; i++)
		rows = arena_print(shelf->arena, "%sn%d: n%d\n", rows, i, i + 1);
	rule = rule_of(shelf, rows);
	cr_assert(alias_expand(&rule, &from, &result, shelf->arena, &shelf->why));
	cr_expect_str_eq(
	    listed(shelf, &result.recipients), "w@x z@x", "%s", listed(shelf, &result.recipients));
	cr_assert_eq(result.refusal_count, 1);
	cr_expect_str_eq(shelf_string(shelf, result.refusals[0].address), "n1@local.example");
	shelf_close(shelf);
}

Test(alias, tells_which_target_a_refusal_is_about)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = rule_of(shelf, "a: k@x, l\nl: m\nm: l\nowner-a: z\n");
	struct envelope_recipients from = recipients_of(shelf, "other@z a");
	struct alias_result result = { .sender = shelf_address(shelf, "me@x") };
	const struct alias_edge *edge;

	cr_assert(alias_expand(&rule, &from, &result, shelf->arena, &shelf->why));
	cr_assert_not_null(result.graph);
	cr_assert_eq(result.refusal_count, 1);
	cr_expect_eq(result.refusals[0].number, 2, "the second recipient");
	edge = result.refusals[0].edge;
	cr_assert_not_null(edge);
	cr_expect_str_eq(shelf_string(shelf, edge->address), "l@local.example");
	shelf_close(shelf);
}

/* F197: one bad line takes nobody else from the list, and is told once. */
Test(alias, serves_the_good_lines_of_an_included_file)
{
	struct shelf *shelf = shelf_open();
	const char *list = shelf_file(shelf, "list", "a@x\n|cmd\nb@x\n");
	struct alias_rule rule = rule_of(
	    shelf, arena_print(shelf->arena, "list: :include:%s, z@x\n", list));
	struct envelope_recipients from = recipients_of(shelf, "list");
	struct alias_result result = { .sender = shelf_address(shelf, "me@x") };

	cr_assert(alias_expand(&rule, &from, &result, shelf->arena, &shelf->why));
	cr_expect_str_eq(listed(shelf, &result.recipients), "z@x a@x b@x", "%s",
	    listed(shelf, &result.recipients));
	cr_assert_eq(result.refusal_count, 1);
	cr_expect_not_null(strstr(result.refusals[0].why->what,
	    arena_print(shelf->arena, "line 2 of the included file '%s'", list)));
	shelf_close(shelf);
}

/* F210: passed over, its mail would go to who must not have it. */
Test(alias, refuses_a_name_whose_row_is_malformed)
{
	static const struct {
		const char *rows;
		size_t line;
		const char *what;
	} rows[] = {
		{ "root alice@x\n", 1, "the row for 'root': there is no colon" },
		{ "root: al\377ice@x\n", 1, "the row for 'root': is not valid UTF-8" },
		{ "root:\nroot: good@x\n", 1, "the row for 'root': a name without a value" },
		{ "\"root: good@x\n", 1, "the row for 'root': a double quote" },
		{ "root: a@x\nowner-root boss@x\n", 2, "the row for 'owner-root': there is no" },
		{ "a: b@x\ndefault x@x\n", 2, "the row for 'default': there is no colon" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct shelf *shelf = shelf_open();
		struct alias_rule rule = rule_of(
		    shelf, arena_print(shelf->arena, "%sother: k@x\n", rows[i].rows));
		struct envelope_recipients from = recipients_of(shelf, "root other");
		struct alias_result result = { .sender = shelf_address(shelf, "me@x") };

		cr_assert(alias_expand(&rule, &from, &result, shelf->arena, &shelf->why));
		cr_expect_str_eq(listed(shelf, &result.recipients), "k@x", "%s: %s", rows[i].rows,
		    listed(shelf, &result.recipients));
		cr_assert_eq(result.refusal_count, 1, "%s", rows[i].rows);
		cr_expect_eq(result.refusals[0].why->code, EX_CONFIG);
		cr_expect_str_eq(result.refusals[0].why->where,
		    arena_print(shelf->arena, "%s:%zu", rule.path, rows[i].line), "%s: %s",
		    rows[i].rows, result.refusals[0].why->where);
		cr_expect_not_null(strstr(result.refusals[0].why->what, rows[i].what), "%s: %s",
		    rows[i].rows, result.refusals[0].why->what);
		cr_expect_neq(result.refusals[0].why->hint[0], '\0');
		shelf_close(shelf);
	}
}

Test(alias, takes_the_good_row_above_a_malformed_one)
{
	struct shelf *shelf = shelf_open();
	struct alias_rule rule = rule_of(shelf, "root: a@x\nroot\n");

	cr_expect_str_eq(expanded(shelf, &rule, "root"), "a@x");
	shelf_close(shelf);
}
