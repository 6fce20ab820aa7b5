/* SPDX-License-Identifier: ISC */
/*
 * F214: each byte of a good relayrc and of good tables is changed, left out, and gets a
 * neighbour.  What other lines say must stay as it is; the damaged line is refused, or says
 * something.  What is tried is the same in every run.
 */
#include <config.h>

#include <stdint.h>

#include "base/environment.h"
#include "base/secret.h"
#include "config/config.h"
#include "mail/envelope.h"
#include "table/alias.h"
#include "table/generic.h"
#include "table/generic_check.h"
#include "table/password.h"
#include "table/transport.h"
#include "tests/support/shelf.h"

#define SEED 0x5eed214cafeU

/* Bytes that mean something to one reader or another. */
static const char special[] = "\0\n\r\t \"#\\@:,;|/*<>()[]+%.\x7f\x80\xc3\xff";

#define SPECIAL_COUNT (sizeof special - 1)
#define FLIPS 8
#define RANDOM 2
#define WAYS (FLIPS + 1 + SPECIAL_COUNT + RANDOM)

/* One damaged copy. */
struct damage {
	char *bytes;
	size_t length;
	size_t line; /* where the damage is, from 1 */
	size_t at;
	size_t way;
};

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static size_t
line_of(const char *content, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += content[i] == '\n';
	return line;
}

static char
inserted_byte(size_t way, uint64_t *random)
{
	if (way < FLIPS + 1 + SPECIAL_COUNT)
		return special[way - FLIPS - 1];
	return (char)(next_random(random) & 0xff);
}

/* Fills `damage`, whose bytes have room for one more than the content. */
static void
make_damage(const char *content, size_t at, size_t way, uint64_t *random, struct damage *damage)
{
	size_t length = strlen(content);

	damage->at = at;
	damage->way = way;
	damage->line = line_of(content, at);
	memcpy(damage->bytes, content, length);
	damage->length = length;
	if (way < FLIPS) {
		damage->bytes[at] = (char)(damage->bytes[at] ^ (1 << way));
	} else if (way == FLIPS) {
		memmove(damage->bytes + at, damage->bytes + at + 1, length - at - 1);
		damage->length--;
	} else {
		memmove(damage->bytes + at + 1, damage->bytes + at, length - at);
		damage->bytes[at] = inserted_byte(way, random);
		damage->length++;
	}
}

/* A line may swallow the next one, or become part of the one before. */
static bool
is_near(const struct damage *damage, size_t line)
{
	return line + 1 >= damage->line && line <= damage->line + 1;
}

/* relayrc */

static const char relayrc[] = "# comment\n"
			      "defaults\n"
			      "maildomain local.example\n"
			      "timeout 20\n"
			      "tls on\n"
			      "account one\n"
			      "host mail.one.example\n"
			      "port 2587\n"
			      "user \"ann smith\"\n"
			      "password horse:battery\n"
			      "from ann@one.example\n"
			      "account two : one\n"
			      "host [mail.two.example]:587, 192.0.2.1\n"
			      "auth plain login\n"
			      "generic /etc/relay/generic\n"
			      "account default : two\n";

static bool
is_structure(size_t line)
{
	static const size_t structure[] = { 2, 6, 12, 16 };

	for (size_t i = 0; i < sizeof structure / sizeof *structure; i++)
		if (structure[i] == line)
			return true;
	return false;
}

/* Each reading veils a secret in another way. */
static bool
same_secret(const char *a, const char *b)
{
	struct secret first = { 0 };
	struct secret second = { 0 };
	bool same;

	secret_unveil(&first, a);
	secret_unveil(&second, b);
	same = text_equal(
	    text_make(first.bytes, first.length), text_make(second.bytes, second.length));
	secret_wipe(&first);
	secret_wipe(&second);
	return same;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same_value(size_t id, const struct value *a, const struct value *b)
{
	if (a->text != NULL && b->text != NULL
	    && setting_row((enum setting_id)id)->type == SETTING_IS_SECRET)
		return same_secret(a->text, b->text);
	return same_text(a->text, b->text) && a->number == b->number;
}

/* Every value of every account that an untouched line gave is what it was. */
static void
expect_same_values(
    const struct config *good, const struct config *config, const struct damage *damage)
{
	for (size_t i = 0; i < good->accounts.count; i++) {
		const struct account *wanted = good->accounts.items[i];
		const struct account *account = account_find(&config->accounts, wanted->name);

		cr_assert_not_null(
		    account, "byte %zu, way %zu: %s", damage->at, damage->way, wanted->name);
		for (size_t id = 0; id < SETTING_COUNT; id++) {
			const struct value *value = &wanted->values[id];

			if (value->line == 0 || is_near(damage, value->line))
				continue;
			cr_assert(same_value(id, value, &account->values[id]),
			    "byte %zu, way %zu: account %s, line %zu", damage->at, damage->way,
			    wanted->name, value->line);
		}
	}
}

static void
expect_places(const struct config *config, const struct damage *damage)
{
	for (size_t i = 0; i < config->remark_count; i++) {
		const struct failure *why = &config->remarks[i].why;

		cr_assert_eq(why->code, EX_CONFIG);
		cr_assert(strncmp(why->where, "rc:", 3) == 0
			&& strtoul(why->where + 3, NULL, 10) >= 1
			&& strtoul(why->where + 3, NULL, 10) <= line_of(relayrc, sizeof relayrc),
		    "byte %zu, way %zu: '%s' at '%s'", damage->at, damage->way, why->what,
		    why->where);
	}
}

static bool
has_fault(const struct config *config)
{
	for (size_t i = 0; i < config->remark_count; i++)
		if (config->remarks[i].fault)
			return true;
	return false;
}

static void
try_relayrc(
    const struct config *good, const struct environment *environment, const struct damage *damage)
{
	struct arena *arena = arena_open();
	struct config config = { 0 };
	bool structure = false;

	config_parse("rc", text_make(damage->bytes, damage->length), false, true, environment,
	    arena, &config);
	expect_places(&config, damage);
	for (size_t line = damage->line - 1; line <= damage->line + 1; line++)
		structure = structure || is_structure(line);
	if (!structure && !has_fault(&config))
		expect_same_values(good, &config, damage);
	arena_close(arena);
}

Test(damage, of_a_relayrc_changes_no_other_line)
{
	const struct environment environment = { .user = "ann", .host = "h", .home = "/home/ann" };
	char bytes[sizeof relayrc + 1];
	struct damage damage = { .bytes = bytes };
	struct arena *arena = arena_open();
	struct config good = { 0 };
	uint64_t random = SEED;

	config_parse("rc", text_of(relayrc), false, true, &environment, arena, &good);
	cr_assert_eq(good.remark_count, 0);
	cr_assert_eq(good.accounts.count, 3);
	for (size_t at = 0; at < sizeof relayrc - 1; at++)
		for (size_t way = 0; way < WAYS; way++) {
			make_damage(relayrc, at, way, &random, &damage);
			try_relayrc(&good, &environment, &damage);
		}
	arena_close(arena);
}

/* Tables */

struct question {
	const char *asked;
	const char *answer;
	size_t lines[3]; /* that the answer depends on; 0: no more */
};

struct sample {
	const char *content;
	const struct question *questions;
	size_t count;

	/* The answer, or NULL and *why; belongs to arena. */
	const char *(*ask)(struct shelf *shelf, const char *path, const char *asked,
	    struct arena *arena, struct failure *why);
};

static bool
begins_row(char byte)
{
	return byte != '#' && byte != '\n' && !text_blank(byte);
}

/* The line where the row behind that at `line` begins. */
static size_t
next_row(const char *content, size_t line)
{
	for (size_t at = 1; content[at] != '\0'; at++)
		if (content[at - 1] == '\n' && begins_row(content[at])
		    && line_of(content, at) > line)
			return line_of(content, at);
	return SIZE_MAX / 4;
}

/* A comment that is none any more may continue the row before it. */
static bool
depends(const struct sample *sample, const struct question *question, const struct damage *damage)
{
	for (size_t i = 0; i < 3 && question->lines[i] != 0; i++)
		if (damage->line + 1 >= question->lines[i]
		    && damage->line <= next_row(sample->content, question->lines[i]))
			return true;
	return false;
}

static void
try_table(struct shelf *shelf, const struct sample *sample, const char *path, int fd,
    const struct damage *damage)
{
	struct arena *arena = arena_open();

	/* Not written anew: some file systems then wait for the disk. */
	cr_assert_eq(pwrite(fd, damage->bytes, damage->length, 0), (ssize_t)damage->length);
	cr_assert_eq(ftruncate(fd, (off_t)damage->length), 0);
	for (size_t i = 0; i < sample->count; i++) {
		const struct question *question = &sample->questions[i];
		struct failure why = { .what = "", .where = "" };
		const char *answer = sample->ask(shelf, path, question->asked, arena, &why);

		if (!depends(sample, question, damage))
			cr_assert(same_text(answer, question->answer),
			    "byte %zu, way %zu: '%s' for '%s' (%s at %s)", damage->at, damage->way,
			    answer == NULL ? "nothing" : answer, question->asked, why.what,
			    why.where);
		if (answer == NULL) {
			cr_assert_eq(why.code, EX_CONFIG, "byte %zu, way %zu: %d %s", damage->at,
			    damage->way, why.code, why.what);
			cr_assert_eq(strncmp(why.where, path, strlen(path)), 0,
			    "byte %zu, way %zu: '%s' at '%s'", damage->at, damage->way, why.what,
			    why.where);
		}
	}
	arena_close(arena);
}

static void
try_sample(const struct sample *sample)
{
	struct shelf *shelf = shelf_open();
	const char *path = shelf_file(shelf, "table", "");
	size_t length = strlen(sample->content);
	char *bytes = arena_zero(shelf->arena, length + 2);
	struct damage damage = { .bytes = bytes, .length = length, .line = SIZE_MAX / 2 };
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	uint64_t random = SEED;

	/* Without damage all answers are as they should be. */
	memcpy(bytes, sample->content, length);
	try_table(shelf, sample, path, fd, &damage);
	for (size_t at = 0; at < length; at++)
		for (size_t way = 0; way < WAYS; way++) {
			make_damage(sample->content, at, way, &random, &damage);
			try_table(shelf, sample, path, fd, &damage);
		}
	cr_assert_eq(close(fd), 0);
	shelf_close(shelf);
}

/* A bare name gets the domain of this machine. */
static struct address
complete(struct shelf *shelf, const char *asked, struct arena *arena)
{
	struct address address = { 0 };
	struct failure why;

	cr_assert(address_read(text_of(asked), arena, &address, &why), "%s", why.what);
	return completion_apply(&shelf->completion, address);
}

static const char *
ask_generic(struct shelf *shelf, const char *path, const char *asked, struct arena *arena,
    struct failure *why)
{
	const struct generic_rule rule = {
		.path = path, .recursion = true, .completion = &shelf->completion
	};
	struct address address = complete(shelf, asked, arena);
	struct table_warnings warnings = { .arena = arena };
	struct generic_map *map;
	size_t rows;

	cr_assert(generic_check(&rule, &warnings, &rows, why), "%s", why->what);
	if (!generic_resolve(&rule, &address, 1, arena, &map, why))
		return NULL;
	return text_string(address_format(generic_result(map, address), arena), arena);
}

Test(damage, of_generic_changes_no_other_row)
{
	static const struct question questions[] = {
		{ "root", "me@isp.example", { 2 } },
		{ "www-data@web.example", "web@mid.example", { 4 } },
		{ "x@old.example", "x@new.example", { 9 } },
		{ "\"a b\"@q.example", "quoted@quoted.example", { 12 } },
		{ "j\xc3\xb6rg", "joerg@third.example", { 15 } },
		{ "untouched@else.example", "untouched@else.example", { 0 } },
	};
	static const struct sample sample = {
		.content = "# generic\n"
			   "root\tme@isp.example\n"
			   "# between\n"
			   "www-data@web.example\n"
			   "   web@mid.example\n"
			   "\n"
			   "# about a domain\n"
			   "\n"
			   "@old.example @new.example\n"
			   "\n"
			   "\n"
			   "\"a b\"@q.example \"Q\" <quoted@quoted.example>\n"
			   "\n"
			   "\n"
			   "J\xc3\x96RG joerg@third.example\n",
		.questions = questions,
		.count = sizeof questions / sizeof *questions,
		.ask = ask_generic,
	};

	try_sample(&sample);
}

static const char *
ask_transport(struct shelf *shelf, const char *path, const char *asked, struct arena *arena,
    struct failure *why)
{
	const struct transport_rule rule = { .path = path, .completion = &shelf->completion };
	const struct envelope_recipient recipient = { .address = complete(shelf, asked, arena) };
	struct envelope_recipients recipients = { 0 };
	const struct transport **transports;

	(void)envelope_add(&recipients, recipient, arena);
	if (!transport_resolve(&rule, &recipients, arena, &transports, why))
		return NULL;
	if (transports[0]->hops.count == 0)
		return transports[0]->kind == TRANSPORT_NONE ? "none" : "nowhere";
	return arena_print(arena, "%s %s %u",
	    transports[0]->kind == TRANSPORT_SMTPS ? "smtps" : "smtp",
	    transports[0]->hops.items[0].text, transports[0]->hops.items[0].port);
}

Test(damage, of_transport_changes_no_other_row)
{
	static const struct question questions[] = {
		{ "ann@six.net", "smtp [mail.one.example]:587 587", { 1 } },
		{ "bob@one.example", "smtps mail.one.example:465 465", { 4 } },
		{ "ann@sub.two.example", "smtp mail.two.example 0", { 7 } },
		{ "ann@three.test", "none", { 0 } },
	};
	static const struct sample sample = {
		.content = "ann@six.net smtp:[mail.one.example]:587\n"
			   "# a lone star in an empty line would be a row for all\n"
			   "# between\n"
			   "one.example smtps:mail.one.example:465\n"
			   "#\n"
			   "#\n"
			   ".two.example :mail.two.example, other.example\n",
		.questions = questions,
		.count = sizeof questions / sizeof *questions,
		.ask = ask_transport,
	};

	try_sample(&sample);
}

static const char *
ask_password(struct shelf *shelf, const char *path, const char *asked, struct arena *arena,
    struct failure *why)
{
	const struct password_rule rule = { .path = path, .completion = &shelf->completion };
	const struct address nobody = { 0 };
	struct transport_hops hops;
	struct password_row row;
	struct secret secret = { 0 };
	const char *answer;

	cr_assert(transport_hops_read(text_of(asked), arena, &hops, why), "%s", why->what);
	if (!password_find(&rule, nobody, &hops.items[0], arena, &row, why))
		return NULL;
	if (!row.found)
		return "nobody";
	if (!password_take(&rule, &row, &secret, why))
		return NULL;
	answer = arena_print(arena, "%s %.*s", row.user, (int)secret.length, secret.bytes);
	secret_wipe(&secret);
	return answer;
}

Test(damage, of_sasl_passwd_changes_no_other_row)
{
	static const struct question questions[] = {
		{ "[mail.one.example]:587", "ann@one.example horse:battery", { 1 } },
		{ "mail.two.example", "bob  leading", { 5 } },
		{ "else.example:25", "nobody", { 0 } },
	};
	static const struct sample sample = {
		.content = "[mail.one.example]:587 ann@one.example:horse:battery\n"
			   "\n"
			   "# between\n"
			   "\n"
			   "mail.two.example\n"
			   "\tbob: leading\n",
		.questions = questions,
		.count = sizeof questions / sizeof *questions,
		.ask = ask_password,
	};

	try_sample(&sample);
}

static const char *
ask_aliases(struct shelf *shelf, const char *path, const char *asked, struct arena *arena,
    struct failure *why)
{
	const struct alias_rule rule = {
		.path = path, .must_exist = true, .completion = &shelf->completion, .limit = 100
	};
	struct envelope_recipient recipient = { 0 };
	struct envelope_recipients from = { 0 };
	struct alias_result result = { 0 };
	const char *answer = "";

	recipient.address = complete(shelf, asked, arena);
	recipient.original = recipient.address;
	(void)envelope_add(&from, recipient, arena);
	if (!alias_expand(&rule, &from, &result, arena, why))
		return NULL;
	if (result.refusal_count > 0) {
		*why = *result.refusals[0].why;
		return NULL;
	}
	for (size_t i = 0; i < result.recipients.count; i++)
		answer = arena_print(arena, "%s%s ", answer,
		    text_string(address_format(result.recipients.items[i].address, arena), arena));
	return answer;
}

Test(damage, of_aliases_changes_no_other_row)
{
	static const struct question questions[] = {
		{ "root", "jane@one.example joe@two.example ", { 1, 5 } },
		/* "jane" at the beginning of a line would be a row for her, without a colon. */
		{ "jane", "jane@one.example ", { 1, 5 } },
		{ "\"first last\"", "both@one.example ", { 8 } },
		{ "nobody", "", { 11 } },
		{ "unknown", "unknown@local.example ", { 0 } },
	};
	static const struct sample sample = {
		.content = "root: jane,\n"
			   "   \"joe\"@two.example\n"
			   "# between\n"
			   "\n"
			   "Jane : jane@one.example\n"
			   "\n"
			   "\n"
			   "\"first last\": Both of them <both@one.example>\n"
			   "\n"
			   "\n"
			   "nobody: /dev/null\n",
		.questions = questions,
		.count = sizeof questions / sizeof *questions,
		.ask = ask_aliases,
	};

	try_sample(&sample);
}
