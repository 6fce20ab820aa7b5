/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "flow/check_certificate.h"

#define NOW INT64_C(1795348800) /* 2026-11-22 12:00 UTC */
#define DAY ((int64_t)86400)

static struct terms
terms_with(int64_t begins, int64_t ends)
{
	struct terms terms = { .version = "TLS1.3", .cipher = "AES-256-GCM", .count = 1 };

	terms.cards[0] = (struct card){ .subject = "CN=a",
		.issuer = "CN=b",
		.names = "'a'",
		.key = "RSA 2048 bits",
		.signature = "RSA-SHA256",
		.fingerprint = "00ff",
		.begins = begins,
		.ends = ends };
	return terms;
}

static const struct check_finding *
find(const struct check_list *list, const char *area)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].area, area) == 0)
			return &list->items[i];
	cr_assert_fail("no finding '%s'", area);
	return NULL;
}

Test(check_certificate, counts_the_days_that_are_left)
{
	static const struct {
		const char *label;
		int64_t begins;
		int64_t ends;
		enum check_result result;
		const char *what;
	} rows[] = {
		{ "long", -DAY, 100 * DAY, CHECK_OK, "until 2027-03-02, 100 days left" },
		{ "just enough", -DAY, 21 * DAY, CHECK_OK, "until 2026-12-13, 21 days left" },
		{ "too few", -DAY, 21 * DAY - 1, CHECK_WARNING,
		    "until 2026-12-13, only 20 days left" },
		{ "tomorrow", -DAY, DAY, CHECK_WARNING, "until 2026-11-23, only 1 day left" },
		{ "today", -DAY, 1, CHECK_WARNING, "until 2026-11-22, only 0 days left" },
		{ "over", -DAY, -1, CHECK_WARNING, "expired on 2026-11-22" },
		{ "to come", DAY, 100 * DAY, CHECK_WARNING,
		    "not before 2026-11-23, until 2027-03-02" },
		{ "no date at all", -1, INT64_MAX - NOW, CHECK_OK, NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct terms terms = terms_with(NOW + rows[i].begins, NOW + rows[i].ends);
		struct arena *arena = arena_open();
		struct check_list list = check_list_open(arena);
		const struct check_finding *finding;

		check_certificate_find(&list, &terms, NOW);
		finding = find(&list, "valid");
		cr_expect_eq(finding->result, rows[i].result, "%s", rows[i].label);
		if (rows[i].what != NULL)
			cr_expect_str_eq(
			    finding->what, rows[i].what, "%s: %s", rows[i].label, finding->what);
		cr_expect_eq(
		    finding->result == CHECK_OK, finding->hint[0] == '\0', "%s", rows[i].label);
		arena_close(arena);
	}
}

Test(check_certificate, tells_all_that_stands_on_it)
{
	const struct terms terms = terms_with(NOW - DAY, NOW + 100 * DAY);
	struct arena *arena = arena_open();
	struct check_list list = check_list_open(arena);

	check_certificate_find(&list, &terms, NOW);
	cr_expect_str_eq(find(&list, "tls")->what, "TLS1.3, AES-256-GCM");
	cr_expect_str_eq(find(&list, "certificate")->what, "of 'CN=a', signed by 'CN=b'");
	cr_expect_str_eq(find(&list, "names")->what, "'a'");
	cr_expect_str_eq(find(&list, "key")->what, "RSA 2048 bits, signed with RSA-SHA256");
	cr_expect_str_eq(find(&list, "fingerprint")->what, "SHA-256 00ff");
	arena_close(arena);
}

Test(check_certificate, looks_at_the_rest_of_the_chain)
{
	struct terms terms = terms_with(NOW - DAY, NOW + 100 * DAY);
	struct arena *arena = arena_open();
	struct check_list list = check_list_open(arena);

	terms.count = 2;
	terms.cards[1] = terms.cards[0];
	(void)strcpy(terms.cards[1].subject, "CN=b");
	terms.cards[1].ends = NOW + 2 * DAY;
	check_certificate_find(&list, &terms, NOW);
	cr_expect_str_eq(find(&list, "chain")->what, "2: 'CN=b', signed by 'CN=b'");
	cr_expect_str_eq(
	    list.items[list.count - 1].what, "'CN=b' until 2026-11-24, only 2 days left");
	cr_expect_eq(list.items[list.count - 1].result, CHECK_WARNING);
	arena_close(arena);
}

Test(check_certificate, warns_of_one_without_names)
{
	struct terms terms = terms_with(NOW - DAY, NOW + 100 * DAY);
	struct arena *arena = arena_open();
	struct check_list list = check_list_open(arena);

	terms.cards[0].names[0] = '\0';
	check_certificate_find(&list, &terms, NOW);
	cr_expect_eq(find(&list, "names")->result, CHECK_WARNING);
	arena_close(arena);
}
