/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "flow/heading.h"
#include "tests/support/house.h"

/* The edited header for a relayrc and a header; belongs to the house. */
static const char *
edit(struct house *house, const char *relayrc, const char *arguments, const char *header)
{
	(void)house_relayrc(house, relayrc);
	house_arguments(house, arguments);
	house_message(house, header, "");
	cr_assert(house_plan(house), "%s", house->why.what);
	return text_string(house->message.edited, house->arena);
}

Test(heading, adds_from_date_and_message_id_when_missing)
{
	struct house *house = house_open();
	const char *header = edit(house, "host h\n", "x@y", "Subject: s\n");

	cr_assert_not_null(
	    strstr(header, "From: Charlie Root <root@client.example>\r\n"), "%s", header);
	cr_assert_not_null(strstr(header, "Date: "), "%s", header);
	cr_assert_not_null(strstr(header, "Message-ID: <"), "%s", header);
	cr_assert_not_null(strstr(header, "Subject: s\r\n"), "%s", header);
	house_close(house);
}

Test(heading, keeps_what_is_there)
{
	struct house *house = house_open();
	const char *header = edit(house, "host h\n", "x@y",
	    "Date: then\nMessage-ID: <a@b>\nFrom: A  <a@b>\nX-Odd:\t 1\n");

	cr_assert_str_eq(
	    header, "Date: then\r\nMessage-ID: <a@b>\r\nFrom: A  <a@b>\r\nX-Odd:\t 1\r\n");
	house_close(house);
}

Test(heading, takes_the_name_from_F)
{
	struct house *house = house_open();
	const char *header = edit(house, "host h\n", "-FCronDaemon x@y", "");

	cr_assert_not_null(
	    strstr(header, "From: CronDaemon <root@client.example>\r\n"), "%s", header);
	house_close(house);
}

/* Else the smarthost would see a name that only this machine knows. */
Test(heading, signs_a_notice_with_the_name_that_generic_gives)
{
	struct house *house = house_open();
	const char *generic = house_file(house, "generic", "@client.example me@isp.test\n");
	const char *header = edit(
	    house, arena_print(house->arena, "host h\ngeneric %s\n", generic), "-f <> x@y", "");

	cr_assert_not_null(strstr(header, "From: me@isp.test\r\n"), "%s", header);
	house_close(house);
}

Test(heading, adds_nothing_that_is_switched_off)
{
	struct house *house = house_open();
	const char *header = edit(house,
	    "host h\nset_from_header off\nset_date_header off\nset_msgid_header off\n", "x@y",
	    "Subject: s\n");

	cr_assert_str_eq(header, "Subject: s\r\n");
	house_close(house);
}

Test(heading, replaces_from_when_asked)
{
	struct house *house = house_open();
	const char *header = edit(house, "host h\nfrom me@h\nset_from_header on\n", "x@y",
	    "From: liar@elsewhere\nSubject: s\n");

	cr_assert_null(strstr(header, "liar"), "%s", header);
	cr_assert_not_null(strstr(header, "<me@h>\r\n"), "%s", header);
	house_close(house);
}

Test(heading, removes_blind_copies)
{
	struct house *house = house_open();
	const char *header = edit(house, "host h\n", "-t",
	    "To: a@b\nBcc: secret@c,\n more@c\nbcc : third@c\nResent-Bcc: d@e\n");

	cr_assert_null(strstr(header, "secret"), "%s", header);
	cr_assert_null(strstr(header, "more@c"), "%s", header);
	cr_assert_null(strstr(header, "third"), "%s", header);
	cr_assert_null(strstr(header, "d@e"), "%s", header);
	house_close(house);
}

Test(heading, hides_recipients_when_asked)
{
	struct house *house = house_open();
	const char *header = edit(
	    house, "host h\nundisclosed_recipients on\n", "-t", "To: a@b\nCc: c@d\n");

	cr_assert_null(strstr(header, "a@b"), "%s", header);
	cr_assert_null(strstr(header, "c@d"), "%s", header);
	cr_assert_not_null(strstr(header, "To: undisclosed-recipients:;\r\n"), "%s", header);
	house_close(house);
}

Test(heading, completes_bare_names)
{
	struct house *house = house_open();
	const char *header = edit(house, "host h\n", "x@y", "To: root (the boss), b@c\n");

	cr_assert_not_null(
	    strstr(header, "To: root@client.example (the boss), b@c\r\n"), "%s", header);
	house_close(house);
}

Test(heading, sets_to_as_asked)
{
	static const struct {
		const char *relayrc;
		const char *header;
		bool replaced;
	} rows[] = {
		{ "host h\nset_to_header auto\n", "Subject: s\n", true },
		{ "host h\nset_to_header auto\n", "To: a@b\n", false },
		{ "host h\nset_to_header on\n", "To: a@b\n", true },
		{ "host h\nset_to_header off\n", "Subject: s\n", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		const char *header = edit(house, rows[i].relayrc, "x@y", rows[i].header);

		cr_assert_eq(strstr(header, "To: undisclosed-recipients:;\r\n") != NULL,
		    rows[i].replaced, "%zu: %s", i, header);
		cr_assert(!rows[i].replaced || strstr(header, "a@b") == NULL, "%zu: %s", i, header);
		house_close(house);
	}
}
