#!/bin/sh
# SPDX-License-Identifier: ISC
# Key and certificate on a token (PKCS#11), here SoftHSM's.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v softhsm2-util >/dev/null 2>&1 || skip 'softhsm2-util is not installed (package softhsm2)'
command -v p11tool >/dev/null 2>&1 || skip 'p11tool is not installed (package gnutls-bin)'

start_smarthost isp --ask-certificate --mechanisms EXTERNAL
mkdir "$work/tokens"
SOFTHSM2_CONF=$work/softhsm.conf
export SOFTHSM2_CONF
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' \
	"$work/tokens" >"$SOFTHSM2_CONF"
pin=4711
softhsm2-util --init-token --free --label relay --so-pin 12345678 --pin $pin \
	>"$work/token.log" 2>&1 || skip "no token could be made: $(tail -n 1 "$work/token.log")"
token='pkcs11:token=relay'
put() {
	GNUTLS_PIN=$pin p11tool --login --write --label relay "$@" "$token" \
		>"$work/token.log" 2>&1
}
put --load-privkey "$work/isp/client.key" ||
	skip "the system's p11-kit does not know SoftHSM: $(tail -n 1 "$work/token.log")"
put --load-certificate "$work/isp/client.pem" --no-mark-private ||
	wrong 'no certificate could be stored' "$work/token.log"

write_token_account() {
	write_relayrc <<-end
	host            $host
	port            $(port isp)
	maildomain      local.example
	tls_trust_file  $work/isp/ca.pem
	auth            external
	user            $user
	tls_cert_file   $1
	tls_key_file    $2
	end
}

# Both there, or the key alone.
printf %s $pin >"$work/pin"
key="$token;object=relay;type=private?pin-value=$pin"
write_token_account "$token;object=relay;type=cert" "$key"
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp 1 "auth: EXTERNAL $user"
write_token_account "$work/isp/client.pem" "$token;object=relay;type=private?pin-source=$work/pin"
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp 2 "auth: EXTERNAL $user"

# What is not there.
write_token_account "$work/isp/client.pem" "$token;object=other;type=private?pin-value=$pin"
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr 'pin-value=***'
expect_hint p11tool
expect_no_stderr "$pin"
expect_messages isp 2

# The PIN is a secret: it is not shown, and nobody else may read it.
send --pretend jane@one.example </dev/null
expect_stdout 'pin-value=***'
expect_no_stdout "$pin"
chmod 644 "$work/relayrc"
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr 'relayrc:8'
expect_hint 'chmod 600'
expect_messages isp 2
