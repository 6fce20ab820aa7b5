#!/bin/sh
# SPDX-License-Identifier: ISC
# --pretend shows the plan, reads no password and opens no connection.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_seed_tables isp
send_hello --pretend -f root root
expect_status 0
expect_stdout 'pdupont@proximus.example'
expect_stdout "$host:$(port isp)"
expect_stdout "$user"
expect_stdout "$work/sasl_passwd"
expect_no_stdout "$secret"
expect_connections isp 0

write_relayrc <<end
host            $host
port            $(port isp)
maildomain      local.example
tls_trust_file  $work/isp/ca.pem
user            $user
passwordeval    touch $work/asked && echo $secret
end
send_hello --pretend -f me@local.example jane@one.example
expect_status 0
expect_stdout 'passwordeval'
[ ! -e "$work/asked" ] || wrong 'the password was asked for'
expect_connections isp 0
sed -i.bak "/$secret/d" "$out"

# The same configuration does send.
send_hello -f me@local.example jane@one.example
expect_status 0
[ -e "$work/asked" ] || wrong 'the password was not asked for'
expect_envelope isp 1 "auth: SCRAM-SHA-256-PLUS $user"
