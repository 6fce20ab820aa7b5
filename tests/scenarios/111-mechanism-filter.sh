#!/bin/sh
# SPDX-License-Identifier: ISC
# `auth` with a list: its order, what it leaves out, what it does not know.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
taken() {
	n=$((n + 1))
	write_account isp <<-end
	auth            $1
	end
	send_hello -f me@local.example jane@one.example
	expect_status 0
	expect_envelope isp $n "auth: $2 $user"
}

n=0
taken 'login plain' LOGIN
taken 'plain login cram-md5' PLAIN
taken 'on !scram-sha-256-plus !scram-sha-1-plus !scram-sha-256' SCRAM-SHA-1
taken CRAM-MD5 CRAM-MD5

start_smarthost plain --mechanisms 'PLAIN LOGIN'
write_account plain <<'end'
auth            scram-sha-256
end
send_hello -f me@local.example jane@one.example
expect_status 69
expect_stderr PLAIN
expect_messages plain 0
expect_no_dialogue plain 1 AUTH

write_account plain <<'end'
auth            plain text
end
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr "$work/relayrc:7:"
write_account plain <<'end'
auth            ntlm
end
send_hello -f me@local.example jane@one.example
expect_status 78
expect_connections plain 1
