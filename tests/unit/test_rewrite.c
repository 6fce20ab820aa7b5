/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "mail/rewrite.h"

static struct arena *arena;

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

TestSuite(rewrite, .init = open_arena, .fini = close_arena);

static struct address
make(const char *local, const char *domain)
{
	return (struct address){ .local = text_of(local), .domain = text_of(domain) };
}

static struct address
keep(void *data, struct address address, struct arena *unused)
{
	(void)data;
	(void)unused;
	return address;
}

/* root and root@D are me@isp outside, null@D nobody, odd needs quotes, broken cannot
 * be written; other bare names get @D. */
static struct address
map(void *data, struct address address, struct arena *unused)
{
	(void)data;
	(void)unused;
	if (address.domain.length == 0)
		address.domain = text_of("D");
	if (!text_is(address.domain, "D"))
		return address;
	if (text_is(address.local, "root"))
		return make("me", "isp");
	if (text_is(address.local, "null"))
		return make("", "");
	if (text_is(address.local, "odd"))
		return make("o d", "isp");
	if (text_is(address.local, "broken"))
		return make("x", "i sp");
	return address;
}

static const struct rewrite_map nothing = { .map = keep };
static const struct rewrite_map seed = { .map = map };

static const char *
rewritten(const char *value)
{
	bool changed;
	struct text text = rewrite_value(text_of(value), &seed, arena, &changed);

	cr_expect_eq(changed, !text_is(text, value), "%s: changed is wrong", value);
	return text_string(text, arena);
}

Test(rewrite, replaces_addresses_and_nothing_else)
{
	static const struct {
		const char *value;
		const char *expected;
	} rows[] = {
		{ " root", " me@isp" },
		{ " root@D", " me@isp" },
		{ " root (Cron)", " me@isp (Cron)" },
		{ " (a) root (b)", " (a) me@isp (b)" },
		{ " Root <root>", " Root <me@isp>" },
		{ " \"Root, Charlie\" <root@D>, x@y", " \"Root, Charlie\" <me@isp>, x@y" },
		{ " Charlie  R. Root <root>", " Charlie  R. Root <me@isp>" },
		{ " =?utf-8?q?R=C3=B6,t?= <root>", " =?utf-8?q?R=C3=B6,t?= <me@isp>" },
		{ " root@D <x@y>", " root@D <x@y>" },
		{ " x@y,\r\n\troot,\r\n z@y", " x@y,\r\n\tme@isp,\r\n z@y" },
		{ " alice", " alice@D" },
		{ " root@other", " root@other" },
		{ " Team: root, x@y;", " Team: me@isp, x@y;" },
		{ " undisclosed-recipients:;", " undisclosed-recipients:;" },
		{ " mailto:root@D", " mailto:root@D" },
		{ " mailto:root", " \"mailto:root\"@D" },
		{ " <@a,@b:root@D>", " <me@isp>" },
		{ " root @ D", " me@isp" },
		{ " root@D.", " me@isp" },
		{ " \"root\"@D", " me@isp" },
		{ " odd", " \"o d\"@isp" },
		{ " <odd>", " <\"o d\"@isp>" },
		{ " \"a b\"", " \"a b\"@D" },
		{ " null", " \"\"" },
		{ " N <null>", " N <>" },
		{ " broken, root", " broken, me@isp" },
		{ " <>", " <>" },
		{ " \"\"", " \"\"" },
		{ "", "" },
		{ " (only a comment)", " (only a comment)" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_str_eq(rewritten(rows[i].value), rows[i].expected, "'%s' gives '%s'",
		    rows[i].value, rewritten(rows[i].value));
}

Test(rewrite, puts_commas_between_bare_words)
{
	static const struct {
		const char *value;
		const char *expected;
	} rows[] = {
		{ " root alice", " me@isp, alice@D" },
		{ " root\r\n alice", " me@isp,\r\n alice@D" },
		{ " a@b root c@d", " a@b, me@isp, c@d" },
		{ " root (x) alice", " me@isp (x), alice@D" },
		{ " R <root> A <a@b>", " R <me@isp>, A <a@b>" },
		{ " <a@b> root", " <a@b>, me@isp" },
		{ " a@b c@d", " a@b c@d" },
		{ " Team: root a@b; root", " Team: me@isp, a@b; me@isp" },
		{ " root;alice", " me@isp;alice@D" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_str_eq(rewritten(rows[i].value), rows[i].expected, "'%s' gives '%s'",
		    rows[i].value, rewritten(rows[i].value));
}

/* F171 */
Test(rewrite, leaves_a_value_that_cannot_be_read)
{
	static const char *const values[] = { " root, \"x", " root (x", " <<root>>", " root>",
		" root, bob@", " root, a@[1" };

	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		cr_expect_str_eq(rewritten(values[i]), values[i]);
}

/* A quick generator with a fixed start, so that a failure can be repeated. */
static unsigned
next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(*state >> 33);
}

Test(rewrite, returns_any_bytes_as_they_are_when_nothing_changes)
{
	static const char alphabet[] = "ab.@,;:<>()[]\"\\ \t\r\n!%=?\x80\xc3";
	uint64_t state = 20240602;

	for (int round = 0; round < 20000; round++) {
		char bytes[60];
		size_t length = next_random(&state) % sizeof bytes;
		struct text value = text_make(bytes, length);
		bool changed = true;

		for (size_t i = 0; i < length; i++)
			bytes[i] = alphabet[next_random(&state) % sizeof alphabet];
		cr_assert(text_equal(rewrite_value(value, &nothing, arena, &changed), value),
		    "round %d", round);
		cr_assert_not(changed, "round %d", round);
	}
}

static struct address
stay_or_complete(void *data, struct address address, struct arena *unused)
{
	(void)data;
	(void)unused;
	if (address.domain.length == 0)
		address.domain = text_of("D");
	return address;
}

static void
check_once(struct text value, int round)
{
	static const struct rewrite_map completing = { .map = stay_or_complete };
	bool changed;
	struct text once = rewrite_value(value, &completing, arena, &changed);
	struct text twice = rewrite_value(once, &completing, arena, &changed);

	cr_assert(text_equal(once, twice), "round %d: '%.*s' gives '%.*s' gives '%.*s'", round,
	    (int)value.length, value.bytes, (int)once.length, once.bytes, (int)twice.length,
	    twice.bytes);
}

/* What it writes it reads back as the same addresses. */
Test(rewrite, changes_nothing_the_second_time)
{
	static const char alphabet[] = "ab.@,;:<>()\"\\ \t!%";
	uint64_t state = 20240603;

	for (int round = 0; round < 20000; round++) {
		char bytes[24];
		size_t length = next_random(&state) % sizeof bytes;

		for (size_t i = 0; i < length; i++)
			bytes[i] = alphabet[next_random(&state) % (sizeof alphabet - 1)];
		check_once(text_make(bytes, length), round);
	}
}

/* Every beginning of a list, as a value that was cut short would be. */
Test(rewrite, stands_a_value_cut_at_any_byte)
{
	static const char whole[] = " \"R, \\\"t\" <root@D> (a(b)), G: x@[1.2.3.4],\r\n\troot y; "
				    "<@a,@b:u@d>, \"q r\"@s .";

	for (size_t length = 0; length < sizeof whole; length++) {
		char *exact = arena_copy(arena, whole, length);
		bool changed;
		struct text value = text_make(exact, length);

		cr_expect(text_equal(rewrite_value(value, &nothing, arena, &changed), value),
		    "%zu bytes", length);
		(void)rewrite_value(value, &seed, arena, &changed);
	}
}

/* F170 */
Test(rewrite, rewrites_a_hundred_thousand_addresses)
{
	struct buffer value = buffer_open(0);
	struct buffer expected = buffer_open(0);
	bool changed;

	for (int i = 0; i < 100000; i++) {
		(void)buffer_print(&value, "%suser%d", i == 0 ? "" : " ", i);
		(void)buffer_print(&expected, "%suser%d@D", i == 0 ? "" : ", ", i);
	}
	cr_expect(text_equal(
	    rewrite_value(buffer_text(&value), &seed, arena, &changed), buffer_text(&expected)));
	cr_expect(changed);
	buffer_close(&value);
	buffer_close(&expected);
}

static const char block[] = "From: root\r\n"
			    "Return-Path: <root>\r\n"
			    "Subject: root\r\n"
			    "TO : Root <root>,\r\n\tx@y\r\n"
			    "bCc : secret,\r\n root\r\n"
			    "X-To: root\r\n"
			    "Message-ID: <root@D>\r\n"
			    "resent-BCC:secret\r\n"
			    "Content-Length: 12\r\n"
			    "Disposition-Notification-To:root\r\n";

static bool
drop_subject(const struct header_field *field, void *data)
{
	*(int *)data += 1;
	return header_is(field, "Subject");
}

static const char *
edited(const struct rewrite_map *with, bool keep_bcc)
{
	struct header header = header_read(text_of(block), arena);

	return text_string(rewrite_header(&header, with, NULL, NULL, keep_bcc, arena), arena);
}

/* F172, F173 */
Test(rewrite, edits_a_header)
{
	cr_expect_str_eq(edited(&seed, false),
	    "From: me@isp\r\n"
	    "Subject: root\r\n"
	    "TO : Root <me@isp>,\r\n\tx@y\r\n"
	    "X-To: root\r\n"
	    "Message-ID: <root@D>\r\n"
	    "Disposition-Notification-To:me@isp\r\n");
}

Test(rewrite, keeps_every_other_byte_of_a_header)
{
	cr_expect_str_eq(edited(&nothing, false),
	    "From: root\r\n"
	    "Subject: root\r\n"
	    "TO : Root <root>,\r\n\tx@y\r\n"
	    "X-To: root\r\n"
	    "Message-ID: <root@D>\r\n"
	    "Disposition-Notification-To:root\r\n");
}

Test(rewrite, keeps_Bcc_only_when_told)
{
	const char *kept = edited(&seed, true);

	cr_expect_not_null(strstr(kept, "bCc : secret@D,\r\n me@isp\r\n"), "%s", kept);
	cr_expect_not_null(strstr(kept, "resent-BCC:secret@D\r\n"), "%s", kept);
	cr_expect_null(strstr(kept, "Return-Path"), "%s", kept);
}

Test(rewrite, drops_what_the_caller_names)
{
	struct header header = header_read(
	    text_of("Subject: a\r\nsubject : b\r\nTo: c@d\r\n"), arena);
	int asked = 0;
	struct text text = rewrite_header(&header, &seed, drop_subject, &asked, false, arena);

	cr_expect(text_is(text, "To: c@d\r\n"));
	cr_expect_eq(asked, 3);
}

Test(rewrite, tells_the_fields_of_addresses)
{
	static const struct {
		const char *line;
		bool applies;
		bool drops;
	} rows[] = {
		{ "from:", true, false },
		{ "SENDER:", true, false },
		{ "Reply-To:", true, false },
		{ "To:", true, false },
		{ "Cc:", true, false },
		{ "Apparently-To:", true, false },
		{ "Errors-To:", true, false },
		{ "Return-Receipt-To:", true, false },
		{ "Disposition-Notification-To:", true, false },
		{ "Mail-Followup-To:", true, false },
		{ "Resent-From:", true, false },
		{ "Resent-Sender:", true, false },
		{ "Resent-Reply-To:", true, false },
		{ "Resent-To:", true, false },
		{ "Resent-Cc:", true, false },
		{ "Bcc:", true, true },
		{ "Resent-Bcc :", true, true },
		{ "Return-Path:", false, true },
		{ "content-length:", false, true },
		{ "Subject:", false, false },
		{ "Message-ID:", false, false },
		{ "Delivered-To:", false, false },
		{ "List-Post:", false, false },
		{ "X-From:", false, false },
		{ "Received:", false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct header header = header_read(text_of(rows[i].line), arena);

		cr_assert_eq(header.count, 1);
		cr_expect_eq(
		    rewrite_applies(&header.fields[0]), rows[i].applies, "%s", rows[i].line);
		cr_expect_eq(rewrite_drops(&header.fields[0]), rows[i].drops, "%s", rows[i].line);
	}
}

Test(rewrite, collects_each_address_of_a_header_once)
{
	struct header header = header_read(
	    text_of("From: root\r\nX-To: a\r\nTo: b@c, <>, root\r\n"
		    "Cc: \"broken\r\nReply-To: Root <Root>, b@c\r\n"),
	    arena);
	struct address *addresses;
	size_t count;

	rewrite_collect(&header, arena, &addresses, &count);
	cr_assert_eq(count, 3);
	cr_expect(text_is(addresses[0].local, "root"));
	cr_expect(text_is(addresses[1].local, "b"));
	cr_expect(text_is(addresses[1].domain, "c"));
	/* Rows with '@' before the domain keep the letter case. */
	cr_expect(text_is(addresses[2].local, "Root"));
}

Test(rewrite, collects_none_from_no_header)
{
	struct header header = { 0 };
	struct address *addresses;
	size_t count = 7;

	rewrite_collect(&header, arena, &addresses, &count);
	cr_expect_eq(count, 0);
}
