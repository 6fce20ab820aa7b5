/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/content.h"

#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"

/* What is left of the input, and the next line ends in it (`end` when there is none):
 * each is searched for again only when it was passed, so that the work stays linear. */
struct scan {
	const char *at;
	const char *end;
	const char *cr;
	const char *lf;
};

/* What an SMTP server could do something by, padded with NUL. */
static const char commands[][CONTENT_WORD_MAX + 1] = { "mail", "rcpt", "data", "bdat", "rset",
	"ehlo", "helo", "lhlo", "auth", "starttls", "vrfy", "expn", "noop", "quit", "turn", "etrn",
	"atrn", "send", "soml", "saml", "burl", "xclient", "xforward", "xexch50" };

struct content
content_start(void)
{
	return (struct content){ 0 };
}

static const char *
next(const char *from, const char *end, char byte)
{
	const char *found = from < end ? memchr(from, byte, (size_t)(end - from)) : NULL;

	return found == NULL ? end : found;
}

static void
move(struct scan *scan, const char *to)
{
	scan->at = to;
	if (scan->cr < to)
		scan->cr = next(to, scan->end, '\r');
	if (scan->lf < to)
		scan->lf = next(to, scan->end, '\n');
}

static struct scan
scan_start(struct text input)
{
	const char *end = input.bytes + input.length;

	return (struct scan){
		.at = input.bytes,
		.end = end,
		.cr = next(input.bytes, end, '\r'),
		.lf = next(input.bytes, end, '\n'),
	};
}

static bool
eight_bit(struct text input)
{
	uint64_t all = 0;
	uint64_t word;
	size_t i = 0;

	for (; input.length - i >= sizeof word; i += sizeof word) {
		memcpy(&word, input.bytes + i, sizeof word);
		all |= word;
	}
	return (all & UINT64_C(0x8080808080808080)) != 0
	    || text_has_8bit(text_slice(input, i, input.length));
}

/* Most lines are known by their first byte. */
static bool
begins_command(char letter)
{
	switch (letter) {
	case 'a':
	case 'b':
	case 'd':
	case 'e':
	case 'h':
	case 'l':
	case 'm':
	case 'n':
	case 'q':
	case 'r':
	case 's':
	case 't':
	case 'v':
	case 'x':
		return true;
	default:
		return false;
	}
}

static bool
is_command(const char word[CONTENT_WORD_MAX])
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (memcmp(word, commands[i], CONTENT_WORD_MAX) == 0)
			return true;
	return false;
}

/* Not text_blank(): isspace() is what servers pass over. */
static bool
space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* The byte in lower case; NUL when it belongs to no word. */
static char
letter(char byte)
{
	char lower = (char)(byte | 0x20);

	if ((lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '-')
		return lower;
	/* The rest of base64's alphabet: a large attachment has lines like "Etrn+K76". */
	if (byte == '+' || byte == '/' || byte == '=')
		return byte;
	return '\0';
}

/* A word that is too long is none of ours, nor is one that begins otherwise. */
static void
spell(struct content_word *word, struct text piece)
{
	for (size_t i = 0; i < piece.length && !word->over; i++) {
		char byte = letter(piece.bytes[i]);

		if (word->length == 0 && space(piece.bytes[i]))
			continue;
		word->over = byte == '\0' || word->length == CONTENT_WORD_MAX
		    || (word->length == 0 && !begins_command(byte));
		if (byte != '\0' && word->over)
			*word = (struct content_word){ .over = true };
		else if (!word->over)
			word->bytes[word->length++] = byte;
	}
}

/* Looks at the start of a line, which may come in pieces. */
static void
note_word(struct content *content, struct text piece, bool ends)
{
	struct content_word *word = &content->word;

	if (!word->over)
		spell(word, piece);
	if (!ends)
		return;
	if (word->length >= 4 && is_command(word->bytes))
		content->command_like = true;
	*word = (struct content_word){ .length = 0 };
}

static bool
refuse_full(const struct buffer *output, struct failure *why)
{
	return fail(why, EX_DATAERR, "larger than %zu bytes", output->maximum);
}

/* Appends a piece of a line, and CRLF behind it when that ends the line. */
static bool
put(struct content *content, struct text piece, bool ends, struct buffer *output,
    struct failure *why)
{
	size_t need = piece.length + (ends ? 2 : 0);

	if (output->maximum != 0 && !buffer_room(output, need))
		return refuse_full(output, why);
	if (piece.length > 0)
		memcpy(output->bytes + output->length, piece.bytes, piece.length);
	if (ends)
		memcpy(output->bytes + output->length + piece.length, "\r\n", 2);
	output->length += need;
	content->size_bytes += need;
	content->current += piece.length;
	note_word(content, piece, ends);
	if (!ends)
		return true;
	content->lines++;
	if (content->current > content->longest) {
		content->longest = content->current;
		content->longest_number = content->lines;
	}
	content->current = 0;
	return true;
}

/* The byte after a line end: the LF of a CR that was the last byte of its input too. */
static const char *
after_line_end(struct content *content, const struct scan *scan, const char *line_end)
{
	const char *after = line_end + 1;

	if (*line_end == '\n')
		return after;
	if (after == scan->end) {
		content->after_cr = true;
		return after;
	}
	if (*after == '\n')
		return after + 1;
	content->bare_cr = true;
	return after;
}

static bool
feed_lines(struct content *content, struct text input, struct buffer *output, struct failure *why)
{
	struct scan scan = scan_start(input);

	while (scan.at < scan.end) {
		const char *line_end = scan.cr < scan.lf ? scan.cr : scan.lf;
		struct text piece = text_make(scan.at, (size_t)(line_end - scan.at));
		bool ends = line_end < scan.end;

		if (!put(content, piece, ends, output, why))
			return false;
		move(&scan, ends ? after_line_end(content, &scan, line_end) : line_end);
	}
	return true;
}

/* Passes over the LF that belongs to a CR at the end of the last input. */
static struct text
after_last_input(struct content *content, struct text input)
{
	bool after_cr = content->after_cr;

	content->after_cr = false;
	if (!after_cr)
		return input;
	if (input.bytes[0] == '\n')
		return text_slice(input, 1, input.length);
	content->bare_cr = true;
	return input;
}

bool
content_feed(struct content *content, struct text input, struct buffer *output, struct failure *why)
{
	struct text rest;
	size_t sound;

	if (input.length == 0)
		return true;
	/* Once for all lines: every byte may become two, and a line end may be owed. */
	if (output->maximum == 0)
		(void)buffer_room(output, 2 * input.length + 2);
	rest = after_last_input(content, input);
	sound = text_find(rest, '\0');
	if (!content->eight_bit)
		content->eight_bit = eight_bit(rest);
	if (!feed_lines(content, text_slice(rest, 0, sound), output, why))
		return false;
	if (sound < rest.length)
		return fail(
		    why, EX_DATAERR, "line %" PRIu64 " holds a NUL byte", content->lines + 1);
	return true;
}

bool
content_finish(struct content *content, struct buffer *output, struct failure *why)
{
	if (content->after_cr)
		content->bare_cr = true;
	content->after_cr = false;
	if (content->current == 0)
		return true;
	(void)buffer_room(output, 2);
	return put(content, text_make("", 0), true, output, why);
}

bool
content_command_like(struct text lines)
{
	struct content content = content_start();

	while (lines.length > 0 && !content.command_like) {
		size_t end = text_find(lines, '\n');

		note_word(&content, text_slice(lines, 0, end), true);
		lines = text_slice(lines, end + 1, lines.length);
	}
	return content.command_like;
}
