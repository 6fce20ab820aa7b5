/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "mail/completion.h"
#include "mail/envelope.h"
#include "mail/header.h"

static struct arena *arena;
static const struct text local_domains[] = { { "D", 1 } };
static const struct completion completion = {
	.domain = { "D", 1 },
	.local_domains = local_domains,
	.local_count = 1,
};

static void
open_arena(void)
{
	arena = arena_open();
}

static void
close_arena(void)
{
	arena_close(arena);
}

TestSuite(envelope, .init = open_arena, .fini = close_arena);

/* All recipients, a blank between them. */
static const char *
show(const struct envelope_recipients *recipients)
{
	struct buffer line = buffer_open(0);
	const char *shown;

	for (size_t i = 0; i < recipients->count; i++) {
		(void)buffer_add(&line, i == 0 ? "" : " ");
		(void)buffer_append(&line, address_format(recipients->items[i].address, arena));
	}
	shown = text_string(buffer_text(&line), arena);
	buffer_close(&line);
	return shown;
}

static const char *
add_argument(struct envelope_recipients *recipients, const char *list, size_t limit)
{
	struct failure why = { 0 };

	if (!envelope_add_list(
		recipients, text_of(list), limit, "argument 1", &completion, arena, &why))
		return arena_print(arena, "!%d %s: %s", why.code, why.where, why.what);
	return show(recipients);
}

static const char *
add_block(const char *block)
{
	struct envelope_recipients recipients = { 0 };
	struct header header = header_read(text_of(block), arena);
	struct failure why = { 0 };

	if (!envelope_add_header(&recipients, &header, 0, &completion, arena, &why))
		return arena_print(arena, "!%d %s: %s", why.code, why.where, why.what);
	return show(&recipients);
}

Test(envelope, adds_an_address_once)
{
	struct envelope_recipients recipients = { 0 };
	struct envelope_recipient one = { .address = { text_of("Root"), text_of("D") } };
	struct envelope_recipient same = { .address = { text_of("root"), text_of("d") } };
	struct envelope_recipient other = { .address = { text_of("roo"), text_of("td") } };

	cr_expect(envelope_add(&recipients, one, arena));
	cr_expect_not(envelope_add(&recipients, same, arena));
	cr_expect(envelope_add(&recipients, other, arena));
	cr_expect_str_eq(show(&recipients), "Root@D roo@td");
}

Test(envelope, keeps_what_came_with_the_address)
{
	struct envelope_recipients recipients = { 0 };
	struct envelope_recipient one = {
		.address = { text_of("a"), text_of("b") },
		.original = { text_of("root"), text_of("D") },
		.trail = "root: aliases:3",
	};

	(void)envelope_add(&recipients, one, arena);
	cr_expect(text_is(recipients.items[0].original.local, "root"));
	cr_expect_str_eq(recipients.items[0].trail, "root: aliases:3");
}

/* F170 */
Test(envelope, adds_a_hundred_thousand_twice)
{
	struct envelope_recipients recipients = { 0 };

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 100000; i++) {
			struct envelope_recipient one = {
				.address = { text_of(arena_print(arena, "user%d", i)),
				    text_of("example.org") }
			};

			cr_assert_eq(
			    envelope_add(&recipients, one, arena), round == 0, "user%d", i);
		}
	cr_expect_eq(recipients.count, 100000);
}

Test(envelope, takes_an_argument_as_a_list)
{
	static const struct {
		const char *list;
		const char *expected;
	} rows[] = {
		{ "root", "root@D" },
		{ "a@b, \"C\" <c@d>", "a@b c@d" },
		{ "a@b,c@d", "a@b c@d" },
		{ "root, Root, root@d", "root@D" },
		{ "bob%dom.test@D", "bob@dom.test" },
		{ "host!bob", "bob@host" },
		{ "a@b (x)", "a@b" },
		{ "Team: a, b;", "a@D b@D" },
		{ "\"a b\"@c", "\"a b\"@c" },
		{ "", "" },
		{ "none:;", "" },
		{ "/C=x/S=y@gateway", "/C=x/S=y@gateway" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct envelope_recipients recipients = { 0 };

		cr_expect_str_eq(add_argument(&recipients, rows[i].list, 0), rows[i].expected, "%s",
		    rows[i].list);
	}
}

Test(envelope, names_the_completed_address_as_the_original)
{
	struct envelope_recipients recipients = { 0 };

	(void)add_argument(&recipients, "root", 0);
	cr_assert_eq(recipients.count, 1);
	cr_expect(text_is(address_format(recipients.items[0].original, arena), "root@D"));
	cr_expect_null(recipients.items[0].trail);
}

/* F176, F177, F178, F181 */
Test(envelope, refuses_what_no_mail_can_go_to)
{
	static const struct {
		const char *list;
		const char *expected;
	} rows[] = {
		{ "<>", "!64 argument 1: '<>' cannot receive mail" },
		{ "\"\"", "!64 argument 1: '<>' cannot receive mail" },
		{ "a@b>\r\nRCPT TO:<x@y",
		    "!64 argument 1: a '>' without its '<' in the address list"
		    " 'a@b>??RCPT TO:<x@y'" },
		{ "a@b\r\nc@d", "!64 argument 1: a line break in the address list 'a@b??c@d'" },
		{ "a@b> NOTIFY=NEVER",
		    "!64 argument 1: a '>' without its '<' in the address list"
		    " 'a@b> NOTIFY=NEVER'" },
		{ "<a@b NOTIFY=NEVER>",
		    "!64 argument 1: the address 'a@b NOTIFY=NEVER' has a domain"
		    " that is no name" },
		{ "a\xe2\x80\xa8"
		  "b@c",
		    "!64 argument 1: the address 'a???b@c' holds a control"
		    " character" },
		{ "a\xc0\x8a@b", "!64 argument 1: the address 'a??@b' is not valid UTF-8" },
		{ "bob@",
		    "!64 argument 1: an address without a domain in the address list 'bob@'" },
		{ "@dom", "!64 argument 1: the address '@dom' has an empty local part" },
		{ "|cmd", "!64 argument 1: '|cmd' is not an address" },
		{ "\"|cmd arg\"", "!64 argument 1: '\"|cmd arg\"' is not an address" },
		{ "|cmd@D", "!64 argument 1: '|cmd@D' is not an address" },
		{ "|cmd%D", "!64 argument 1: '|cmd%D' is not an address" },
		{ "/etc/passwd", "!64 argument 1: '/etc/passwd' is not an address" },
		{ ":include:/etc/x", "!64 argument 1: '\":include:/etc/x\"' is not an address" },
		{ "good@x, :Include:/etc/x",
		    "!64 argument 1: '\":Include:/etc/x\"' is not an address" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct envelope_recipients recipients = { 0 };

		cr_expect_str_eq(add_argument(&recipients, rows[i].list, 0), rows[i].expected, "%s",
		    rows[i].list);
	}
}

Test(envelope, advises_who_names_a_command)
{
	struct envelope_recipients recipients = { 0 };
	struct failure why = { 0 };

	cr_expect_not(envelope_add_list(
	    &recipients, text_of("|cmd"), 0, "argument 2", &completion, arena, &why));
	cr_expect_str_eq(why.hint, "commands, files and lists cannot be recipients");
	cr_expect_str_eq(why.where, "argument 2");
}

Test(envelope, counts_distinct_recipients_against_the_limit)
{
	struct envelope_recipients recipients = { 0 };

	cr_expect_str_eq(add_argument(&recipients, "a, b, A, b", 2), "a@D b@D");
	cr_expect_str_eq(
	    add_argument(&recipients, "c", 2), "!64 argument 1: more than 2 recipients");
}

/* F172, F173 */
Test(envelope, takes_recipients_from_the_header)
{
	static const struct {
		const char *label;
		const char *block;
		const char *expected;
	} rows[] = {
		{ "To, Cc, Bcc", "To: a\r\nCc: b\r\nBcc: c\r\n", "a@D b@D c@D" },
		{ "two To", "To: a\r\nSubject: x\r\nTo: b\r\n", "a@D b@D" },
		{ "case and blanks", "tO: a\r\nBcc : b\r\nbCC:c\r\n", "a@D b@D c@D" },
		{ "folded", "Bcc: a,\r\n b,\r\n\tc\r\n", "a@D b@D c@D" },
		{ "none", "Subject: x\r\n", "" },
		{ "not From nor Apparently-To", "From: a\r\nApparently-To: b\r\nReply-To: c\r\n",
		    "" },
		{ "empty group", "To: undisclosed-recipients:;\r\nBcc: a\r\n", "a@D" },
		{ "empty field", "To:\r\nCc: a\r\n", "a@D" },
		{ "Resent only", "To: a\r\nResent-To: b\r\nCc: c\r\nResent-Bcc: d\r\n", "b@D d@D" },
		{ "Resent-Cc alone", "To: a\r\nresent-cc: b\r\n", "b@D" },
		{ "Resent-From does not count", "Resent-From: x\r\nTo: a\r\n", "a@D" },
		{ "nobody", "To: <>, a@b\r\nCc: <>\r\n", "a@b" },
		{ "duplicates", "To: a, A\r\nCc: a@D\r\n", "a@D" },
		{ "names and comments", "To: A <a@b>, c@d (C), \"E, F\" <e@f>\r\n", "a@b c@d e@f" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_str_eq(add_block(rows[i].block), rows[i].expected, "%s gives %s",
		    rows[i].label, add_block(rows[i].block));
}

/* F171, F181 */
Test(envelope, refuses_a_header_it_cannot_read)
{
	static const struct {
		const char *block;
		const char *expected;
	} rows[] = {
		{ "To: a\r\nCC: \"b\r\n",
		    "!65 the CC field: a quote that is not closed in the address"
		    " list '\"b'" },
		{ "To: <<>>\r\n",
		    "!65 the To field: a '<' inside another in the address list '<<>>'" },
		{ "Bcc : |cmd\r\n", "!65 the Bcc field: '|cmd' is not an address" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_str_eq(add_block(rows[i].block), rows[i].expected, "%s", rows[i].block);
}

Test(envelope, counts_the_header_against_the_limit)
{
	struct envelope_recipients recipients = { 0 };
	struct header header = header_read(text_of("To: a, b\r\nCc: c\r\n"), arena);
	struct failure why = { 0 };

	cr_expect_not(envelope_add_header(&recipients, &header, 2, &completion, arena, &why));
	cr_expect_eq(why.code, EX_DATAERR);
	cr_expect_str_eq(why.what, "more than 2 recipients");
	cr_expect_str_eq(why.where, "the Cc field");
}

Test(envelope, keeps_what_was_written_where_it_was_completed)
{
	struct envelope_recipients recipients = { 0 };
	struct failure why = { 0 };

	cr_assert(envelope_add_list(
	    &recipients, text_of("root, a@b, bob%x.test"), 0, "", &completion, arena, &why));
	cr_assert_eq(recipients.count, 3);
	cr_expect_str_eq(recipients.items[0].given, "root");
	cr_expect_null(recipients.items[1].given);
	cr_expect_str_eq(recipients.items[2].given, "bob%x.test");
}

Test(envelope, finds_a_recipient_in_any_letter_case)
{
	struct envelope_recipients recipients = { 0 };
	const struct address asked = { .local = text_of("A"), .domain = text_of("B") };
	struct failure why = { 0 };

	cr_expect_eq(envelope_find(&recipients, asked), 0, "none is there");
	cr_assert(
	    envelope_add_list(&recipients, text_of("x@y, a@b"), 0, "", &completion, arena, &why));
	cr_expect_eq(envelope_find(&recipients, asked), 1);
	cr_expect_eq(envelope_find(&recipients, (struct address){ .local = text_of("z") }), 2);
}
