/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/mechanism.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "smtp/sasl.h"

#define SHOWN_MAX 40

/* In the order in which they are tried. */
static const struct mechanism mechanisms[] = {
	{ .name = "SCRAM-SHA-256-PLUS",
	    .automatic = true,
	    .client_first = true,
	    .needs_secret = true,
	    .binding = true,
	    .scram = true },
	{ .name = "SCRAM-SHA-1-PLUS",
	    .automatic = true,
	    .client_first = true,
	    .needs_secret = true,
	    .binding = true,
	    .scram = true },
	{ .name = "SCRAM-SHA-256",
	    .automatic = true,
	    .client_first = true,
	    .needs_secret = true,
	    .scram = true },
	{ .name = "SCRAM-SHA-1",
	    .automatic = true,
	    .client_first = true,
	    .needs_secret = true,
	    .scram = true },
	{ .name = "PLAIN",
	    .automatic = true,
	    .client_first = true,
	    .needs_secret = true,
	    .spoken = true },
	{ .name = "CRAM-MD5", .automatic = true, .needs_secret = true },
	{ .name = "LOGIN", .automatic = true, .needs_secret = true, .spoken = true },
	{ .name = "DIGEST-MD5", .needs_secret = true },
	{ .name = "EXTERNAL", .client_first = true },
	{ .name = "GSSAPI", .client_first = true },
	{ .name = "XOAUTH2", .client_first = true, .needs_secret = true, .oauth = true },
	{ .name = "OAUTHBEARER", .client_first = true, .needs_secret = true, .oauth = true },
};

#define MECHANISM_COUNT (sizeof mechanisms / sizeof mechanisms[0])

/* What a filter says, in the order in which the mechanisms may be tried. */
struct allowed {
	const struct mechanism *items[MECHANISM_COUNT];
	size_t count;
};

/* What a choice is made among. */
struct choice {
	const struct capability *capability;
	struct allowed allowed;
	bool can_bind;
	struct arena *arena;
};

const struct mechanism *
mechanism_find(struct text name)
{
	for (size_t i = 0; i < MECHANISM_COUNT; i++)
		if (text_is_fold(name, mechanisms[i].name))
			return &mechanisms[i];
	return NULL;
}

/* Does the filter's word mean this row? */
static bool
means(struct text word, const struct mechanism *mechanism)
{
	if (text_is_fold(word, "scram"))
		return mechanism->scram;
	return text_is_fold(word, mechanism->name);
}

static bool
negated(struct text *word)
{
	if (word->length == 0 || word->bytes[0] != '!')
		return false;
	*word = text_slice(*word, 1, word->length);
	return true;
}

static bool
word_is_known(struct text word)
{
	return text_is_fold(word, "scram") || mechanism_find(word) != NULL;
}

static bool
refuse_word(struct text word, struct failure *why)
{
	struct buffer known = buffer_open(0);
	char shown[SHOWN_MAX];

	if (text_is_fold(word, "NTLM")) {
		(void)fail(why, EX_CONFIG, "the mechanism 'ntlm' is not supported");
		return failure_hint(why,
		    "its hash is broken and its code has a long record of "
		    "holes; ask for another mechanism");
	}
	for (size_t i = 0; i < MECHANISM_COUNT; i++)
		(void)buffer_print(&known, "%s%s", i == 0 ? "" : " ", mechanisms[i].name);
	(void)fail(
	    why, EX_CONFIG, "unknown mechanism '%s'", text_printable(word, shown, sizeof shown));
	(void)failure_hint(why, "known are on, scram, %.*s", (int)known.length, known.bytes);
	buffer_close(&known);
	return false;
}

bool
mechanism_filter_check(struct text filter, struct failure *why)
{
	size_t count = 0;

	for (;;) {
		struct text word = text_word(&filter, ',');
		bool without = negated(&word);

		if (word.length == 0 && !without)
			break;
		if (!word_is_known(word) && (without || !text_is_fold(word, "on")))
			return refuse_word(word, why);
		count++;
	}
	if (count == 0)
		return fail(why, EX_CONFIG, "no mechanism is named");
	return true;
}

bool
mechanism_is_named(const struct mechanism *mechanism, struct text filter)
{
	for (;;) {
		struct text word = text_word(&filter, ',');

		if (word.length == 0)
			return false;
		if (means(word, mechanism))
			return true;
	}
}

static bool
left_out(struct text filter, const struct mechanism *mechanism)
{
	for (;;) {
		struct text word = text_word(&filter, ',');
		bool without = negated(&word);

		if (word.length == 0 && !without)
			return false;
		if (without && means(word, mechanism))
			return true;
	}
}

static void
allow(struct allowed *allowed, const struct mechanism *mechanism, struct text filter)
{
	if (left_out(filter, mechanism))
		return;
	for (size_t i = 0; i < allowed->count; i++)
		if (allowed->items[i] == mechanism)
			return;
	allowed->items[allowed->count++] = mechanism;
}

static void
allow_automatic(struct allowed *allowed, struct text filter)
{
	for (size_t i = 0; i < MECHANISM_COUNT; i++)
		if (mechanisms[i].automatic)
			allow(allowed, &mechanisms[i], filter);
}

static void
allow_word(struct allowed *allowed, struct text word, struct text filter)
{
	for (size_t i = 0; i < MECHANISM_COUNT; i++)
		if (means(word, &mechanisms[i]))
			allow(allowed, &mechanisms[i], filter);
}

static struct allowed
allowed_by(struct text filter)
{
	struct allowed allowed = { 0 };
	struct text rest = filter;
	bool named = false;

	for (;;) {
		struct text word = text_word(&rest, ',');

		if (word.length == 0)
			break;
		if (word.bytes[0] == '!' || text_is_fold(word, "on"))
			continue;
		named = true;
		allow_word(&allowed, word, filter);
	}
	if (!named)
		allow_automatic(&allowed, filter);
	return allowed;
}

const struct mechanism *const *
mechanism_allowed(struct text filter, struct arena *arena, size_t *count)
{
	struct allowed *allowed = arena_zero(arena, sizeof *allowed);

	*allowed = allowed_by(filter);
	*count = allowed->count;
	return allowed->items;
}

static const char *
allowed_names(const struct allowed *allowed, struct arena *arena)
{
	struct buffer names = buffer_open(0);
	const char *string;

	for (size_t i = 0; i < allowed->count; i++)
		(void)buffer_print(&names, "%s%s", i == 0 ? "" : " ", allowed->items[i]->name);
	string = text_string(buffer_text(&names), arena);
	buffer_close(&names);
	return string;
}

static const struct mechanism *
first_usable(const struct choice *choice)
{
	for (size_t i = 0; i < choice->allowed.count; i++) {
		const struct mechanism *mechanism = choice->allowed.items[i];

		if (!capability_has_mechanism(choice->capability, mechanism->name))
			continue;
		if (mechanism->binding && !choice->can_bind)
			continue;
		if (mechanism->oauth || mechanism->scram || mechanism->spoken
		    || sasl_supports(mechanism->name))
			return mechanism;
	}
	return NULL;
}

static bool
none_offered(const struct choice *choice, struct failure *why)
{
	if (!choice->capability->auth) {
		(void)fail(why, EX_UNAVAILABLE, "the server does not offer AUTH");
		return failure_hint(why,
		    "set 'auth off' if it takes mail without a password, "
		    "else check host and port");
	}
	(void)fail(why, EX_UNAVAILABLE, "no usable mechanism: the server offers %s, allowed are %s",
	    choice->capability->mechanism_count == 0
		? "none"
		: capability_mechanisms(choice->capability, choice->arena),
	    choice->allowed.count == 0 ? "none" : allowed_names(&choice->allowed, choice->arena));
	return failure_hint(why, "name one of those offered with 'auth'");
}

bool
mechanism_choose(const struct capability *capability, const char *filter, bool can_bind,
    struct arena *arena, const struct mechanism **chosen, struct failure *why)
{
	struct choice choice = { .capability = capability,
		.can_bind = can_bind,
		.arena = arena,
		.allowed = allowed_by(text_of(filter)) };
	const struct mechanism *found;

	found = first_usable(&choice);
	if (found == NULL) {
		(void)none_offered(&choice, why);
		return failure_in(why, FAILURE_AUTH);
	}
	*chosen = found;
	return true;
}

void
mechanism_add_name(struct buffer *to, const char *user)
{
	for (const char *at = user; *at != '\0'; at++) {
		if (*at == ',')
			(void)buffer_add(to, "=2C");
		else if (*at == '=')
			(void)buffer_add(to, "=3D");
		else
			(void)buffer_byte(to, *at);
	}
}
