/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/heading.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "mail/addition.h"
#include "mail/rewrite.h"

#define UNDISCLOSED "To: undisclosed-recipients:;\r\n"

struct mapping {
	const struct completion *completion;
	const struct generic_map *map;
};

static struct address
map_address(void *data, struct address address, struct arena *arena)
{
	const struct mapping *mapping = data;

	(void)arena;
	return generic_result(mapping->map, completion_apply(mapping->completion, address));
}

struct replaced {
	bool from;
	bool to;
	bool recipients;
};

static bool
is_replaced(const struct header_field *field, void *data)
{
	const struct replaced *replaced = data;

	if (replaced->from && header_is(field, "From"))
		return true;
	if (replaced->to && header_is(field, "To"))
		return true;
	return replaced->recipients
	    && (header_is(field, "To") || header_is(field, "Cc") || header_is(field, "Bcc"));
}

static bool
is_choice(const struct account *account, enum setting_id id, const char *wanted)
{
	const char *text = account_text(account, id);

	return text != NULL && strcmp(text, wanted) == 0;
}

static struct text
full_name(const struct plan *plan, const struct invocation *invocation, struct arena *arena)
{
	const char *name = invocation->full_name;

	/* A notice comes from the machine, not from who happened to run the program. */
	if (name == NULL && address_is_null(plan->sender))
		return text_of("");
	if (name == NULL && account_has(plan->account, SETTING_FROM_FULL_NAME))
		name = account_expand(
		    account_text(plan->account, SETTING_FROM_FULL_NAME), plan->environment, arena);
	if (name == NULL)
		name = plan->environment->full_name;
	return text_of(name);
}

static struct text
missing_fields(const struct plan *plan, const struct header *header, const struct generic_map *map,
    struct text name, struct arena *arena)
{
	const struct address nobody = { .local = text_of("MAILER-DAEMON"),
		.domain = plan->completion.domain };
	struct addition addition = {
		.from = is_choice(plan->account, SETTING_SET_FROM_HEADER, "auto"),
		.date = is_choice(plan->account, SETTING_SET_DATE_HEADER, "auto"),
		.message_id = is_choice(plan->account, SETTING_SET_MSGID_HEADER, "auto"),
		.sender = address_is_null(plan->sender) ? generic_result(map, nobody)
							: plan->sender,
		.full_name = name,
		.domain = plan->sender.domain.length > 0 ? plan->sender.domain
							 : plan->completion.domain,
		.now = plan->environment->now,
		.now_us = plan->environment->now_us,
		.random = { plan->environment->random(), plan->environment->random() },
	};

	return addition_make(&addition, header, arena);
}

static bool
wants_to(const struct plan *plan, const struct header *header)
{
	if (account_switch(plan->account, SETTING_UNDISCLOSED_RECIPIENTS)
	    || is_choice(plan->account, SETTING_SET_TO_HEADER, "on"))
		return true;
	return is_choice(plan->account, SETTING_SET_TO_HEADER, "auto") && !header_has(header, "To")
	    && !header_has(header, "Cc") && !header_has(header, "Resent-To");
}

void
heading_edit(const struct plan *plan, const struct invocation *invocation,
    const struct generic_map *map, struct message *message, struct arena *arena)
{
	struct mapping mapping = { .completion = &plan->completion, .map = map };
	const struct rewrite_map rewrite = { .map = map_address, .data = &mapping };
	struct replaced replaced = {
		.from = is_choice(plan->account, SETTING_SET_FROM_HEADER, "on"),
		.to = is_choice(plan->account, SETTING_SET_TO_HEADER, "on"),
		.recipients = account_switch(plan->account, SETTING_UNDISCLOSED_RECIPIENTS),
	};
	bool keep_bcc = !account_switch(plan->account, SETTING_REMOVE_BCC_HEADERS);
	struct text name = full_name(plan, invocation, arena);
	struct buffer edited = buffer_open(0);

	(void)buffer_append(&edited, missing_fields(plan, &message->header, map, name, arena));
	if (replaced.from)
		(void)buffer_append(&edited, addition_from(plan->sender, name, arena));
	if (wants_to(plan, &message->header))
		(void)buffer_add(&edited, UNDISCLOSED);
	(void)buffer_append(&edited,
	    rewrite_header(&message->header, &rewrite, is_replaced, &replaced, keep_bcc, arena));
	message->edited = text_copy(buffer_text(&edited), arena);
	buffer_close(&edited);
}
