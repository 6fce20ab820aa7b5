/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/mechanism_oauth.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"

/* A few words: what is longer is no error of OAuth. */
#define JSON_MAX ((size_t)8192)
#define SEPARATOR '\x01'

static bool
is_bearer(const struct mechanism *mechanism)
{
	return text_is(text_of(mechanism->name), "OAUTHBEARER");
}

/* RFC 6750 2.1 allows less, and there are providers that do not keep to it; a blank is in every
 * error message, and the object that a token came in begins with a brace. */
static bool
fits_token(struct text token)
{
	for (size_t i = 0; i < token.length; i++)
		if (token.bytes[i] <= ' ' || token.bytes[i] > '~')
			return false;
	return token.length > 0 && token.bytes[0] != '{' && token.bytes[0] != '<';
}

static bool
check(const struct mechanism_oauth *login, struct failure *why)
{
	if (text_has_control(text_of(login->user)))
		return fail(why, EX_CONFIG, "the user's name holds a control byte");
	if (fits_token(login->token))
		return true;
	(void)fail(why, EX_CONFIG, "what should be the token for '%s' is none", login->user);
	return failure_hint(why,
	    "the command must print the access token alone in its first line: run it by hand and "
	    "see whether it prints an error instead");
}

static void
add_token(struct buffer *to, struct text token)
{
	(void)buffer_add(to, "auth=Bearer ");
	(void)buffer_append(to, token);
	(void)buffer_byte(to, SEPARATOR);
	(void)buffer_byte(to, SEPARATOR);
}

static void
add_bearer(struct buffer *to, const struct mechanism_oauth *login)
{
	(void)buffer_add(to, "n,a=");
	mechanism_add_name(to, login->user);
	(void)buffer_print(to, ",%c", SEPARATOR);
	if (login->host != NULL)
		(void)buffer_print(to, "host=%s%c", login->host, SEPARATOR);
	if (login->port != 0)
		(void)buffer_print(to, "port=%" PRIu16 "%c", login->port, SEPARATOR);
	add_token(to, login->token);
}

bool
mechanism_oauth_response(const struct mechanism *mechanism, const struct mechanism_oauth *login,
    struct buffer *to, struct failure *why)
{
	if (!check(login, why))
		return false;
	if (is_bearer(mechanism)) {
		add_bearer(to, login);
		return true;
	}
	(void)buffer_print(to, "user=%s%c", login->user, SEPARATOR);
	add_token(to, login->token);
	return true;
}

static void
show(struct text text, char *to)
{
	(void)text_printable(text, to, MECHANISM_OAUTH_WORD_MAX);
}

/* Google writes the status as a string, others as a number. */
static void
take(const json_t *object, const char *name, char *to)
{
	const json_t *value = json_object_get(object, name);
	struct buffer number = buffer_open(0);

	if (json_is_string(value))
		show(text_make(json_string_value(value), json_string_length(value)), to);
	if (json_is_integer(value)) {
		(void)buffer_print(&number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		show(buffer_text(&number), to);
	}
	buffer_close(&number);
}

void
mechanism_oauth_error(struct text challenge, struct mechanism_oauth_error *error)
{
	json_t *object = NULL;

	*error = (struct mechanism_oauth_error){ .status = "" };
	/* jansson nests no deeper than JSON_PARSER_MAX_DEPTH. */
	if (challenge.length > 0 && challenge.length <= JSON_MAX)
		object = json_loadb(challenge.bytes, challenge.length, JSON_ALLOW_NUL, NULL);
	if (!json_is_object(object)) {
		show(challenge, error->words);
		json_decref(object);
		return;
	}
	take(object, "status", error->status);
	take(object, "scope", error->scope);
	take(object, "schemes", error->schemes);
	json_decref(object);
}

struct text
mechanism_oauth_dummy(const struct mechanism *mechanism)
{
	return is_bearer(mechanism) ? text_of("\x01") : text_of("");
}

static void
add_word(struct buffer *to, const char *name, const char *word)
{
	if (word[0] != '\0')
		(void)buffer_print(to, "%s%s '%s'", to->length == 0 ? ": " : ", ", name, word);
}

static bool
is_scope(const struct mechanism_oauth_error *error)
{
	return strcmp(error->status, "insufficient_scope") == 0
	    || strcmp(error->status, "403") == 0;
}

static bool
advise(const struct mechanism_oauth_error *error, const char *where, struct failure *why)
{
	const char *source = where == NULL ? "your token command" : where;

	if (why->temporary)
		return failure_hint(why, "the provider cannot judge tokens now: try again later");
	if (is_scope(error))
		return failure_hint(why,
		    "the token from %s is not for sending mail: ask for one with the scope that "
		    "the provider names",
		    source);
	return failure_hint(why,
	    "the token from %s has expired or was withdrawn: run your token command by hand and "
	    "see whether it renews it, else log in anew with the provider",
	    source);
}

bool
mechanism_oauth_refuse(const struct mechanism *mechanism, const struct mechanism_oauth_error *error,
    const struct mechanism_oauth_refusal *refusal, struct failure *why)
{
	struct buffer words = buffer_open(0);
	bool later = error->status[0] == '5' || reply_is(refusal->reply, 4);

	add_word(&words, "status", error->status);
	add_word(&words, "scope", error->scope);
	add_word(&words, "schemes", error->schemes);
	add_word(&words, "it says", error->words);
	(void)reply_fail(refusal->reply, EX_NOPERM, why,
	    "the server refused the token of '%s' by %s%.*s", refusal->user, mechanism->name,
	    (int)words.length, words.length == 0 ? "" : words.bytes);
	buffer_close(&words);
	if (later) {
		why->code = EX_TEMPFAIL;
		why->temporary = true;
	}
	return advise(error, refusal->where, why);
}
