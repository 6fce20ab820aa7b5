/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smarthost_script.h"

#include "base/arena.h"

static const char *const step_names[STEP_COUNT] = {
	[STEP_GREETING] = "greeting",
	[STEP_EHLO] = "ehlo",
	[STEP_EHLO_TLS] = "ehlo-tls",
	[STEP_STARTTLS] = "starttls",
	[STEP_HANDSHAKE] = "handshake",
	[STEP_AUTH] = "auth",
	[STEP_MAIL] = "mail",
	[STEP_RCPT] = "rcpt",
	[STEP_DATA] = "data",
	[STEP_BDAT] = "bdat",
	[STEP_BODY] = "body",
	[STEP_DOT] = "dot",
	[STEP_RSET] = "rset",
	[STEP_QUIT] = "quit",
};

static bool
find_step(struct text name, enum smarthost_step *step)
{
	for (int i = 0; i < STEP_COUNT; i++) {
		if (!text_is(name, step_names[i]))
			continue;
		*step = (enum smarthost_step)i;
		return true;
	}
	return false;
}

static const char *
with_line_ends(struct text text, struct arena *arena)
{
	char *to = text_string(text, arena);
	size_t length = 0;

	for (size_t i = 0; i < text.length; i++) {
		bool end = text.bytes[i] == '\\' && i + 1 < text.length && text.bytes[i + 1] == 'n';

		to[length++] = end ? '\n' : text.bytes[i];
		i += end;
	}
	to[length] = '\0';
	return to;
}

bool
smarthost_script_add(struct smarthost_script *script, enum smarthost_act act, const char *argument,
    struct arena *arena)
{
	const struct text whole = text_of(argument);
	const size_t equals = act == ACT_REPLY ? text_find(whole, '=') : whole.length;
	const struct text place = text_slice(whole, 0, equals);
	const size_t colon = text_find(place, ':');
	struct smarthost_rule rule = { .act = act };

	if (script->count == SMARTHOST_SCRIPT_MAX || (act == ACT_REPLY && equals == whole.length))
		return false;
	if (!find_step(text_slice(place, 0, colon), &rule.step))
		return false;
	if (colon < place.length)
		rule.address = text_string(text_slice(place, colon + 1, place.length), arena);
	rule.text = with_line_ends(text_slice(whole, equals + 1, whole.length), arena);
	script->rules[script->count++] = rule;
	return true;
}

const struct smarthost_rule *
smarthost_script_find(
    const struct smarthost_script *script, enum smarthost_step step, struct text address)
{
	for (size_t i = 0; i < script->count; i++) {
		const struct smarthost_rule *rule = &script->rules[i];
		bool fits = rule->step == step
		    || (rule->step == STEP_EHLO && step == STEP_EHLO_TLS);

		if (fits && (rule->address == NULL || text_is_fold(address, rule->address)))
			return rule;
	}
	return NULL;
}
