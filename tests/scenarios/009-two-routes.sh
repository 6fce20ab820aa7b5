#!/bin/sh
# SPDX-License-Identifier: ISC
# Each next hop gets its own recipients and its own credentials, and no other's.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost one --mechanisms PLAIN
user=second@isp.example
secret=other:words
start_smarthost two --mechanisms PLAIN
secret=horse:battery
cat "$work/one/ca.pem" "$work/two/ca.pem" >"$work/both.pem"
cat >"$work/transport" <<end
one.example    smtp:$host:$(port one)
.two.example   smtp:[127.0.0.1]:$(port two)
*              error:5.7.1 not from this machine
end
cat >"$work/sasl_passwd" <<end
$host:$(port one)    fg12345678@skynet.example:horse:battery
[127.0.0.1]:$(port two)  second@isp.example:other:words
end
write_relayrc <<end
maildomain      local.example
tls_trust_file  $work/both.pem
transport       $work/transport
sasl_passwd     $work/sasl_passwd
end
send_hello -f me@local.example a@one.example b@mail.two.example c@one.example
expect_status 0
expect_messages one 1
expect_messages two 1
expect_envelope one 1 'auth: PLAIN fg12345678@skynet.example'
expect_envelope one 1 'rcpt: <a@one.example>'
expect_envelope one 1 'rcpt: <c@one.example>'
expect_no_envelope one 1 two.example
expect_envelope two 1 'auth: PLAIN second@isp.example'
expect_envelope two 1 'rcpt: <b@mail.two.example>'
expect_no_envelope two 1 one.example

send_hello -f me@local.example x@three.example
expect_failure
expect_stderr 'not from this machine'
expect_messages one 1
expect_messages two 1
