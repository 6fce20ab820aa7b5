/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "smtp/capability.h"

#define LINES_MAX 4

static struct capability
read_lines(const char *const lines[LINES_MAX])
{
	static struct text texts[LINES_MAX];
	struct reply reply = { .code = 250, .lines = texts };
	struct capability capability;

	for (size_t i = 0; i < LINES_MAX && lines[i] != NULL; i++)
		texts[reply.line_count++] = text_of(lines[i]);
	capability_read(&reply, &capability);
	return capability;
}

static struct capability
read_line(const char *line)
{
	const char *const lines[LINES_MAX] = { "mail.example", line };

	return read_lines(lines);
}

struct starttls_row {
	const char *line;
	bool offered;
};

/* F20 */
static const struct starttls_row starttls_rows[] = {
	{ "STARTTLS", true },
	{ "starttls", true },
	{ "StartTLS", true },
	{ "STARTTLS ", true },
	{ "STARTTLSX", false },
	{ " STARTTLS", false },
	{ "STARTTLS=", false },
	{ "XSTARTTLS", false },
	{ "STARTTLS\t", false },
	{ "X STARTTLS", false },
};

Test(capability, knows_starttls_by_the_exact_keyword)
{
	for (size_t i = 0; i < sizeof starttls_rows / sizeof starttls_rows[0]; i++)
		cr_assert_eq(read_line(starttls_rows[i].line).starttls, starttls_rows[i].offered,
		    "'%s'", starttls_rows[i].line);
}

Test(capability, passes_over_the_first_line)
{
	const char *const lines[LINES_MAX] = { "STARTTLS" };

	cr_assert(!read_lines(lines).starttls);
}

struct keyword_row {
	const char *line;
	struct capability expected;
};

static const struct keyword_row keyword_rows[] = {
	{ "PIPELINING", { .pipelining = true } },
	{ "8BITMIME", { .eight_bit_mime = true } },
	{ "DSN", { .dsn = true } },
	{ "SMTPUTF8", { .smtputf8 = true } },
	{ "CHUNKING", { .chunking = true } },
	{ "ENHANCEDSTATUSCODES", { .enhanced_codes = true } },
	{ "SIZE", { .size = true } },
	{ "AUTH", { .auth = true } },
	{ "MT-PRIORITY MIXER", { .size = false } }, /* F147 */
	{ "", { .size = false } },
};

Test(capability, reads_each_keyword)
{
	for (size_t i = 0; i < sizeof keyword_rows / sizeof keyword_rows[0]; i++) {
		struct capability capability = read_line(keyword_rows[i].line);

		cr_assert_eq(memcmp(&capability, &keyword_rows[i].expected, sizeof capability), 0,
		    "'%s'", keyword_rows[i].line);
	}
}

struct size_row {
	const char *line;
	uint64_t limit;
};

/* F138 */
static const struct size_row size_rows[] = {
	{ "SIZE", 0 },
	{ "SIZE 0", 0 },
	{ "SIZE 1000", 1000 },
	{ "size 1000", 1000 },
	{ "SIZE 0010", 10 },
	{ "SIZE 35882577", 35882577 },
	{ "SIZE 9223372036854775807", INT64_MAX },
	{ "SIZE 99999999999999999999", 0 },
	{ "SIZE 999999999999999999999999999999999999999999", 0 },
	{ "SIZE -1", 0 },
	{ "SIZE 0x10", 0 },
	{ "SIZE 10k", 0 },
};

Test(capability, reads_the_size_limit)
{
	for (size_t i = 0; i < sizeof size_rows / sizeof size_rows[0]; i++) {
		struct capability capability = read_line(size_rows[i].line);

		cr_assert(capability.size, "'%s'", size_rows[i].line);
		cr_assert_eq(capability.size_limit, size_rows[i].limit, "'%s'", size_rows[i].line);
	}
}

/* F74 */
Test(capability, reads_mechanisms_of_both_spellings_once_each)
{
	const char *const lines[LINES_MAX] = { "x", "AUTH PLAIN login",
		"AUTH=LOGIN CRAM-MD5 plain" };
	struct capability capability = read_lines(lines);
	struct arena *arena = arena_open();

	cr_assert(capability.auth);
	cr_assert_str_eq(capability_mechanisms(&capability, arena), "PLAIN login CRAM-MD5");
	cr_assert(capability_has_mechanism(&capability, "LOGIN"));
	cr_assert(capability_has_mechanism(&capability, "cram-md5"));
	cr_assert(!capability_has_mechanism(&capability, "CRAM"));
	arena_close(arena);
}

/* F74 */
Test(capability, stops_at_the_maximum_of_mechanisms)
{
	struct buffer line = buffer_open(0);
	struct capability capability;

	(void)buffer_add(&line, "AUTH");
	for (int i = 0; i < 10000; i++)
		(void)buffer_print(&line, " M%d", i);
	(void)buffer_byte(&line, '\0');
	capability = read_line(line.bytes);
	cr_assert_eq(capability.mechanism_count, CAPABILITY_MECHANISMS_MAX);
	cr_assert(capability_has_mechanism(&capability, "M63"));
	cr_assert(!capability_has_mechanism(&capability, "M64"));
	buffer_close(&line);
}
