/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/origin.h"

#include "base/arena.h"
#include "base/text.h"

static bool
is_listed(const struct completion *completion, const char *domain)
{
	for (size_t i = 0; i < completion->local_count; i++)
		if (text_equal_fold(completion->local_domains[i], text_of(domain)))
			return true;
	return false;
}

static void
add_domain(struct completion *completion, const char *domain, struct arena *arena)
{
	struct text *larger;

	if (domain[0] == '\0' || is_listed(completion, domain))
		return;
	larger = arena_array(arena, completion->local_count + 1, sizeof *larger);
	for (size_t i = 0; i < completion->local_count; i++)
		larger[i] = completion->local_domains[i];
	larger[completion->local_count++] = text_of(domain);
	completion->local_domains = larger;
}

static void
add_words(struct completion *completion, struct text words, struct arena *arena)
{
	for (;;) {
		struct text word = text_word(&words, ',');

		if (word.length == 0)
			return;
		add_domain(completion, text_string(word, arena), arena);
	}
}

static const char *
without_dot(const char *name, struct arena *arena)
{
	struct text text = text_of(name);

	if (text.length > 1 && text.bytes[text.length - 1] == '.')
		return text_string(text_slice(text, 0, text.length - 1), arena);
	return name;
}

static bool
is_domain(const char *name)
{
	const struct address address = { .local = text_of("x"), .domain = text_of(name) };
	struct failure ignored;

	return name[0] != '\0' && address_check(address, EX_CONFIG, &ignored);
}

static const char *
mail_domain(
    const struct account *account, const struct environment *environment, struct arena *arena)
{
	const char *set = account_text(account, SETTING_MAILDOMAIN);

	if (set != NULL)
		return without_dot(account_expand(set, environment, arena), arena);
	set = without_dot(environment_mail_domain(environment, arena), arena);
	/* A machine without a proper name must not refuse mail that needs none. */
	return is_domain(set) ? set : "localhost";
}

struct completion
origin_completion(
    const struct account *account, const struct environment *environment, struct arena *arena)
{
	const char *domain = mail_domain(account, environment, arena);
	const char *local = account_text(account, SETTING_LOCAL_DOMAINS);
	struct completion completion = {
		.domain = text_of(domain),
		.delimiters = account_text(account, SETTING_RECIPIENT_DELIMITER),
	};

	if (local != NULL) {
		add_words(&completion, text_of(local), arena);
		return completion;
	}
	add_domain(&completion, domain, arena);
	add_domain(&completion, environment->host, arena);
	add_domain(&completion, "localhost", arena);
	add_domain(&completion, arena_print(arena, "localhost.%s", domain), arena);
	return completion;
}

const char *
origin_source(
    const struct account *account, const struct environment *environment, struct arena *arena)
{
	if (account_text(account, SETTING_MAILDOMAIN) != NULL)
		return account_where(account, SETTING_MAILDOMAIN, arena);
	return environment->mailname != NULL ? "/etc/mailname" : "the host's name";
}
