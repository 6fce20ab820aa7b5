/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/send.h"
#include "tests/support/house.h"
#include "tests/support/script.h"

#define NOBODY 65534

static bool
dial(void *data, const struct endpoint *endpoint, struct deadline deadline,
    struct channel **channel, struct failure *why)
{
	struct script **script = data;

	(void)endpoint;
	(void)deadline;
	if (script == NULL || *script == NULL)
		return fail(why, EX_TEMPFAIL, "nobody should be dialled");
	*channel = &(*script)->channel;
	return true;
}

struct run {
	struct house *house;
	struct script *script;
	struct buffer output;
	struct buffer complaints;
};

static struct run
run_open(const char *relayrc)
{
	struct run run = {
		.house = house_open(), .output = buffer_open(0), .complaints = buffer_open(0)
	};

	(void)house_relayrc(run.house, relayrc);
	return run;
}

static int
run_send(struct run *run, const char *arguments, const char *input)
{
	const struct dialer dialer = { .open = dial, .data = &run->script };
	const struct deliver_trace quiet = { 0 };
	struct house *house = run->house;
	int ends[2];
	int status;

	house_arguments(
	    house, arena_print(house->arena, "-C %s/relayrc.user %s", house->directory, arguments));
	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(write(ends[1], input, strlen(input)), (ssize_t)strlen(input));
	close(ends[1]);
	status = send_run(&(struct send){ .invocation = &house->invocation,
			      .environment = &house->environment,
			      .dialer = &dialer,
			      .trace = &quiet,
			      .input = ends[0] },
	    house->arena, &run->output, &run->complaints);
	close(ends[0]);
	(void)buffer_byte(&run->output, '\0');
	(void)buffer_byte(&run->complaints, '\0');
	return status;
}

static void
run_close(struct run *run)
{
	if (run->script != NULL)
		script_close(run->script);
	buffer_close(&run->output);
	buffer_close(&run->complaints);
	house_close(run->house);
}

Test(send, delivers_a_message_and_says_nothing)
{
	struct run run = run_open("host h\ntls off\nmaildomain client.example\n");

	run.script = script_open(
	    text_of("LOCAL\nS: 220 hi\nC: EHLO client.example\nS: 250 h\n"
		    "C: MAIL FROM:<root@client.example>\nS: 250 ok\nC: RCPT TO:<x@y>\nS: 250 ok\n"
		    "C: DATA\nS: 354 go\nC: <data>\nS: 250 ok\nC: QUIT\n"),
	    run.house->arena);
	cr_assert_eq(
	    run_send(&run, "x@y", "Subject: s\n\nhello\n"), EX_OK, "%s", run.complaints.bytes);
	cr_assert_str_eq(script_problem(run.script), "");
	cr_assert_str_eq(run.complaints.bytes, "");
	cr_assert_str_eq(run.output.bytes, "");
	run_close(&run);
}

Test(send, lists_every_fault_of_the_configuration)
{
	struct run run = run_open("host h\ntimeot 5\ntls perhaps\n");

	cr_assert_eq(run_send(&run, "x@y", "\n"), EX_CONFIG);
	cr_assert_not_null(
	    strstr(run.complaints.bytes, "relayrc.user:2: "), "%s", run.complaints.bytes);
	cr_assert_not_null(strstr(run.complaints.bytes, "timeout"), "%s", run.complaints.bytes);
	cr_assert_not_null(
	    strstr(run.complaints.bytes, "relayrc.user:3: "), "%s", run.complaints.bytes);
	run_close(&run);
}

Test(send, lists_the_faults_of_unused_defaults)
{
	struct run run = run_open("host h\ndefaults\nauth magic\ntls_fingerprint 00:11\n");

	cr_assert_eq(run_send(&run, "x@y", "\n"), EX_CONFIG);
	cr_assert_not_null(
	    strstr(run.complaints.bytes, "relayrc.user:3: "), "%s", run.complaints.bytes);
	run_close(&run);
	run = run_open("defaults\nauth magic\naccount default\nhost h\n");
	cr_assert_eq(run_send(&run, "x@y", "\n"), EX_CONFIG);
	cr_assert_not_null(strstr(run.complaints.bytes, "user:2: "), "%s", run.complaints.bytes);
	cr_assert_null(strstr(strstr(run.complaints.bytes, "user:2: ") + 1, "user:2: "), "%s",
	    run.complaints.bytes);
	run_close(&run);
}

/* A file of the system that may not be read is no news for a daemon. */
Test(send, tells_of_an_unreadable_file_only_when_asked)
{
	static const struct {
		const char *arguments;
		bool told;
	} rows[] = { { "--pretend x@y", true }, { "x@y", false }, { "-v x@y", true } };
	struct run run = run_open("host h\n");

	cr_assert_eq(chmod(house_file(run.house, "relayrc", "host s\n"), 0), 0);
	cr_assert_eq(chmod(house_file(run.house, "relayrc.user", "host h\n"), 0644), 0);
	cr_assert_eq(chmod(run.house->directory, 0755), 0);
	cr_assert_eq(geteuid() == 0 ? seteuid(NOBODY) : 0, 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		(void)run_send(&run, rows[i].arguments, "Subject: s\n\n");
		cr_assert_eq(
		    strstr(run.complaints.bytes, "relayrc: not read: permission denied") != NULL,
		    rows[i].told, "%s: %s", rows[i].arguments, run.complaints.bytes);
		run.complaints.length = 0;
	}
	cr_assert_eq(seteuid(getuid()), 0);
	run_close(&run);
}

Test(send, reads_no_configuration_with_host)
{
	struct run run = run_open("host h\ntimeot 5\n");

	cr_assert_eq(run_send(&run, "--pretend --host=other x@y", ""), EX_OK, "%s",
	    run.complaints.length == 0 ? "" : run.complaints.bytes);
	cr_assert_not_null(strstr(run.output.bytes, "other"), "%s", run.output.bytes);
	run_close(&run);
}

Test(send, pretends_without_message_or_recipients)
{
	struct run run = run_open("host h\n");

	cr_assert_eq(run_send(&run, "--pretend", ""), EX_OK, "%s", run.complaints.bytes);
	cr_assert_not_null(strstr(run.output.bytes, "account default"), "%s", run.output.bytes);
	run_close(&run);
}

Test(send, pretends_in_json)
{
	struct run run = run_open("host h\n");

	cr_assert_eq(run_send(&run, "--pretend --json x@y", ""), EX_OK, "%s", run.complaints.bytes);
	cr_assert_eq(run.output.bytes[0], '{');
	run_close(&run);
}

Test(send, refuses_a_message_before_it_dials)
{
	struct run run = run_open("host h\nmessage_size_limit 100\n");

	cr_assert_eq(
	    run_send(&run, "x@y",
		"Subject: s\n\n"
		"0123456789012345678901234567890123456789012345678901234567890123456789\n"
		"0123456789012345678901234567890123456789012345678901234567890123456789\n"),
	    EX_DATAERR);
	cr_assert_not_null(
	    strstr(run.complaints.bytes, "message_size_limit"), "%s", run.complaints.bytes);
	run_close(&run);
}

Test(send, explains_without_reading_anything)
{
	struct run run = run_open("host mail.example\n");

	cr_assert_eq(run_send(&run, "--explain x@y.example", "not a message"), EX_OK);
	cr_assert_not_null(strstr(run.output.bytes, "RCPT TO    x@y.example, by route 1"), "%s",
	    run.output.bytes);
	cr_assert_str_eq(run.complaints.bytes, "");
	run_close(&run);
}

Test(send, explains_as_far_as_the_plan_came_and_tells_the_fault)
{
	struct run run = run_open("transport %s/none\n");

	cr_assert_eq(run_send(&run, "--explain x@y.example", ""), EX_TEMPFAIL);
	cr_assert_not_null(strstr(run.output.bytes, "recipient    x@y.example"));
	cr_assert_not_null(strstr(run.complaints.bytes, "/none: cannot open the file"), "%s",
	    run.complaints.bytes);
	run_close(&run);
}

Test(send, explains_with_the_status_that_sending_would_have)
{
	struct run run = run_open("transport %s/transport\n");

	(void)house_file(run.house, "transport", "a.example smtp:h\n");
	cr_assert_eq(run_send(&run, "--explain --json x@b.example", ""), EX_UNAVAILABLE);
	cr_assert_eq(run_send(&run, "--explain x@a.example", ""), EX_OK);
	cr_assert_eq(run_send(&run, "-bv", ""), EX_OK);
	run_close(&run);
}
