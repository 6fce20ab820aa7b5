#!/bin/sh
# SPDX-License-Identifier: ISC
# The whole job on one machine: gets what is missing, builds relay, starts a
# submission server of its own on loopback, and sends root a mail through aliases,
# transport, sasl_passwd and generic.  Nothing outside build/ and a temporary directory
# changes but the packages; nothing leaves the machine.
#
#	sh examples/quickstart.sh
#
# NO_INSTALL=1 forbids installing; then missing packages are named, exit status 69.
set -u
umask 077

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
# shellcheck source=tests/setup.sh
. "$top/tests/setup.sh"

work=
server=
cleanup() {
	result=$?
	trap - EXIT
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null
		wait "$server" 2>/dev/null
	fi
	[ -z "$work" ] || rm -rf "$work"
	exit $result
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

step() {
	printf '\n== %s\n' "$*"
}

# Shows lines as a block of their own.
show() {
	sed 's/^/    /'
}

build_relay() {
	setup_begin
	setup_need "$needs_to_build"
	say "Building in $build (its output: setup.log there)"
	# shellcheck disable=SC2119
	setup_configure
	setup_make all smarthost
}

start_server() {
	printf '%s\n' "$password" >"$work/password"
	mkdir "$work/server"
	"$build/smarthost" --directory "$work/server" --user "$user" \
		--password-file "$work/password" --host-name "$host" &
	server=$!
	while [ ! -s "$work/server/port" ]; do
		kill -0 "$server" 2>/dev/null || { say 'the server does not start' >&2; exit 1; }
		sleep 0.05
	done
	port=$(cat "$work/server/port")
	say "It listens on $host:$port, wants STARTTLS and a password; its certificate is new."
}

write_tables() {
	cat >"$work/aliases" <<-end
	root: pdupont@proximus.example
	end
	cat >"$work/transport" <<-end
	pdupont@proximus.example   smtp:$host:$port
	end
	cat >"$work/sasl_passwd" <<-end
	$host:$port $user:$password
	end
	# Whoever runs this sends under the address that the server knows.
	{
		say 'root   pdupont@proximus.example'
		[ "$(id -un)" = root ] || say "$(id -un)   pdupont@proximus.example"
	} >"$work/generic"
	cat >"$work/relayrc" <<-end
	maildomain      machine.example
	tls_trust_file  $work/server/ca.pem
	aliases         $work/aliases
	transport       $work/transport
	sasl_passwd     $work/sasl_passwd
	generic         $work/generic
	end
	chmod 600 "$work/sasl_passwd"
	for table in aliases transport sasl_passwd generic relayrc; do
		say "$table"
		sed "s|:$password|:********|" "$work/$table" | show
	done
}

send_mail() {
	ln -s "$build/relay" "$work/sendmail"
	say "printf 'From: root\\nTo: root\\nSubject: ...\\n\\n...\\n' | sendmail -C relayrc root"
	printf 'From: root\nTo: root\nSubject: a mail from this machine\n\nIt works.\n' |
		(cd "$work" && ./sendmail -C relayrc root)
	status=$?
	say "exit status $status"
	[ $status -eq 0 ] || exit $status
}

show_arrival() {
	tls=$(sed -n 's/^tls: //p' "$work/server/1.envelope")
	auth=$(sed -n 's/^auth: //p' "$work/server/1.envelope")
	say "TLS version      $tls"
	say "AUTH mechanism   ${auth%% *}"
	say "AUTH identity    ${auth#* }"
	say 'Envelope'
	sed -n 's/^mail: /MAIL FROM:/p; s/^rcpt: /RCPT TO:/p' "$work/server/1.envelope" | show
	say 'Message'
	tr -d '\r' <"$work/server/1.message" | show
}

user=fg12345678@skynet.example
password=unknown-password
# A bare container may have no hosts file.
host=localhost
getent hosts localhost >/dev/null 2>&1 || host=127.0.0.1

step 'Packages and program'
build_relay
work=$(mktemp -d "${TMPDIR:-/tmp}/relay-quickstart.XXXXXX") || exit 73

step 'A submission server on loopback'
start_server

step 'The tables'
write_tables

step 'A mail to root'
send_mail

step 'What arrived'
show_arrival
