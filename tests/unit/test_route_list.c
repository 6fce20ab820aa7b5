/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/route_list.h"

#include <criterion/criterion.h>
#include <time.h>

#include "base/arena.h"

#define MANY 20000

static const struct address me = { { "me", 2 }, { "x.test", 6 } };

static struct transport
row_to(struct transport_hop *hop, const char *text)
{
	*hop = (struct transport_hop){ .text = text, .host = text };
	return (struct transport){
		.kind = TRANSPORT_SMTP, .key = "k", .hops = { .items = hop, .count = 1 }
	};
}

static size_t
add(struct route_list *list, const struct transport *row, struct address sender,
    struct arena *arena)
{
	const struct route route = { .transport = row, .sender_given = sender };

	return route_list_add(list, &route, arena);
}

Test(route_list, tells_ways_and_senders_apart)
{
	const struct address you = { { "you", 3 }, { "x.test", 6 } };
	const struct address me_again = { { "ME", 2 }, { "X.test", 6 } };
	const struct transport none = { .kind = TRANSPORT_NONE };
	struct arena *arena = arena_open();
	struct route_list list = { 0 };
	struct transport_hop hops[3];
	const struct transport a = row_to(&hops[0], "a");
	const struct transport b = row_to(&hops[1], "b");
	const struct transport again = row_to(&hops[2], "a");
	struct transport other = a;

	cr_expect_eq(route_list_find(&list, &a, me), ROUTE_NONE);
	cr_expect_eq(add(&list, &a, me, arena), 0);
	cr_expect_eq(add(&list, &b, me, arena), 1);
	cr_expect_eq(add(&list, NULL, me, arena), 2);
	cr_expect_eq(add(&list, &a, you, arena), 3);
	cr_expect_eq(route_list_find(&list, &again, me_again), 0);
	cr_expect_eq(route_list_find(&list, &b, me), 1);
	cr_expect_eq(route_list_find(&list, &none, me), 2);
	cr_expect_eq(route_list_find(&list, &again, you), 3);
	cr_expect_eq(route_list_find(&list, &b, you), ROUTE_NONE);
	other.kind = TRANSPORT_SMTPS;
	cr_expect_eq(route_list_find(&list, &other, me), ROUTE_NONE);
	other.kind = TRANSPORT_SMTP;
	other.account = "work";
	cr_expect_eq(route_list_find(&list, &other, me), ROUTE_NONE);
	arena_close(arena);
}

Test(route_list, forgets_what_was_cut_off)
{
	struct arena *arena = arena_open();
	struct route_list list = { 0 };
	struct transport_hop hops[2];
	const struct transport a = row_to(&hops[0], "a");
	const struct transport b = row_to(&hops[1], "b");

	(void)add(&list, &a, me, arena);
	for (size_t i = 0; i < 100; i++) {
		cr_expect_eq(route_list_find(&list, &b, me), ROUTE_NONE);
		cr_expect_eq(add(&list, &b, me, arena), 1);
		list.count = 1;
	}
	cr_expect_eq(route_list_find(&list, &a, me), 0);
	arena_close(arena);
}

static double
seconds(void)
{
	struct timespec now;

	cr_assert_eq(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Every recipient may have a row of its own: 20,000 of them took 5.7 s. */
Test(route_list, is_linear_in_ways)
{
	struct arena *arena = arena_open();
	struct route_list list = { 0 };
	struct transport_hop *hops = arena_array(arena, MANY, sizeof *hops);
	struct transport *rows = arena_array(arena, MANY, sizeof *rows);
	double start = seconds();

	for (size_t i = 0; i < MANY; i++) {
		rows[i] = row_to(&hops[i], arena_print(arena, "host%zu", i));
		cr_assert_eq(route_list_find(&list, &rows[i], me), ROUTE_NONE);
		(void)add(&list, &rows[i], me, arena);
	}
	for (size_t i = 0; i < MANY; i++)
		cr_assert_eq(route_list_find(&list, &rows[i], me), i);
	cr_expect_lt(seconds() - start, 1.0);
	arena_close(arena);
}
