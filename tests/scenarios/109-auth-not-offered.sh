#!/bin/sh
# SPDX-License-Identifier: ISC
# Credentials but no AUTH, or nothing usable: refused, never sent without (F71, F72).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost open --no-auth
write_account open </dev/null
send_hello -f me@local.example jane@one.example
expect_status 69
expect_stderr AUTH
expect_hint
expect_messages open 0
expect_no_dialogue open 1 MAIL

# `auth off` says that it is meant.
write_account open <<'end'
auth            off
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope open 1 'auth: none'

start_smarthost odd --mechanisms 'NTLM X-OTHER'
write_account odd </dev/null
send_hello -f me@local.example jane@one.example
expect_status 69
expect_stderr X-OTHER
expect_messages odd 0
expect_no_dialogue odd 1 AUTH

# Credentials asked for and none there.
write_relayrc <<end
host            $host
port            $(port open)
tls_trust_file  $work/open/ca.pem
maildomain      local.example
auth            on
end
send_hello -f me@local.example jane@one.example
expect_status 78
expect_hint
expect_connections open 2
