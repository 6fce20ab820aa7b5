/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/password.h"

#ifdef HAVE_TINYCDB
#include <cdb.h>
#endif

#include "tests/support/shelf.h"

static const struct transport_hop hop = {
	.text = "[isp.example]:587", .host = "isp.example", .port = 587, .bracketed = true
};

static struct password_rule
rule_of(struct shelf *shelf, const char *content)
{
	return (struct password_rule){ .path = shelf_file(shelf, "sasl_passwd", content),
		.completion = &shelf->completion };
}

/* Line, key, user and password of the row for the hop; "none" when there is none. */
static const char *
looked_up(struct shelf *shelf, const struct password_rule *rule, const char *sender,
    const struct transport_hop *asked)
{
	struct secret secret = { 0 };
	struct password_row row;
	const char *all;

	cr_assert(password_find(
		      rule, shelf_address(shelf, sender), asked, shelf->arena, &row, &shelf->why),
	    "%s", shelf->why.what);
	if (!row.found)
		return "none";
	cr_assert(password_take(rule, &row, &secret, &shelf->why), "%s", shelf->why.what);
	all = arena_print(shelf->arena, "%zu %s %s/%s", row.line, row.key, row.user, secret.bytes);
	secret_wipe(&secret);
	return all;
}

Test(password, asks_for_the_host_and_then_for_the_hop_as_written)
{
	/* F97, F98 */
	static const struct {
		const char *label;
		const char *text;
		const char *host;
		const char *content;
		const char *found;
	} cases[] = {
		{ "host", "isp:587", "isp", "isp u:p\n", "1 isp u/p" },
		{ "host before hop", "isp:587", "isp", "isp:587 d:p\nisp h:p\n", "2 isp h/p" },
		{ "hop", "isp:587", "isp", "isp:587 u:p\n", "1 isp:587 u/p" },
		{ "brackets count", "[isp]:587", "isp", "isp:587 u:p\n", "none" },
		{ "missing brackets count", "isp:587", "isp", "[isp]:587 u:p\n", "none" },
		{ "port counts", "isp:587", "isp", "isp:465 u:p\n", "none" },
		{ "brackets alone", "[isp]", "isp", "[isp] u:p\n", "1 [isp] u/p" },
		{ "host of brackets", "[isp]:587", "isp", "isp u:p\n", "1 isp u/p" },
		{ "case", "ISP:587", "ISP", "isp:587 u:p\n", "1 isp:587 u/p" },
		{ "first of equal rows", "isp:587", "isp", "ISP:587 a:p\nisp:587 b:p\n",
		    "1 isp:587 a/p" },
		{ "no wildcard", "isp:587", "isp", "* u:p\n.isp u:p\n", "none" },
		{ "tabs and a comment line", "isp:587", "isp", "# isp x:y\nisp\t\tu:p\n",
		    "2 isp u/p" },
		{ "colons", "isp", "isp", "isp u:p:q::r\n", "1 isp u/p:q::r" },
		{ "user with @", "isp", "isp", "isp u@dom:p\n", "1 isp u@dom/p" },
		{ "blanks inside", "isp", "isp", "isp u: p q \n", "1 isp u/ p q" },
		{ "sharp, quote, backslash", "isp", "isp", "isp u:p#\"\\ #x\n",
		    "1 isp u/p#\"\\ #x" },
		{ "UTF-8", "isp", "isp", "isp ü:é\n", "1 isp ü/é" },
		{ "empty password", "isp", "isp", "isp u:\n", "1 isp u/" },
		{ "CRLF", "isp", "isp", "isp u:p\r\n", "1 isp u/p" },
		{ "on the next line", "isp", "isp", "isp\n  u:p\n", "1 isp u/p" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		const struct transport_hop asked = { .text = cases[i].text, .host = cases[i].host };
		struct password_rule rule = rule_of(shelf, cases[i].content);

		cr_expect_str_eq(looked_up(shelf, &rule, "me@dom.test", &asked), cases[i].found,
		    "%s: %s", cases[i].label, looked_up(shelf, &rule, "me@dom.test", &asked));
		shelf_close(shelf);
	}
}

Test(password, asks_for_the_sender_first_when_told_to)
{
	static const char content[] = "isp.example host:p\nme@dom.test me:p\n@dom.test dom:p\n"
				      "root root:p\n@localhost never:p\n";
	static const struct {
		const char *sender;
		bool dependent;
		const char *found;
	} cases[] = {
		{ "me@dom.test", true, "2 me@dom.test me/p" },
		{ "you@dom.test", true, "3 @dom.test dom/p" },
		{ "root@local.example", true, "4 root root/p" },
		{ "root@localhost", true, "4 root root/p" },
		{ "x@else.test", true, "1 isp.example host/p" },
		{ "<>", true, "1 isp.example host/p" },
		{ "me@dom.test", false, "1 isp.example host/p" },
	};
	struct shelf *shelf = shelf_open();
	struct password_rule rule = rule_of(shelf, content);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		rule.sender_dependent = cases[i].dependent;
		cr_expect_str_eq(looked_up(shelf, &rule, cases[i].sender, &hop), cases[i].found,
		    "%s: %s", cases[i].sender, looked_up(shelf, &rule, cases[i].sender, &hop));
	}
	shelf_close(shelf);
}

Test(password, refuses_a_row_without_user_or_colon)
{
	static const struct {
		const char *content;
		const char *what;
	} cases[] = {
		{ "\nisp.example :word\n", "the user before the colon is empty" },
		{ "\nisp.example justaword\n", "the value has no colon, it must be user:password" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct password_rule rule = rule_of(shelf, cases[i].content);
		struct password_row row;

		/* F96 */
		cr_assert_not(password_find(
		    &rule, shelf_address(shelf, "a@b"), &hop, shelf->arena, &row, &shelf->why));
		cr_expect_eq(shelf->why.code, EX_CONFIG);
		cr_expect_str_eq(shelf->why.what, cases[i].what);
		cr_expect_str_eq(shelf->why.where, arena_print(shelf->arena, "%s:2", rule.path));
		shelf_close(shelf);
	}
}

/* Without the row the mail would go, and nobody be logged in. */
Test(password, refuses_a_malformed_row_for_its_hop)
{
	static const char *const contents[] = { "[isp.example]:587: u:p\n", "isp.example:\tu:p\n",
		"isp.example\n", "isp.example: \n", "\"isp.example u:p\n", "isp.example u:\xff\n" };

	for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
		struct shelf *shelf = shelf_open();
		struct password_rule rule = rule_of(shelf, contents[i]);
		struct password_row row;

		cr_assert_not(password_find(&rule, shelf_address(shelf, "a@b"), &hop, shelf->arena,
				  &row, &shelf->why),
		    "%s", contents[i]);
		cr_expect_eq(shelf->why.code, EX_CONFIG, "%s", contents[i]);
		cr_expect_str_eq(shelf->why.where, arena_print(shelf->arena, "%s:1", rule.path));
		cr_expect(strstr(shelf->why.what, "u:p") == NULL, "%s", shelf->why.what);
		cr_expect(strstr(shelf->why.hint, "u:p") == NULL, "%s", shelf->why.hint);
		shelf_close(shelf);
	}
}

Test(password, judges_only_the_row_that_counts)
{
	struct shelf *shelf = shelf_open();
	struct password_rule rule = rule_of(shelf, "[isp.example]:587 nocolon\nisp.example u:p\n");

	cr_expect_str_eq(looked_up(shelf, &rule, "a@b", &hop), "2 isp.example u/p");
	shelf_close(shelf);
}

Test(password, refuses_a_table_that_others_may_read)
{
	static const mode_t modes[] = { 0644, 0604, 0660, 0602, 0777 };
	struct shelf *shelf = shelf_open();
	struct password_rule rule = rule_of(shelf, "isp.example u:p\n");

	/* F99 */
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		struct password_row row;

		cr_assert_eq(chmod(rule.path, modes[i]), 0);
		cr_assert_not(password_find(&rule, shelf_address(shelf, "a@b"), &hop, shelf->arena,
				  &row, &shelf->why),
		    "mode %o", (unsigned)modes[i]);
		cr_expect_eq(shelf->why.code, EX_CONFIG, "mode %o", (unsigned)modes[i]);
		cr_expect_str_eq(shelf->why.where, rule.path);
	}
	shelf_close(shelf);
}

Test(password, judges_a_link_by_the_file_behind_it)
{
	struct shelf *shelf = shelf_open();
	struct password_rule rule = rule_of(shelf, "isp.example u:p\n");
	const char *link = shelf_path(shelf, "link");
	struct password_row row;

	/* F99, F202 */
	cr_assert_eq(symlink(rule.path, link), 0);
	cr_assert_eq(chmod(rule.path, 0644), 0);
	rule.path = link;
	cr_assert_not(password_find(
	    &rule, shelf_address(shelf, "a@b"), &hop, shelf->arena, &row, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	shelf_close(shelf);
}

Test(password, fails_when_the_table_is_missing)
{
	struct shelf *shelf = shelf_open();
	struct password_rule rule = { .path = shelf_path(shelf, "missing"),
		.completion = &shelf->completion };
	struct password_row row;

	/* F199: not "no credentials, so none are needed". */
	cr_assert_not(password_find(
	    &rule, shelf_address(shelf, "a@b"), &hop, shelf->arena, &row, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	cr_expect_eq(shelf->why.stage, FAILURE_TABLE);
	shelf_close(shelf);
}

Test(password, finds_nothing_without_a_table)
{
	struct shelf *shelf = shelf_open();
	struct password_rule rule = { .completion = &shelf->completion };
	struct password_row row = { .found = true };

	cr_assert(password_find(
	    &rule, shelf_address(shelf, "a@b"), &hop, shelf->arena, &row, &shelf->why));
	cr_expect_not(row.found);
	shelf_close(shelf);
}

Test(password, takes_no_password_from_a_row_that_changed)
{
	static const char *const later[] = { "", "else u:p\n", "isp.example v:p\n",
		"isp.example up\n" };

	for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
		struct shelf *shelf = shelf_open();
		struct password_rule rule = rule_of(shelf, "isp.example u:p\n");
		struct secret secret = { 0 };
		struct password_row row;

		/* F200 */
		cr_assert(password_find(
		    &rule, shelf_address(shelf, "a@b"), &hop, shelf->arena, &row, &shelf->why));
		cr_assert(row.found);
		(void)rule_of(shelf, later[i]);
		cr_assert_not(password_take(&rule, &row, &secret, &shelf->why), "'%s'", later[i]);
		cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
		cr_expect_eq(secret.length, 0);
		cr_expect_str_eq(shelf->why.what,
		    "the row for 'isp.example' went or changed while it was being read");
		shelf_close(shelf);
	}
}

/* Does the memory of the process hold the bytes?  Looks where it may be written. */
static size_t
copies_in_memory(const char *mask, size_t length)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	size_t copies = 0;
	char line[512];

	cr_assert(maps != NULL && memory >= 0);
	while (fgets(line, sizeof line, maps) != NULL) {
		unsigned long start;
		unsigned long end;
		char rights[5];

		if (sscanf(line, "%lx-%lx %4s", &start, &end, rights) != 3 || rights[1] != 'w'
		    || end - start > 64UL * 1024 * 1024)
			continue;
		for (unsigned long at = start; at < end;) {
			static unsigned char page[4096];
			ssize_t got = pread(memory, page, sizeof page, (off_t)at);

			if (got <= 0)
				break;
			for (size_t i = 0; i + length <= (size_t)got; i++) {
				size_t same = 0;

				while (same < length
				    && (page[i + same] ^ 0x55) == (unsigned char)mask[same])
					same++;
				copies += same == length;
			}
			memset(page, 0, sizeof page);
			at += (unsigned long)got;
		}
	}
	(void)fclose(maps);
	(void)close(memory);
	return copies;
}

/* A word made here, so that no copy stands in the program's own data, and what it is known by. */
static void
make_word(char *word, char *mask, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		word[i] = (char)('!' + (i * 37 + 11) % 90);
		mask[i] = (char)(word[i] ^ 0x55);
	}
}

static void
expect_no_trace(struct shelf *shelf, const char *name, const char *mask, size_t length)
{
	struct password_rule rule = { .path = name, .completion = &shelf->completion };
	struct secret secret = { 0 };
	struct password_row row;
	size_t before = copies_in_memory(mask, length);

	cr_assert(password_find(
	    &rule, shelf_address(shelf, "a@b"), &hop, shelf->arena, &row, &shelf->why));
	cr_assert(row.found);
	cr_expect_eq(copies_in_memory(mask, length), before, "after finding");
	cr_assert(password_take(&rule, &row, &secret, &shelf->why));
	cr_expect_eq(secret.length, length);
	cr_expect_gt(copies_in_memory(mask, length), before, "the look itself must see a copy");
	secret_wipe(&secret);
	cr_expect_eq(copies_in_memory(mask, length), before, "after taking and wiping");
}

Test(password, leaves_no_password_in_memory_after_finding_or_taking)
{
	struct shelf *shelf = shelf_open();
	const char *path = shelf_path(shelf, "sasl_passwd");
	char word[16];
	char mask[sizeof word];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	make_word(word, mask, sizeof word);
	cr_assert_eq(write(fd, "isp.example u:", 14), 14);
	cr_assert_eq(write(fd, word, sizeof word), (ssize_t)sizeof word);
	cr_assert_eq(close(fd), 0);
	explicit_bzero(word, sizeof word);
	expect_no_trace(shelf, path, mask, sizeof mask);
	shelf_close(shelf);
}

#ifdef HAVE_TINYCDB

/* The settled name of a compiled table with one row. */
static const char *
compiled(struct shelf *shelf, const char *key, const char *value, size_t length)
{
	const char *path = shelf_path(shelf, "sasl_passwd.cdb");
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct cdb_make make;

	cr_assert_eq(cdb_make_start(&make, fd), 0);
	cr_assert_eq(cdb_make_add(&make, key, (unsigned)strlen(key), value, (unsigned)length), 0);
	cr_assert_eq(cdb_make_finish(&make), 0);
	cr_assert_eq(close(fd), 0);
	explicit_bzero(&make, sizeof make);
	return arena_print(shelf->arena, "cdb:%s", path);
}

Test(password, is_found_in_a_compiled_table)
{
	struct shelf *shelf = shelf_open();
	struct password_rule rule = { .completion = &shelf->completion };

	rule.path = compiled(shelf, "[isp.example]:587", "u:p:q", 5);
	cr_expect_str_eq(looked_up(shelf, &rule, "a@b", &hop), "0 [isp.example]:587 u/p:q");
	rule.path = compiled(shelf, "isp.example:587", "u:p:q", 5);
	cr_expect_str_eq(looked_up(shelf, &rule, "a@b", &hop), "none");
	shelf_close(shelf);
}

Test(password, is_not_taken_from_a_compiled_row_that_changed)
{
	/* F200 */
	struct shelf *shelf = shelf_open();
	struct password_rule rule = { .completion = &shelf->completion };
	struct secret secret = { 0 };
	struct password_row row;

	rule.path = compiled(shelf, "isp.example", "u:p", 3);
	cr_assert(password_find(
	    &rule, shelf_address(shelf, "a@b"), &hop, shelf->arena, &row, &shelf->why));
	(void)compiled(shelf, "isp.example", "v:p", 3);
	cr_assert_not(password_take(&rule, &row, &secret, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	(void)compiled(shelf, "else", "u:p", 3);
	cr_assert_not(password_take(&rule, &row, &secret, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	cr_expect_eq(secret.length, 0);
	shelf_close(shelf);
}

Test(password, of_a_compiled_table_stays_in_no_memory)
{
	struct shelf *shelf = shelf_open();
	char value[2 + 16] = "u:";
	char mask[16];
	const char *name;

	make_word(value + 2, mask, sizeof mask);
	name = compiled(shelf, "isp.example", value, sizeof value);
	explicit_bzero(value, sizeof value);
	expect_no_trace(shelf, name, mask, sizeof mask);
	shelf_close(shelf);
}

#endif
Test(password, names_the_keys_in_the_order_in_which_they_are_tried)
{
	struct shelf *shelf = shelf_open();
	struct password_rule rule = { .completion = &shelf->completion };
	const struct transport_hop bare = { .host = "isp.example", .text = "isp.example" };
	const struct transport_hop full = { .host = "isp.example", .text = "[isp.example]:587" };
	struct address sender = shelf_address(shelf, "me@x.example");
	struct table_trials trials = password_candidates(&rule, sender, &bare, shelf->arena);

	cr_expect_str_eq(shelf_words(shelf, trials.items, trials.count), "isp.example");
	rule.sender_dependent = true;
	trials = password_candidates(&rule, sender, &full, shelf->arena);
	cr_expect_str_eq(shelf_words(shelf, trials.items, trials.count),
	    "me@x.example @x.example isp.example [isp.example]:587");
	shelf_close(shelf);
}

/* relayhost = [isp.example] has its row under that key, whatever port is the usual one. */
Test(password, is_looked_for_as_the_host_is_written_last)
{
	struct shelf *shelf = shelf_open();
	struct password_rule rule = { .completion = &shelf->completion };
	const struct transport_hop own = {
		.host = "isp.example", .text = "[isp.example]:587", .bare = "[isp.example]"
	};
	struct table_trials trials = password_candidates(
	    &rule, shelf_address(shelf, "me@x.example"), &own, shelf->arena);

	cr_expect_str_eq(shelf_words(shelf, trials.items, trials.count),
	    "isp.example [isp.example]:587 [isp.example]");
	shelf_close(shelf);
}
