/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/command.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define SHOWN_MAX 80
#define XTEXT_MAX 1000 /* plain bytes of an ENVID or ORCPT; three times that when written */

static bool
refuse(struct failure *why, const char *what, struct text value)
{
	char shown[SHOWN_MAX];

	return fail(why, EX_USAGE, "%s '%s' cannot be sent in a command", what,
	    text_printable(value, shown, sizeof shown));
}

/* A buffer with a maximum could cut a line and let its end pass for a whole one. */
static size_t
begin_line(const struct buffer *to)
{
	assert(to->maximum == 0);
	return to->length;
}

/*
 * Ends the line that begins at `start` of `to`, or takes it off again.  Every command passes
 * here: control bytes are refused in one place, not by each caller.
 */
static bool
end_line(struct buffer *to, size_t start, struct failure *why)
{
	struct text line = text_slice(buffer_text(to), start, to->length);
	bool fits = line.length + 2 <= COMMAND_LINE_MAX;

	if (fits && !text_has_control(line))
		return buffer_add(to, "\r\n");
	if (fits)
		(void)fail(why, EX_USAGE, "a control byte cannot be sent in a command");
	else
		(void)fail(
		    why, EX_USAGE, "a command of %zu bytes is too long to send", line.length);
	explicit_bzero(to->bytes + start, to->length - start);
	to->length = start;
	return false;
}

/* No label of it is empty: what an address was checked for before its domain was put into ASCII,
 * which can make dots of what was none. */
static bool
domain_is_sound(struct text domain)
{
	bool empty = true;

	if (domain.length > 0 && domain.bytes[0] == '[')
		return true;
	for (size_t i = 0; i < domain.length; i++) {
		if (domain.bytes[i] == '.' && empty)
			return false;
		empty = domain.bytes[i] == '.';
	}
	return !empty;
}

/*
 * May it stand between < and >?  Outside quotes no blank and no angle: a command is not where
 * an address gets a second one.
 */
static bool
path_is_sound(struct text path)
{
	size_t domain = path.length + 1;
	bool quoted = false;

	for (size_t i = 0; i < path.length; i++) {
		char byte = path.bytes[i];

		if (quoted && byte == '\\' && i + 1 < path.length)
			i++;
		else if (byte == '"')
			quoted = !quoted;
		else if (!quoted && byte == '@')
			domain = i + 1;
		else if (!quoted && (byte == ' ' || byte == '<' || byte == '>'))
			return false;
	}
	if (quoted)
		return false;
	return domain > path.length || domain_is_sound(text_slice(path, domain, path.length));
}

static bool
word_is_sound(const char *word)
{
	return word == NULL || (word[0] != '\0' && strchr(word, ' ') == NULL);
}

/* xtext (RFC 3461 section 4): printable ASCII but + and =, the rest as +HH. */
static void
add_xtext(struct buffer *to, struct text value)
{
	for (size_t i = 0; i < value.length; i++) {
		unsigned char byte = (unsigned char)value.bytes[i];

		if (byte > ' ' && byte < 0x7f && byte != '+' && byte != '=')
			(void)buffer_byte(to, value.bytes[i]);
		else
			(void)buffer_print(to, "+%02X", (unsigned)byte);
	}
}

bool
command_plain(struct buffer *to, const char *words, struct failure *why)
{
	size_t start = begin_line(to);

	(void)buffer_add(to, words);
	return end_line(to, start, why);
}

bool
command_hello(struct buffer *to, const char *verb, const char *domain, struct failure *why)
{
	size_t start = begin_line(to);

	if (!word_is_sound(domain))
		return refuse(why, "the host name", text_of(domain));
	(void)buffer_print(to, "%s %s", verb, domain);
	return end_line(to, start, why);
}

bool
command_mail(struct buffer *to, const struct command_mail *mail, struct failure *why)
{
	size_t start = begin_line(to);

	if (!path_is_sound(mail->sender))
		return refuse(why, "the sender", mail->sender);
	if (!word_is_sound(mail->dsn_return))
		return refuse(why, "the DSN return", text_of(mail->dsn_return));
	if (text_of(mail->envelope_id).length > XTEXT_MAX)
		return refuse(why, "the envelope id", text_of(mail->envelope_id));
	(void)buffer_add(to, "MAIL FROM:<");
	(void)buffer_append(to, mail->sender);
	(void)buffer_byte(to, '>');
	if (mail->has_size)
		(void)buffer_print(to, " SIZE=%" PRIu64, mail->size_bytes);
	if (mail->body_8bit)
		(void)buffer_add(to, " BODY=8BITMIME");
	if (mail->smtputf8)
		(void)buffer_add(to, " SMTPUTF8");
	if (mail->dsn_return != NULL)
		(void)buffer_print(to, " RET=%s", mail->dsn_return);
	if (mail->envelope_id != NULL) {
		(void)buffer_add(to, " ENVID=");
		add_xtext(to, text_of(mail->envelope_id));
	}
	return end_line(to, start, why);
}

bool
command_rcpt(struct buffer *to, const struct command_rcpt *rcpt, struct failure *why)
{
	size_t start = begin_line(to);

	if (rcpt->recipient.length == 0 || !path_is_sound(rcpt->recipient))
		return refuse(why, "the recipient", rcpt->recipient);
	if (!word_is_sound(rcpt->dsn_notify))
		return refuse(why, "the DSN notification", text_of(rcpt->dsn_notify));
	if (rcpt->original.length > XTEXT_MAX)
		return refuse(why, "the original recipient", rcpt->original);
	(void)buffer_add(to, "RCPT TO:<");
	(void)buffer_append(to, rcpt->recipient);
	(void)buffer_byte(to, '>');
	if (rcpt->dsn_notify != NULL)
		(void)buffer_print(to, " NOTIFY=%s", rcpt->dsn_notify);
	if (rcpt->original.length > 0) {
		(void)buffer_add(to, " ORCPT=rfc822;");
		add_xtext(to, rcpt->original);
	}
	return end_line(to, start, why);
}

bool
command_bdat(struct buffer *to, uint64_t size_bytes, bool last, struct failure *why)
{
	size_t start = begin_line(to);

	(void)buffer_print(to, "BDAT %" PRIu64 "%s", size_bytes, last ? " LAST" : "");
	return end_line(to, start, why);
}
