#!/bin/sh
# SPDX-License-Identifier: ISC
# Every mechanism logs in; without a list the strongest offered is taken.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
n=0
for mechanism in PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS \
    SCRAM-SHA-256-PLUS; do
	n=$((n + 1))
	write_account isp <<-end
	auth            $(printf '%s' "$mechanism" | tr '[:upper:]' '[:lower:]')
	end
	send_hello -f me@local.example jane@one.example
	expect_status 0
	expect_envelope isp $n "auth: $mechanism $user"
done

strongest() {
	start_smarthost "$1" --mechanisms "$2"
	write_account "$1" </dev/null
	send_hello -f me@local.example jane@one.example
	expect_status 0
	expect_envelope "$1" 1 "auth: $3 $user"
	stop_smarthost "$1"
}

strongest a 'LOGIN CRAM-MD5 PLAIN SCRAM-SHA-1 SCRAM-SHA-256' SCRAM-SHA-256
strongest b 'LOGIN CRAM-MD5 PLAIN SCRAM-SHA-1' SCRAM-SHA-1
strongest c 'LOGIN CRAM-MD5 PLAIN' PLAIN
strongest d 'LOGIN CRAM-MD5' CRAM-MD5
strongest e 'LOGIN' LOGIN

# With TLS 1.2 as well, where the channel is bound another way.
n=$((n + 1))
write_account isp <<'end'
tls_priorities  NORMAL:-VERS-ALL:+VERS-TLS1.2
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp $n 'tls: TLS1.2'

# There the binding is tls-unique.
start_smarthost old --priorities NORMAL:-VERS-ALL:+VERS-TLS1.2 \
	--mechanisms 'SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS'
n=0
for mechanism in scram-sha-256-plus scram-sha-1-plus; do
	n=$((n + 1))
	write_account old <<-end
	auth            $mechanism
	end
	send_hello -f me@local.example jane@one.example
	expect_status 0
	expect_envelope old $n "auth: $(printf '%s' "$mechanism" | tr '[:lower:]' '[:upper:]') $user"
	expect_envelope old $n 'tls: TLS1.2'
done

# Without the extended master secret a session in the middle could have the same binding: none.
start_smarthost older --priorities \
	NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH --mechanisms SCRAM-SHA-256-PLUS
write_account older </dev/null
send_hello -f me@local.example jane@one.example
expect_status 69
expect_stderr 'no usable mechanism'
expect_messages older 0
