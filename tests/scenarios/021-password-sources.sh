#!/bin/sh
# SPDX-License-Identifier: ISC
# The password from each place that relayrc knows; a source that fails is told.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp

write_source() {
	write_relayrc <<end
host            $host
port            $(port isp)
maildomain      local.example
tls_trust_file  $work/isp/ca.pem
user            $user
$1
end
}

n=0
works() {
	n=$((n + 1))
	write_source "$1"
	send_hello -f me@local.example jane@one.example
	expect_status 0
	expect_envelope isp $n "auth: SCRAM-SHA-256-PLUS $user"
}

fails() {
	write_source "$1"
	send_hello -f me@local.example jane@one.example
	expect_status 75 78
	expect_messages isp $n
}

mkdir "$work/credentials"
printf '%s\nsecond line\n' "$secret" >"$work/secret"
cp "$work/secret" "$work/credentials/smarthost"
printf 'machine %s login %s password %s\n' "$host" "$user" "$secret" >"$work/netrc"

works "password $secret"
works "password \"$secret\""
works "passwordfile $work/secret"
works "passwordeval cat $work/secret"
works "netrc $work/netrc"
CREDENTIALS_DIRECTORY=$work/credentials
export CREDENTIALS_DIRECTORY
works 'password_credential smarthost'

fails "passwordeval echo 'the safe is locked' >&2; exit 3"
expect_stderr "relayrc:6: the command 'echo' ended with status 3: the safe is locked"
fails 'passwordeval true'
expect_hint 'the command must print the password'
fails "passwordfile $work/missing"
expect_stderr "$work/missing"
expect_hint 'make the file'
fails 'host'
expect_stderr "relayrc:6: 'host' needs an argument"
chmod 644 "$work/secret"
fails "passwordfile $work/secret"
expect_hint chmod
