/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/sender.h"

#include <string.h>

#include "base/text.h"

static bool
read_given(const char *given, struct arena *arena, struct sender *sender, struct failure *why)
{
	if (!address_read(text_of(given), arena, &sender->address, why))
		return failure_in(why, FAILURE_USAGE);
	sender->known = true;
	return true;
}

/* --read-envelope-from: the first address of the first From field. */
static bool
read_field(
    const struct message *message, struct arena *arena, struct sender *sender, struct failure *why)
{
	size_t at = 0;
	const struct header_field *field = header_find(&message->header, "From", &at);
	struct address_list list;

	if (field == NULL)
		return true;
	if (!address_list_read(field->value, 0, arena, &list, why)) {
		failure_at(why, "the From field");
		return failure_in(why, FAILURE_INPUT);
	}
	if (list.count == 0)
		return true;
	sender->address = list.spans[0].address;
	sender->known = true;
	return true;
}

bool
sender_read(const struct invocation *invocation, const struct message *message, struct arena *arena,
    struct sender *sender, struct failure *why)
{
	*sender = (struct sender){ 0 };
	sender->source = invocation->has_sender ? SENDER_OPTION : SENDER_FIELD;
	if (invocation->has_sender)
		return read_given(invocation->sender, arena, sender, why);
	if (invocation->read_sender)
		return read_field(message, arena, sender, why);
	return true;
}

/* The account's `from` that may stand for an address; NULL: none. */
static const struct value *
account_sender(const struct account *account)
{
	const struct value *value = &account->values[SETTING_FROM];

	if (account_switch(account, SETTING_AUTO_FROM))
		return NULL;
	for (; value != NULL; value = value->next)
		if (value->text != NULL && !account_is_pattern(value->text))
			return value;
	return NULL;
}

static bool
has_stray_at(const char *text)
{
	return strchr(text, '"') == NULL && strchr(text, '@') != strrchr(text, '@');
}

static bool
read_own(
    struct sender *sender, const struct account *account, struct arena *arena, struct failure *why)
{
	sender->source = SENDER_ACCOUNT;
	sender->overruled = sender->known;
	/* Mails of old have more than one; in a setting it is a slip. */
	if (has_stray_at(sender->setting->text))
		fail(why, EX_CONFIG, "'%s' is no address: it has more than one '@'",
		    sender->setting->text);
	else if (address_read(text_of(sender->setting->text), arena, &sender->written, why))
		return true;
	why->code = EX_CONFIG;
	failure_hint(why, "write one address behind 'from', as in 'from jane@example.com'");
	failure_at(why, "%s", account_where(account, SETTING_FROM, arena));
	return failure_in(why, FAILURE_CONFIG);
}

/* A notice, by the name that mail systems sign theirs with: answered by another notice, it would
 * go round for ever. */
static bool
is_notifier(struct address address, const struct completion *completion)
{
	return text_is_fold(address.local, "MAILER-DAEMON")
	    && text_equal_fold(address.domain, completion->domain);
}

bool
sender_settle(struct sender *sender, const struct account *account,
    const struct environment *environment, const struct completion *completion, struct arena *arena,
    struct address *complete, struct failure *why)
{
	bool override = account_switch(account, SETTING_ALLOW_FROM_OVERRIDE);
	const struct value *own = account_sender(account);
	struct address address;

	sender->written = sender->address;
	if (own != NULL && (!sender->known || !override)) {
		sender->setting = own;
		if (!read_own(sender, account, arena, why))
			return false;
	} else if (!sender->known || account_switch(account, SETTING_AUTO_FROM)) {
		sender->source = SENDER_USER;
		sender->overruled = sender->known;
		sender->written = (struct address){ .local = text_of(environment->user) };
	}
	address = completion_apply(completion, sender->written);
	if (is_notifier(address, completion))
		address = (struct address){ .local = text_of(""), .domain = text_of("") };
	if (!address_is_null(address) && !address_check(address, EX_USAGE, why))
		return failure_in(why, FAILURE_USAGE);
	*complete = address;
	return true;
}
