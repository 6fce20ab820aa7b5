#!/bin/sh
# SPDX-License-Identifier: ISC
# `host srv:DOMAIN`: DNS names the servers, the domain's certificate proves them (F286).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

# shellcheck source=names.sh
. "${0%/*}/names.sh"

start_smarthost isp
start_name_server

account() {
	write_relayrc <<-end
	host           srv:$1
	from           me@local.example
	tls_trust_file $work/isp/ca.pem
	user           $user
	passwordfile   $work/isp.password
	end
}

# The first server does not answer, the second is tried.  Its certificate is for localhost, the
# domain that was asked for; its own name is another.
cat >"$work/records" <<end
_submission._tcp.localhost 20 $(port isp) mail.elsewhere.example
_submission._tcp.localhost 10 1 mail.elsewhere.example
_submission._tcp.other.example 10 $(port isp) mail.elsewhere.example
_submissions._tcp.none.example 0 0 .
end
account localhost
send_hello jane@one.example
expect_status 0
expect_envelope isp 1 'rcpt: <jane@one.example>'
grep -qx '33 _submissions._tcp.localhost' "$work/dns.log" ||
	wrong "TLS from the first byte was not asked for" "$work/dns.log"

# Another domain's record leads there as well: that proves nothing, and no password goes out.
account other.example
send_hello jane@one.example
expect_status 69
expect_stderr 'other.example'
expect_no_dialogue isp 2 AUTH

# A domain that says it has none, and one that says nothing.
account none.example
send_hello jane@one.example
expect_status 68
expect_stderr "says that it takes no mail for submission"
account silent.example
send_hello jane@one.example
expect_status 68
expect_hint '_submission'
