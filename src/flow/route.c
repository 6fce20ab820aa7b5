/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/route.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "flow/choice.h"
#include "flow/route_list.h"
#include "flow/rule.h"
#include "table/password_book.h"
#include "table/table_source.h"

#define PORT_SUBMISSION 587U
#define PORT_SUBMISSIONS 465U
#define SERVICE_PREFIX "srv:"

static const struct transport no_row = { .kind = TRANSPORT_NONE };

/* The account whose settings hold on the way: the row's, or the chosen one. */
static bool
find_account(const struct route_maker *maker, const struct transport *transport,
    struct arena *arena, const struct account **account, struct failure *why)
{
	const struct account *named;
	struct account *copy;

	*account = maker->account;
	if (transport->kind != TRANSPORT_ACCOUNT)
		return true;
	named = account_find(maker->accounts, transport->account);
	if (named == NULL)
		return fail(why, EX_CONFIG, "there is no account '%s'", transport->account);
	if (strcmp(named->name, maker->account->name) == 0)
		return true;
	copy = arena_zero(arena, sizeof *copy);
	*copy = *named;
	choice_fill_tables(copy, maker->environment, arena);
	*account = copy;
	return account_settle(copy, why);
}

/* Settings that would change where mail goes and that this version does not know yet. */
static bool
refuse_later(const struct account *account, struct arena *arena, struct failure *why)
{
	static const struct {
		enum setting_id id;
		const char *value; /* NULL: any */
		const char *what;
	} later[] = {
		{ SETTING_QUEUE, "only", "'queue only' is not yet supported" },
	};

	for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
		const char *text = account_text(account, later[i].id);

		if (text == NULL || (later[i].value != NULL && strcmp(text, later[i].value) != 0))
			continue;
		fail(why, EX_CONFIG, "%s", later[i].what);
		failure_at(why, "%s", account_where(account, later[i].id, arena));
		return failure_hint(
		    why, "remove the line: ignoring it would send the mail another way");
	}
	return true;
}

/* The domain whose SRV records are to be asked for; NULL: the host is named. */
static const char *
service_domain(const struct account *account)
{
	const char *host = account_text(account, SETTING_HOST);

	if (host == NULL || !text_starts_fold(text_of(host), SERVICE_PREFIX))
		return NULL;
	return host + sizeof SERVICE_PREFIX - 1;
}

static bool
read_own_hosts(const struct account *account, struct arena *arena, struct transport_hops *hops,
    struct failure *why)
{
	const char *host = account_text(account, SETTING_HOST);

	*hops = (struct transport_hops){ 0 };
	if (host == NULL || service_domain(account) != NULL
	    || transport_hops_read(text_of(host), arena, hops, why))
		return true;
	failure_at(why, "%s", account_where(account, SETTING_HOST, arena));
	return failure_in(why, FAILURE_CONFIG);
}

static unsigned
own_port(const struct account *account, const struct transport_hop *hop)
{
	return hop->port != 0 ? hop->port : (unsigned)account_number(account, SETTING_PORT);
}

struct transport_hop
route_own_server(
    const struct account *account, const struct transport_hop *server, struct arena *arena)
{
	struct transport_hop own = *server;

	if (own.port != 0)
		return own;
	own.bare = own.text;
	own.text = arena_print(arena, "%s:%u", own.text, own_port(account, server));
	return own;
}

/* `protocol` and `socket` are about the servers that the account itself gives, never about one that
 * a row names. */
static bool
speaks_lmtp(const struct account *account)
{
	const char *protocol = account_text(account, SETTING_PROTOCOL);

	return protocol != NULL && strcmp(protocol, "lmtp") == 0;
}

static struct route_hop
own_hop(const struct account *account, const struct transport_hop *server, struct arena *arena)
{
	return (struct route_hop){ .server = route_own_server(account, server, arena),
		.port = own_port(account, server),
		.own = true,
		.lmtp = speaks_lmtp(account) };
}

static bool
is_own(const struct transport_hops *own, const struct account *account, const char *host,
    unsigned port)
{
	for (size_t i = 0; i < own->count; i++)
		if (own_port(account, &own->items[i]) == port
		    && text_equal_fold(text_of(own->items[i].host), text_of(host)))
			return true;
	return false;
}

static unsigned
row_port(const struct route *route, const struct transport_hop *hop)
{
	if (hop->port != 0)
		return hop->port;
	return route->implicit_tls ? PORT_SUBMISSIONS : PORT_SUBMISSION;
}

static void
fill_hops(struct route *route, const struct transport_hops *row, const struct transport_hops *own,
    struct arena *arena)
{
	bool from_row = row->count > 0;
	const struct transport_hops *hops = from_row ? row : own;

	route->hops = arena_array(arena, hops->count, sizeof *route->hops);
	route->hop_count = hops->count;
	for (size_t i = 0; i < hops->count; i++) {
		struct route_hop *hop = &route->hops[i];

		if (!from_row) {
			*hop = own_hop(route->account, &hops->items[i], arena);
			continue;
		}
		hop->server = hops->items[i];
		hop->port = row_port(route, &hops->items[i]);
		hop->own = is_own(own, route->account, hop->server.host, hop->port);
	}
}

/* A unix socket is the way to the host, and to this machine where none is named; its path is the
 * key for credentials. */
static void
fill_socket(
    struct route *route, const char *path, const struct transport_hops *own, struct arena *arena)
{
	const char *host = own->count > 0 ? own->items[0].host : "localhost";

	route->hops = arena_array(arena, 1, sizeof *route->hops);
	route->hop_count = 1;
	route->hops[0] = (struct route_hop){
		.server = { .text = path, .host = host },
		.own = true,
		.socket = path,
		.lmtp = speaks_lmtp(route->account),
	};
}

/* The domain is the key for credentials, never what DNS says (F98). */
static void
fill_service(struct route *route, const char *domain, struct arena *arena)
{
	route->hops = arena_array(arena, 1, sizeof *route->hops);
	route->hop_count = 1;
	route->hops[0] = (struct route_hop){
		.server = { .text = domain, .host = domain },
		.own = true,
		.lmtp = speaks_lmtp(route->account),
		.service = true,
	};
}

/* Who may change the answer of DNS would choose the server. */
static bool
refuse_clear_service(const struct account *account, struct arena *arena, struct failure *why)
{
	fail(why, EX_CONFIG, "'host srv:' needs TLS, and 'tls off' is set");
	failure_at(why, "%s", account_where(account, SETTING_HOST, arena));
	failure_hint(why, "remove 'tls off', or name the host");
	return failure_in(why, FAILURE_CONFIG);
}

static bool
goes_nowhere(enum transport_kind kind)
{
	return kind == TRANSPORT_ERROR || kind == TRANSPORT_RETRY || kind == TRANSPORT_DISCARD;
}

static bool
open_route(const struct route_maker *maker, const struct transport *transport, struct arena *arena,
    struct route *route, struct failure *why)
{
	struct transport_hops own;
	const char *domain;
	const char *socket;

	*route = (struct route){ .kind = transport->kind, .transport = transport };
	if (transport->key == NULL)
		route->transport = NULL;
	if (!find_account(maker, transport, arena, &route->account, why))
		return false;
	if (goes_nowhere(transport->kind))
		return true;
	if (!rule_check(route->account, arena, why) || !refuse_later(route->account, arena, why)
	    || !read_own_hosts(route->account, arena, &own, why))
		return false;
	if (route->kind == TRANSPORT_NONE || route->kind == TRANSPORT_ACCOUNT)
		route->kind = TRANSPORT_SMTP;
	route->implicit_tls = route->kind == TRANSPORT_SMTPS
	    || (account_switch(route->account, SETTING_TLS)
		&& account_is_written(route->account, SETTING_TLS_STARTTLS)
		&& !account_switch(route->account, SETTING_TLS_STARTTLS));
	socket = account_text(route->account, SETTING_SOCKET);
	domain = service_domain(route->account);
	if (domain != NULL && !account_switch(route->account, SETTING_TLS))
		return refuse_clear_service(route->account, arena, why);
	if (socket != NULL && transport->hops.count == 0)
		fill_socket(route, socket, &own, arena);
	else if (domain != NULL && transport->hops.count == 0)
		fill_service(route, domain, arena);
	else
		fill_hops(route, &transport->hops, &own, arena);
	return rule_check_files(
	    route->account, route->hop_count > 0 && route->hops[0].own, arena, why);
}

static bool
has_server(const struct route_maker *maker)
{
	return account_text(maker->account, SETTING_HOST) != NULL
	    || account_text(maker->account, SETTING_SOCKET) != NULL;
}

static bool
refuse_at_row(
    const struct route_maker *maker, const struct transport *transport, struct failure *why)
{
	const char *table = account_text(maker->account, SETTING_TRANSPORT);

	if (transport->key != NULL && table != NULL)
		table_source_at(why, table, transport->line);
	return failure_in(why, FAILURE_PLAN);
}

/* generic may give two names one address: one mail is enough. */
static void
add_recipient(struct route *route, struct route_recipient recipient, struct arena *arena)
{
	const struct envelope_recipient seen = { .address = recipient.address };

	if (!envelope_add(&route->seen, seen, arena))
		return;
	route->recipients = arena_grow(
	    arena, route->recipients, route->count, &route->capacity, sizeof *route->recipients);
	route->recipients[route->count++] = recipient;
}

static bool
open_new(struct route_list *list, const struct route_maker *maker,
    const struct transport *transport, const struct route_recipient *recipient, struct arena *arena,
    size_t *way, struct failure *why)
{
	struct route route;

	if (!open_route(maker, transport, arena, &route, why))
		return refuse_at_row(maker, transport, why);
	if (!goes_nowhere(route.kind) && route.hop_count == 0) {
		fail(why, EX_CONFIG, "account '%s' has no host", route.account->name);
		failure_hint(why, "add a line 'host NAME' to the account");
		return refuse_at_row(maker, transport, why);
	}
	route.sender = recipient->sender;
	route.sender_given = recipient->sender_given;
	*way = route_list_add(list, &route, arena);
	return true;
}

bool
route_add(struct route_list *list, const struct route_maker *maker,
    const struct transport *transport, struct route_recipient recipient, struct arena *arena,
    size_t *way, struct failure *why)
{
	size_t number = ROUTE_NONE;

	/* A row that says `:` means what no row means. */
	if (transport == NULL || transport->kind == TRANSPORT_NONE)
		transport = &no_row;
	if (transport->kind != TRANSPORT_NONE || has_server(maker)) {
		number = route_list_find(list, transport, recipient.sender_given);
		if (number == ROUTE_NONE
		    && !open_new(list, maker, transport, &recipient, arena, &number, why))
			return false;
		add_recipient(&list->items[number], recipient, arena);
	}
	*way = number;
	return true;
}

static struct credential_request
request_of(const struct route *route, size_t hop, const struct route_maker *maker,
    struct password_book *book)
{
	return (struct credential_request){
		.account = route->account,
		.hop = &route->hops[hop].server,
		.own_hop = route->hops[hop].own,
		.sender = route->sender_given,
		.completion = maker->completion,
		.environment = maker->environment,
		.book = book,
	};
}

static bool
find_credentials(struct route *route, const struct route_maker *maker, struct password_book *book,
    struct arena *arena, struct failure *why)
{
	for (size_t i = 0; i < route->hop_count; i++) {
		const struct credential_request request = request_of(route, i, maker, book);

		if (!credential_find(&request, arena, &route->hops[i].credential, why))
			return failure_in(why, FAILURE_CONFIG);
	}
	return true;
}

static void
note_requests(
    const struct route_list *list, const struct route_maker *maker, struct password_book *book)
{
	for (size_t i = 0; i < list->count; i++) {
		for (size_t k = 0; k < list->items[i].hop_count; k++) {
			const struct credential_request request = request_of(
			    &list->items[i], k, maker, book);

			credential_note(&request);
		}
	}
}

void
route_find_credentials(
    struct route_list *list, const struct route_maker *maker, struct arena *arena)
{
	struct password_book *book = password_book_open(arena);

	note_requests(list, maker, book);
	for (size_t i = 0; i < list->count; i++) {
		struct failure why;
		struct failure *kept;

		if (find_credentials(&list->items[i], maker, book, arena, &why))
			continue;
		kept = arena_zero(arena, sizeof *kept);
		*kept = why;
		list->items[i].fault = kept;
	}
	password_book_close(book);
}

static const char *
describe_hops(const struct route *route, struct arena *arena)
{
	const char *all = "";

	for (size_t i = 0; i < route->hop_count; i++)
		all = arena_print(
		    arena, "%s%s%s", all, i == 0 ? "" : ", ", route->hops[i].server.text);
	return all;
}

const char *
route_describe(const struct route *route, struct arena *arena)
{
	const char *text = route->transport == NULL || route->transport->text == NULL
	    ? ""
	    : route->transport->text;

	if (route->kind == TRANSPORT_DISCARD)
		return arena_print(arena, "discard:%s", text);
	if (route->kind == TRANSPORT_ERROR || route->kind == TRANSPORT_RETRY)
		return arena_print(arena, "%s:%s %s",
		    route->kind == TRANSPORT_ERROR ? "error" : "retry", route->transport->enhanced,
		    text);
	return arena_print(arena, "%s:%s", route->kind == TRANSPORT_SMTPS ? "smtps" : "smtp",
	    describe_hops(route, arena));
}
