/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "net/service.h"

/* An answer with one question for "d." and the SRV rows that are put behind it. */
static struct buffer
answer_open(unsigned char rows)
{
	struct buffer answer = buffer_open(0);
	const char head[] = { 0, 1, (char)0x81, (char)0x80, 0, 1, 0, (char)rows, 0, 0, 0, 0, 1, 'd',
		0, 0, 33, 0, 1 };

	(void)buffer_append(&answer, text_make(head, sizeof head));
	return answer;
}

/* The target as labels: "mail.example" becomes 4mail7example0. */
static size_t
labels(const char *name, char *to)
{
	size_t used = 0;

	while (*name != '\0') {
		size_t length = strcspn(name, ".");

		to[used++] = (char)length;
		memcpy(to + used, name, length);
		used += length;
		name += length + (name[length] == '.');
	}
	to[used++] = 0;
	return used;
}

static void
put(struct buffer *answer, unsigned priority, unsigned weight, unsigned port, const char *target)
{
	char name[300];
	size_t length = labels(target, name);
	const char row[] = { (char)0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, (char)(length + 6),
		(char)(priority >> 8), (char)priority, (char)(weight >> 8), (char)weight,
		(char)(port >> 8), (char)port };

	(void)buffer_append(answer, text_make(row, sizeof row));
	(void)buffer_append(answer, text_make(name, length));
}

static bool
take(const struct buffer *answer, size_t length, struct service *service)
{
	*service = (struct service){ .count = 0 };
	return service_read((const unsigned char *)answer->bytes, length, true, service);
}

Test(service, is_read_from_an_answer)
{
	struct buffer answer = answer_open(2);
	struct service service;

	put(&answer, 10, 5, 465, "mail.example");
	put(&answer, 20, 0, 8465, "backup.mail.example");
	cr_assert(take(&answer, answer.length, &service));
	cr_assert_eq(service.count, 2);
	cr_expect_str_eq(service.items[0].host, "mail.example");
	cr_expect_eq(service.items[0].port, 465);
	cr_expect_eq(service.items[0].priority, 10);
	cr_expect_eq(service.items[0].weight, 5);
	cr_expect(service.items[0].implicit_tls);
	cr_expect_str_eq(service.items[1].host, "backup.mail.example");
	cr_expect_eq(service.items[1].port, 8465);
	buffer_close(&answer);
}

/* F286 */
Test(service, passes_over_what_nobody_can_connect_to)
{
	static const char *const names[] = { "with blank.example", "new\nline.example",
		"esc\033.example", "-x.example", "x.-y.example" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct buffer answer = answer_open(2);
		struct service service;

		put(&answer, 1, 1, 465, names[i]);
		put(&answer, 1, 1, 0, "port.example");
		cr_expect(take(&answer, answer.length, &service));
		cr_expect_eq(service.count, 0, "row %zu", i);
		buffer_close(&answer);
	}
}

/* F286: target "." */
Test(service, knows_a_domain_that_wants_no_mail)
{
	struct buffer answer = answer_open(1);
	struct service service;

	put(&answer, 0, 0, 0, "");
	cr_assert(take(&answer, answer.length, &service));
	cr_expect_eq(service.count, 0);
	cr_expect(service.refused);
	buffer_close(&answer);
}

/* F286: many records */
Test(service, takes_no_more_than_it_holds)
{
	struct buffer answer = answer_open(200);
	struct service service;

	for (unsigned i = 0; i < 200; i++)
		put(&answer, i, 1, 465, "mail.example");
	cr_assert(take(&answer, answer.length, &service));
	cr_expect_eq(service.count, SERVICE_MAX);
	buffer_close(&answer);
}

/* Every shorter answer, and every byte of it another. */
Test(service, survives_any_answer)
{
	struct buffer answer = answer_open(2);
	struct service service;

	put(&answer, 10, 5, 465, "mail.example");
	put(&answer, 20, 0, 465, "backup.mail.example");
	for (size_t length = 0; length < answer.length; length++) {
		char *exact = malloc(length + 1);

		cr_assert_not_null(exact);
		memcpy(exact, answer.bytes, length);
		service = (struct service){ .count = 0 };
		(void)service_read((const unsigned char *)exact, length, true, &service);
		cr_expect_lt(service.count, 2, "%zu bytes", length);
		free(exact);
	}
	for (size_t at = 0; at < answer.length; at++) {
		char kept = answer.bytes[at];

		for (unsigned byte = 0; byte < 256; byte++) {
			answer.bytes[at] = (char)byte;
			(void)take(&answer, answer.length, &service);
			for (size_t i = 0; i < service.count; i++)
				cr_assert_gt(strlen(service.items[i].host), 0);
		}
		answer.bytes[at] = kept;
	}
	buffer_close(&answer);
}

/* RFC 2782: the lowest priority first. */
/* F286 */
Test(service, is_ordered_by_priority)
{
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct service service = { .count = 4 };

		service.items[0].priority = 0; /* stands before what is ordered */
		service.items[1].priority = 30;
		service.items[2].priority = 10;
		service.items[3].priority = 20;
		service_order(&service, 1, seed);
		cr_assert_eq(service.items[0].priority, 0);
		cr_assert_eq(service.items[1].priority, 10);
		cr_assert_eq(service.items[2].priority, 20);
		cr_assert_eq(service.items[3].priority, 30);
	}
}

/* RFC 2782: three times the weight is chosen three times as often. */
/* F286 */
Test(service, is_shared_by_weight)
{
	unsigned heavy = 0;
	unsigned none = 0;

	for (uint64_t seed = 0; seed < 4000; seed++) {
		struct service service = { .count = 3 };

		service.items[0].weight = 100;
		service.items[1].weight = 300;
		service.items[2].weight = 0;
		service_order(&service, 0, seed * 0x9e3779b97f4a7c15U);
		heavy += service.items[0].weight == 300;
		none += service.items[0].weight == 0;
	}
	cr_expect(heavy > 2800 && heavy < 3200, "%u", heavy);
	cr_expect(none < 100, "%u", none);
}

Test(service, is_none_of_what_is_no_domain)
{
	static const char *const names[] = { "", "192.0.2.1", "[::1]", "two words" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct service service;
		struct failure why;

		cr_expect_not(service_find(names[i], deadline_after(1000), &service, &why));
		cr_expect_eq(why.code, EX_CONFIG, "'%s': %s", names[i], why.what);
	}
}
