/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "flow/record.h"
#include "tests/support/house.h"

/* Writes the record of a run that ended well or not; returns the log's bytes. */
static const char *
recorded(struct house *house, const char *relayrc, bool delivered)
{
	struct report report = { 0 };
	struct buffer warnings = buffer_open(0);
	struct text bytes;
	struct failure why;

	(void)house_relayrc(house, relayrc);
	cr_assert(house_plan(house), "%s", house->why.what);
	(void)report_add(&report, text_of("a@b.example"), house->arena);
	if (delivered) {
		report.verdicts[0].state = VERDICT_DELIVERED;
	} else {
		fail(&why, EX_UNAVAILABLE, "recipient refused");
		failure_reply(&why, 550, "5.1.1", text_of("5.1.1 no\nsuch user"));
		report_fail(&report, 0, &why);
	}
	record_write(&house->plan, &house->message, &report, house->arena, &warnings);
	cr_assert_eq(warnings.length, 0);
	buffer_close(&warnings);
	cr_assert(file_read(arena_print(house->arena, "%s/log", house->directory), 10000,
		      house->arena, &bytes, NULL, &why),
	    "%s", why.what);
	return bytes.bytes;
}

Test(record, has_the_keys_of_a_delivery)
{
	struct house *house = house_open();
	const char *line = recorded(house, "host h.example\nlogfile %s/log\n", true);

	cr_assert_not_null(strstr(line,
			       " host=h.example tls=on auth=off from=root@client.example "
			       "recipients=a@b.example mailsize="),
	    "%s", line);
	cr_assert_not_null(strstr(line, " msgid=<"), "%s", line);
	cr_assert_not_null(strstr(line, " exitcode=EX_OK\n"), "%s", line);
	house_close(house);
}

/* F152 */
Test(record, holds_the_servers_words_on_one_line)
{
	struct house *house = house_open();
	const char *line = recorded(house, "host h.example\nlogfile %s/log\n", false);

	cr_assert_not_null(strstr(line,
			       "smtpstatus=550 smtpmsg='5.1.1 no?such user' "
			       "errormsg='recipient refused' exitcode="),
	    "%s", line);
	cr_assert_eq(strchr(line, '\n'), line + strlen(line) - 1);
	house_close(house);
}

Test(record, is_an_object_when_json_is_asked_for)
{
	struct house *house = house_open();
	const char *line = recorded(
	    house, "host h.example\nlogfile %s/log\nlog_format json\n", true);

	cr_assert_eq(line[0], '{');
	cr_assert_not_null(strstr(line, "\"exitcode\":\"EX_OK\"}\n"), "%s", line);
	house_close(house);
}

Test(record, warns_only_when_the_log_cannot_be_written)
{
	struct house *house = house_open();
	struct buffer warnings = buffer_open(0);
	struct report report = { 0 };

	(void)house_relayrc(house, "host h.example\nlogfile %s/nowhere/log\n");
	cr_assert(house_plan(house));
	record_write(&house->plan, &house->message, &report, house->arena, &warnings);
	(void)buffer_byte(&warnings, '\0');
	cr_assert_not_null(
	    strstr(warnings.bytes, "/nowhere/log: cannot open the log file"), "%s", warnings.bytes);
	buffer_close(&warnings);
	house_close(house);
}

Test(record, lets_no_value_look_like_another_key)
{
	struct house *house = house_open();
	struct failure why;
	struct text bytes;

	(void)house_relayrc(house, "host h.example\nlogfile %s/log\n");
	cr_assert(house_plan(house), "%s", house->why.what);
	fail(&why, EX_TEMPFAIL, "it' exitcode=EX_OK");
	record_failure(&house->plan, &house->message, &why, house->arena);
	cr_assert(file_read(arena_print(house->arena, "%s/log", house->directory), 10000,
	    house->arena, &bytes, NULL, &why));
	cr_assert_not_null(
	    strstr(bytes.bytes, "errormsg='it_ exitcode=EX_OK' exitcode=EX_TEMPFAIL\n"), "%s",
	    bytes.bytes);
	house_close(house);
}
