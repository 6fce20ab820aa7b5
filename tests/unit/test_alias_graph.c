/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_graph.h"

#include "tests/support/shelf.h"

static struct alias_graph
graph_of(struct shelf *shelf, const char *content)
{
	return alias_graph_open(
	    shelf_file(shelf, "aliases", content), &shelf->completion, shelf->arena);
}

Test(alias_graph, makes_one_node_for_a_name)
{
	struct shelf *shelf = shelf_open();
	struct alias_graph graph = graph_of(shelf, "");
	size_t root = alias_graph_add(&graph, shelf_address(shelf, "root@localhost"), true, 0);

	cr_expect_eq(
	    alias_graph_add(&graph, shelf_address(shelf, "ROOT@local.example"), true, 0), root);
	cr_expect_neq(alias_graph_add(&graph, shelf_address(shelf, "root"), false, 0), root,
	    "what default: may not answer for is asked apart");
	cr_expect_eq(graph.count, 2);
	alias_graph_close(&graph);
	shelf_close(shelf);
}

Test(alias_graph, reads_each_name_once_level_by_level)
{
	struct shelf *shelf = shelf_open();
	struct alias_graph graph = graph_of(shelf, "d: x@x\na: b, c, e@x\nb: d\nc: d, b\n");
	const struct alias_node *a;

	(void)alias_graph_add(&graph, shelf_address(shelf, "a"), true, 0);
	cr_assert(alias_graph_fill(&graph, &shelf->why), "%s", shelf->why.what);
	cr_expect_eq(graph.count, 4);
	a = &graph.nodes[0];
	cr_expect(a->found);
	cr_expect_str_eq(a->key, "a");
	cr_expect_eq(a->line, 2);
	cr_assert_eq(a->count, 3);
	cr_expect_eq(a->edges[2].node, ALIAS_GRAPH_NOWHERE);
	cr_expect_eq(graph.nodes[a->edges[0].node].edges[0].node,
	    graph.nodes[a->edges[1].node].edges[0].node, "b and c name one d");
	cr_expect_eq(graph.nodes[a->edges[0].node].asked_at, 2);
	alias_graph_close(&graph);
	shelf_close(shelf);
}

/* F200 */
Test(alias_graph, opens_the_file_once_for_all_levels)
{
	struct shelf *shelf = shelf_open();
	struct alias_graph graph = graph_of(shelf, "c: x@x\nb: c\na: b\n");
	int watch = shelf_watch(graph.path);

	cr_expect_eq(alias_graph_add(&graph, shelf_address(shelf, "a"), true, 0), 0);
	cr_assert(alias_graph_fill(&graph, &shelf->why), "%s", shelf->why.what);
	cr_expect_eq(graph.count, 3);
	cr_expect(graph.nodes[2].found);
	cr_expect_eq(shelf_openings(watch), 1);
	alias_graph_close(&graph);
	shelf_close(shelf);
}

Test(alias_graph, opens_a_bounded_number_of_included_files)
{
	struct shelf *shelf = shelf_open();
	const char *content = "a: b@x";
	struct alias_graph graph;
	const struct failure *fault;

	for (int i = 0; i <= ALIAS_INCLUDES_MAX; i++) {
		const char *name = arena_print(shelf->arena, "list%d", i);

		content = arena_print(
		    shelf->arena, "%s, :include:%s", content, shelf_file(shelf, name, "c@x\n"));
	}
	graph = graph_of(shelf, content);
	(void)alias_graph_add(&graph, shelf_address(shelf, "a"), true, 0);
	cr_assert(alias_graph_fill(&graph, &shelf->why), "%s", shelf->why.what);
	fault = graph.nodes[0].edges[graph.nodes[0].count - 1].fault;
	cr_assert_not_null(fault);
	cr_expect_eq(fault->code, EX_CONFIG);
	cr_expect_not_null(strstr(fault->what, "more than 100 :include: files"));
	alias_graph_close(&graph);
	shelf_close(shelf);
}

/* F196: the work is that of the names, not of the ways through them. */
Test(alias_graph, reads_each_of_twenty_levels_of_two_once)
{
	struct shelf *shelf = shelf_open();
	const char *content = "a20: x@x\nb20: y@x\n";
	struct alias_graph graph;

	for (int i = 1; i < 20; i++)
		content = arena_print(shelf->arena, "%sa%d: a%d, b%d\nb%d: b%d, a%d\n", content, i,
		    i + 1, i + 1, i, i + 1, i + 1);
	graph = graph_of(shelf, content);
	(void)alias_graph_add(&graph, shelf_address(shelf, "a1"), true, 0);
	cr_assert(alias_graph_fill(&graph, &shelf->why), "%s", shelf->why.what);
	cr_expect_eq(graph.count, 39);
	alias_graph_close(&graph);
	shelf_close(shelf);
}

Test(alias_graph, finds_a_node_again)
{
	struct shelf *shelf = shelf_open();
	struct alias_graph graph = graph_of(shelf, "");
	size_t root = alias_graph_add(&graph, shelf_address(shelf, "root@localhost"), true, 0);
	size_t name = alias_graph_add(&graph, (struct address){ .local = text_of("é") }, true, 0);

	alias_graph_close(&graph);
	cr_expect_eq(
	    alias_graph_find(&graph, shelf_address(shelf, "Root"), true, shelf->arena), root);
	cr_expect_eq(
	    alias_graph_find(&graph, (struct address){ .local = text_of("É") }, true, shelf->arena),
	    name);
	cr_expect_eq(alias_graph_find(&graph, shelf_address(shelf, "root"), false, shelf->arena),
	    ALIAS_GRAPH_NOWHERE);
	shelf_close(shelf);
}

Test(alias_graph, names_the_keys_in_the_order_in_which_they_are_tried)
{
	struct shelf *shelf = shelf_open();
	struct alias_graph graph = graph_of(shelf, "");
	struct table_trials trials;

	shelf->completion.delimiters = "+";
	(void)alias_graph_add(&graph, shelf_address(shelf, "Bob+x@localhost"), true, 0);
	(void)alias_graph_add(&graph, shelf_address(shelf, "bob"), false, 1);
	trials = alias_graph_candidates(&graph, &graph.nodes[0], shelf->arena);
	cr_expect_str_eq(shelf_words(shelf, trials.items, trials.count), "bob+x bob default");
	trials = alias_graph_candidates(&graph, &graph.nodes[1], shelf->arena);
	cr_expect_str_eq(shelf_words(shelf, trials.items, trials.count), "bob");
	alias_graph_close(&graph);
	shelf_close(shelf);
}

Test(alias_graph, tells_which_line_of_which_file_names_a_target)
{
	struct shelf *shelf = shelf_open();
	const char *list = shelf_file(shelf, "list", "# all\nc@x\n");
	struct alias_graph graph = graph_of(shelf,
	    arena_print(shelf->arena, "a: b@x, :include:%s\nn: /dev/null\nowner-a: z\n", list));

	(void)alias_graph_add(&graph, shelf_address(shelf, "a"), true, 0);
	(void)alias_graph_add(&graph, shelf_address(shelf, "n"), true, 0);
	cr_assert(alias_graph_fill(&graph, &shelf->why), "%s", shelf->why.what);
	cr_assert_eq(graph.nodes[0].count, 2);
	cr_expect_null(graph.nodes[0].edges[0].include);
	cr_expect_str_eq(graph.nodes[0].edges[1].include, list);
	cr_expect_eq(graph.nodes[0].edges[1].line, 2);
	cr_expect_eq(graph.nodes[0].owner_line, 3);
	cr_expect_not(graph.nodes[0].discards);
	cr_expect(graph.nodes[1].discards);
	alias_graph_close(&graph);
	shelf_close(shelf);
}
