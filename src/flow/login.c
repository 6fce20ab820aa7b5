/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/login.h"

#include "smtp/auth.h"
#include "table/table_source.h"

bool
login_run(const struct login *login, struct session *session, struct failure *why)
{
	const struct credential *credential = &login->hop->credential;
	const char *filter = account_text(login->route->account, SETTING_AUTH);
	const struct auth_identity identity = {
		.user = credential->user,
		.filter = filter == NULL ? "on" : filter,
		.hostname = login->hop->server.host,
		.port = (uint16_t)login->hop->port,
		.where = credential->where,
		.secret = login->secret,
		.data = login->data,
	};

	if (credential->source == CREDENTIAL_NONE)
		return true;
	return auth_login(session, &identity, why);
}

/* A row that differs in brackets or port is another row. */
void
login_explain_missing(const struct route *route, const struct route_hop *hop, struct failure *why)
{
	const char *table = account_text(route->account, SETTING_SASL_PASSWD);

	if (why->smtp_code != 530 || hop->credential.source != CREDENTIAL_NONE)
		return;
	why->hint[0] = '\0';
	failure_hint(why,
	    "the server wants a login and no password was found for '%s': a row of %s must have "
	    "exactly that key, brackets and port included",
	    hop->server.text, table == NULL ? "sasl_passwd" : table_source_of(table).path);
}
