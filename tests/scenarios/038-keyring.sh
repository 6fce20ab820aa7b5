#!/bin/sh
# SPDX-License-Identifier: ISC
# A password in the keyring: by a library that stands in for libsecret, and by the real one
# where a keyring can be had.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

send --version </dev/null
grep -q 'keyring: libsecret' "$out" || skip "built without the keyring"
command -v "${CC:-cc}" >/dev/null || skip "no compiler to make the library with"

cat >"$work/standin.c" <<'end'
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct error { unsigned domain; int code; char *message; };

static const char *
wanted(const char *name)
{
	if (strcmp(name, "service") == 0)
		return "smtp";
	return getenv(strcmp(name, "host") == 0 ? "STANDIN_HOST" : "STANDIN_USER");
}

char *
secret_password_lookup_sync(const void *schema, void *cancellable, struct error **error, ...)
{
	const char *file = getenv("STANDIN_FILE");
	FILE *passwords = file == NULL ? NULL : fopen(file, "r");
	char line[256] = "";
	int alike = 0;
	va_list list;

	(void)schema;
	(void)cancellable;
	va_start(list, error);
	for (const char *name = va_arg(list, const char *); name != NULL;
	     name = va_arg(list, const char *))
		alike += strcmp(va_arg(list, const char *), wanted(name)) == 0;
	va_end(list);
	if (passwords == NULL) {
		*error = calloc(1, sizeof **error);
		(*error)->message = strdup("the keyring is locked");
		return NULL;
	}
	if (fgets(line, sizeof line, passwords) == NULL)
		alike = 0;
	fclose(passwords);
	line[strcspn(line, "\n")] = '\0';
	return alike == 3 ? strdup(line) : NULL;
}

void
g_error_free(struct error *error)
{
	free(error->message);
	free(error);
}

void
secret_password_free(char *password)
{
	memset(password, 0, strlen(password));
	free(password);
}
end
"${CC:-cc}" -shared -fPIC -o "$work/libsecret-1.so.0" "$work/standin.c" ||
	skip "the compiler makes no library"

start_smarthost isp
write_relayrc <<end
host            $host
port            $(port isp)
maildomain      local.example
tls_trust_file  $work/isp/ca.pem
user            $user
end
printf '%s\n' "$secret" >"$work/passwords"
STANDIN_HOST=$host STANDIN_USER=$user STANDIN_FILE=$work/passwords
export STANDIN_HOST STANDIN_USER STANDIN_FILE

# Without a session there is no keyring, and no library is loaded.
LD_LIBRARY_PATH=$work
export LD_LIBRARY_PATH
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr 'there is no password for user'

DBUS_SESSION_BUS_ADDRESS=unix:path=$work/bus
export DBUS_SESSION_BUS_ADDRESS
send --pretend jane@one.example </dev/null
expect_stdout 'password from the keyring'
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp 1 "auth: SCRAM-SHA-256-PLUS $user"

STANDIN_USER=another send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr "the keyring has no password for user '$user' at '$host'"
expect_hint 'secret-tool store'
STANDIN_FILE=$work/missing send_hello -f me@local.example jane@one.example
expect_status 75
expect_stderr 'the keyring is locked'
expect_messages isp 1

# The path of the usual bus is enough, when the bus is there.
unset DBUS_SESSION_BUS_ADDRESS
XDG_RUNTIME_DIR=$work/run
export XDG_RUNTIME_DIR
mkdir -m 700 "$XDG_RUNTIME_DIR"
send --pretend jane@one.example </dev/null
expect_status 78
: >"$XDG_RUNTIME_DIR/bus"
send --pretend jane@one.example </dev/null
expect_stdout 'password from the keyring'
rm "$XDG_RUNTIME_DIR/bus"

# The real thing.
unset LD_LIBRARY_PATH
for program in dbus-run-session gnome-keyring-daemon secret-tool; do
	command -v $program >/dev/null || { echo "# no $program: only the stand-in"; exit 0; }
done
cat >"$work/session" <<'end'
printf 'unlock\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || exit 1
printf %s "$SECRET" | secret-tool store --label=relay service smtp host "$HOST" user "$LOGIN" ||
	exit 1
. "$RUN"
end
printf '%s\n' "$secret" | {
	read -r SECRET
	HOST=$host LOGIN=$user RUN=$work/run.sh
	export SECRET HOST LOGIN RUN
	cat >"$work/run.sh" <<-end
		printf 'From: me\n\nhi\n' | '$relay' -C '$work/relayrc' -f me@local.example jane@one.example
		echo \$? >'$work/real.status'
	end
	within_a_minute dbus-run-session -- sh "$work/session" >"$work/real.out" 2>&1
}
if [ ! -f "$work/real.status" ]; then
	echo "# no keyring can run here: only the stand-in"
	exit 0
fi
[ "$(cat "$work/real.status")" -eq 0 ] ||
	wrong "the real keyring gives no password" "$work/real.out"
expect_messages isp 2
