/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/completion.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/failure.h"

#define ROUNDS_MAX 16

/* An address in brackets whose packets do not leave the machine? */
static bool
is_loopback(struct text domain)
{
	char text[INET6_ADDRSTRLEN] = "";
	struct in6_addr six;
	struct in_addr four;
	struct text inner;

	if (domain.length < 2 || domain.bytes[0] != '[' || domain.bytes[domain.length - 1] != ']')
		return false;
	inner = text_slice(domain, 1, domain.length - 1);
	if (text_starts_fold(inner, "IPv6:"))
		inner = text_slice(inner, strlen("IPv6:"), inner.length);
	if (inner.length == 0 || inner.length >= sizeof text)
		return false;
	memcpy(text, inner.bytes, inner.length);
	if (inet_pton(AF_INET, text, &four) == 1)
		return ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
	return inet_pton(AF_INET6, text, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool
completion_is_local(const struct completion *completion, struct text domain)
{
	const struct address asked = { .domain = domain };

	if (domain.length == 0)
		return true;
	for (size_t i = 0; i < completion->local_count; i++) {
		const struct address ours = { .domain = completion->local_domains[i] };

		if (address_equal(asked, ours))
			return true;
	}
	return is_loopback(domain);
}

/* Where the last `byte` stands; the length when there is none. */
static size_t
find_last(struct text text, char byte)
{
	for (size_t i = text.length; i > 0; i--)
		if (text.bytes[i - 1] == byte)
			return i - 1;
	return text.length;
}

static struct text
without_dot(struct text domain)
{
	if (domain.length > 1 && domain.bytes[domain.length - 1] == '.')
		domain.length--;
	return domain;
}

struct address
completion_apply(const struct completion *completion, struct address address)
{
	struct text local = address.local;
	size_t bang;
	size_t percent;

	if (address.domain.length > 0 || local.length == 0)
		return address;
	bang = text_find(local, '!');
	if (bang > 0 && bang + 1 < local.length) {
		address.local = text_slice(local, bang + 1, local.length);
		address.domain = without_dot(text_slice(local, 0, bang));
		return address;
	}
	percent = find_last(local, '%');
	if (percent > 0 && percent + 1 < local.length) {
		address.local = text_slice(local, 0, percent);
		address.domain = without_dot(text_slice(local, percent + 1, local.length));
		return address;
	}
	address.domain = completion->domain;
	return address;
}

/* Bytes that would be several words outside quotes (`odd name@dom`) are one local part in them. */
static bool
split_last(struct text local, struct address *inner)
{
	size_t at = find_last(local, '@');
	struct failure ignored;

	inner->local = text_slice(local, 0, at);
	inner->domain = without_dot(text_slice(local, at + 1, local.length));
	return inner->domain.length > 0 && address_check(*inner, EX_DATAERR, &ignored);
}

/* What the local part says by itself: `bob@dom` of `"bob@dom"@here`. */
static bool
read_inner(struct text local, struct arena *arena, struct address *inner)
{
	struct address_list list;
	struct failure ignored;

	if (text_find(local, '@') == local.length) {
		*inner = (struct address){ .local = local, .domain = text_of("") };
		return true;
	}
	if (!address_list_read(local, 1, arena, &list, &ignored) || list.count != 1)
		return split_last(local, inner);
	*inner = list.spans[0].address;
	return inner->local.length > 0;
}

static bool
holds_another(struct text local)
{
	return text_find(local, '@') < local.length || text_find(local, '!') < local.length
	    || text_find(local, '%') < local.length;
}

struct address
completion_recipient(
    const struct completion *completion, struct address address, struct arena *arena)
{
	struct address now = completion_apply(completion, address);

	for (int round = 0; round < ROUNDS_MAX; round++) {
		struct address inner;
		struct address next;

		if (!completion_is_local(completion, now.domain) || !holds_another(now.local))
			return now;
		if (!read_inner(now.local, arena, &inner))
			return now;
		next = completion_apply(completion, inner);
		if (address_equal(next, now))
			return now;
		now = next;
	}
	return now;
}
