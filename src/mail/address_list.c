/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/address.h"

#include <string.h>

#include "base/arena.h"
#include "mail/address_token.h"

#define NOWHERE ((size_t)-1)
#define EXCERPT_MAX 60

/*
 * The state between two tokens.  A word alone may be an address or part of a
 * display name, which shows only at the `<` or the comma behind it: spans from
 * `mark` on are not certain before that, and neither is `doubt`.
 */
struct scan {
	struct address_tokens tokens;
	struct address_span *spans; /* NULL while they are only counted */
	size_t count;
	size_t most; /* that `count` has been */
	size_t mark;
	size_t limit;
	size_t semicolon;  /* where the last one stands; a group's colon is before it */
	const char *doubt; /* what is wrong with a span from `mark` on */
	bool grouped;
	bool parted;  /* nothing, or a comma and the like, stands before */
	char *values; /* room for every byte of the list */
	size_t used;

	/* The address that is being read. */
	bool open;
	bool angle;
	bool begun;  /* its first token was seen */
	bool joins;  /* the last token was a sign that binds what follows */
	bool routed; /* it begins with an @ */
	size_t start;
	size_t end;
	size_t comma;
	size_t value;   /* where its bytes begin in `values` */
	size_t at_sign; /* where the last @ stands there */
};

/* Colons matter only before a semicolon, and few lists hold one. */
static size_t
last_semicolon(struct text list)
{
	struct address_tokens tokens = address_token_open(list);
	size_t last = 0;

	if (text_find(list, ';') == list.length || text_find(list, ':') == list.length)
		return 0;
	for (;;) {
		struct address_token token = address_token_next(&tokens);

		if (token.kind == ADDRESS_TOKEN_END || token.kind == ADDRESS_TOKEN_FAULT)
			return last;
		if (token.kind == ADDRESS_TOKEN_SIGN && token.sign == ';')
			last = token.start;
	}
}

static struct address
split(const struct scan *scan)
{
	struct text value = text_make(scan->values + scan->value, scan->used - scan->value);
	size_t at = scan->at_sign == NOWHERE ? value.length : scan->at_sign - scan->value;
	struct address address;

	/* A route that leads nowhere: no local part, so nobody will send to it. */
	if (scan->routed)
		at = 0;
	address.local = text_slice(value, 0, at);
	address.domain = text_slice(value, at + 1, value.length);
	if (address.domain.length > 1 && address.domain.bytes[address.domain.length - 1] == '.')
		address.domain.length--;
	return address;
}

static bool
holds_break(struct text text)
{
	return text_find(text, '\0') < text.length || text_find(text, '\r') < text.length
	    || text_find(text, '\n') < text.length;
}

static const char *
judge(const struct scan *scan, struct address address)
{
	if (scan->at_sign != NOWHERE && address.domain.length == 0)
		return "an address without a domain";
	if (address.local.length > ADDRESS_LOCAL_MAX)
		return "a local part that is too long";
	if (address.domain.length > ADDRESS_DOMAIN_MAX)
		return "a domain that is too long";
	if (holds_break(address.local) || holds_break(address.domain))
		return "a line break or NUL inside an address";
	return NULL;
}

static void
begin(struct scan *scan, const struct address_token *token)
{
	scan->open = true;
	scan->begun = false;
	scan->joins = true;
	scan->routed = false;
	scan->start = token->start;
	scan->end = token->start;
	scan->comma = scan->parted ? 0 : token->before;
	scan->value = scan->used;
	scan->at_sign = NOWHERE;
	scan->parted = false;
}

/* Ends the open address, if there is one. */
static void
finish(struct scan *scan)
{
	struct address address;

	if (!scan->open)
		return;
	scan->open = false;
	address = split(scan);
	if (scan->doubt == NULL)
		scan->doubt = judge(scan, address);
	if (scan->spans != NULL)
		scan->spans[scan->count] = (struct address_span){
			.address = address,
			.start = scan->start,
			.end = scan->end,
			.angle = scan->angle,
			.grouped = scan->grouped,
			.comma = scan->comma,
		};
	scan->count++;
	if (scan->count > scan->most)
		scan->most = scan->count;
}

static bool
refuse(const struct scan *scan, const char *words, struct failure *why)
{
	struct text list = text_trim(scan->tokens.text);
	int shown = list.length > EXCERPT_MAX ? EXCERPT_MAX : (int)list.length;

	return fail(why, EX_DATAERR, "%s in the address list '%.*s%s'", words, shown, list.bytes,
	    list.length > EXCERPT_MAX ? "..." : "");
}

/* What was read up to here are addresses. */
static bool
commit(struct scan *scan, struct failure *why)
{
	finish(scan);
	if (scan->doubt != NULL)
		return refuse(scan, scan->doubt, why);
	if (scan->limit != 0 && scan->count > scan->limit)
		return fail(why, EX_DATAERR, "more than %zu addresses in one list", scan->limit);
	scan->mark = scan->count;
	return true;
}

/* What was read since the mark is the name of a person or a group.  Returns where
 * the comma before it is missing. */
static size_t
discard(struct scan *scan, const struct address_token *token)
{
	size_t comma = scan->parted ? 0 : token->before;

	finish(scan);
	if (scan->count > scan->mark && scan->spans != NULL)
		comma = scan->spans[scan->mark].comma;
	scan->count = scan->mark;
	scan->doubt = NULL;
	return comma;
}

static void
extend(struct scan *scan, const struct address_token *token)
{
	if (!scan->open)
		begin(scan, token);
	if (!scan->begun)
		scan->start = token->start;
	scan->begun = true;
	scan->end = token->end;
}

static void
take_word(struct scan *scan, const struct address_token *token)
{
	bool loose = scan->open && !scan->joins && token->apart;

	if (loose && !scan->angle)
		finish(scan);
	else if (loose)
		scan->values[scan->used++] = ' ';
	extend(scan, token);
	scan->joins = false;
	scan->used += address_token_value(scan->tokens.text, token, scan->values + scan->used);
}

/* A sign that is part of an address. */
static void
take_sign(struct scan *scan, const struct address_token *token)
{
	extend(scan, token);
	scan->joins = true;
	if (token->sign == '@' && scan->used == scan->value)
		scan->routed = true;
	if (token->sign == '@')
		scan->at_sign = scan->used;
	scan->values[scan->used++] = token->sign;
}

/* Is it the comma of a source route `@a,@b:user@dom`? */
static bool
in_route(const struct scan *scan)
{
	struct address_tokens ahead = scan->tokens;
	struct address_token next;

	if (!scan->open || !scan->routed)
		return false;
	next = address_token_next(&ahead);
	return scan->angle || (next.kind == ADDRESS_TOKEN_SIGN && next.sign == '@');
}

static bool
take_separator(struct scan *scan, const struct address_token *token, struct failure *why)
{
	if (token->sign == ',' && in_route(scan)) {
		take_sign(scan, token);
		return true;
	}
	if (scan->angle)
		return refuse(scan, "a '<' that is not closed", why);
	if (!commit(scan, why))
		return false;
	scan->parted = true;
	if (token->sign == ';')
		scan->grouped = false;
	return true;
}

static void
take_colon(struct scan *scan, const struct address_token *token)
{
	if (scan->open && scan->routed) {
		scan->used = scan->value;
		scan->at_sign = NOWHERE;
		scan->routed = false;
		scan->joins = true;
		scan->end = token->end;
		return;
	}
	if (scan->angle || token->start >= scan->semicolon) {
		take_sign(scan, token);
		return;
	}
	(void)discard(scan, token);
	scan->grouped = true;
	scan->parted = true;
}

static bool
take_angle(struct scan *scan, const struct address_token *token, struct failure *why)
{
	size_t comma;

	if (scan->angle)
		return refuse(scan, "a '<' inside another", why);
	comma = discard(scan, token);
	begin(scan, token);
	scan->start = token->end;
	scan->end = token->end;
	scan->comma = comma;
	scan->angle = true;
	return true;
}

static bool
take_closing(struct scan *scan, struct failure *why)
{
	if (!scan->angle)
		return refuse(scan, "a '>' without its '<'", why);
	if (!commit(scan, why))
		return false;
	scan->angle = false;
	return true;
}

static bool
take(struct scan *scan, const struct address_token *token, struct failure *why)
{
	if (token->kind != ADDRESS_TOKEN_SIGN) {
		take_word(scan, token);
		return true;
	}
	switch (token->sign) {
	case ',':
	case ';':
		return take_separator(scan, token, why);
	case '<':
		return take_angle(scan, token, why);
	case '>':
		return take_closing(scan, why);
	case ':':
		take_colon(scan, token);
		return true;
	default:
		take_sign(scan, token);
		return true;
	}
}

static bool
run(struct scan *scan, struct failure *why)
{
	struct address_token token = address_token_next(&scan->tokens);

	for (; token.kind != ADDRESS_TOKEN_END; token = address_token_next(&scan->tokens)) {
		if (token.kind == ADDRESS_TOKEN_FAULT)
			return refuse(scan, token.fault, why);
		if (!take(scan, &token, why))
			return false;
	}
	if (scan->angle)
		return refuse(scan, "a '<' that is not closed", why);
	return commit(scan, why);
}

/* Two runs, the first to count: an array that grows would cost three times the memory. */
bool
address_list_read(struct text list, size_t limit, struct arena *arena, struct address_list *found,
    struct failure *why)
{
	const struct scan fresh = {
		.tokens = address_token_open(list),
		.limit = limit,
		.semicolon = last_semicolon(list),
		.parted = true,
		.values = arena_zero(arena, list.length + 1),
	};
	struct scan scan = fresh;
	size_t most;

	if (!run(&scan, why))
		return false;
	most = scan.most;
	scan = fresh;
	scan.spans = arena_array(arena, most, sizeof *scan.spans);
	if (!run(&scan, why))
		return false;
	*found = (struct address_list){ .spans = scan.spans, .count = scan.count };
	return true;
}
