#!/bin/sh
# SPDX-License-Identifier: ISC
# --configure prints an account for the servers that DNS names, which works as it is printed.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=names.sh
. "${0%/*}/names.sh"

start_smarthost isp --host-name mail.elsewhere.example
start_name_server

configure() {
	within_a_minute "$relay" --configure "$@" >"$work/run1.out" 2>"$work/run1.err" </dev/null
	echo $? >"$work/run1.status"
	echo 1 >"$work/runs"
}

cat >"$work/records" <<end
_submission._tcp.one.example 10 $(port isp) mail.elsewhere.example
_submissions._tcp.two.example 10 465 mail.elsewhere.example
_submissions._tcp.none.example 0 0 .
end

configure jane@two.example
expect_status 0
expect_stdout 'account two.example'
expect_stdout 'host mail.elsewhere.example'
expect_stdout 'port 465'
expect_stdout 'tls_starttls off'
expect_stdout 'user jane@two.example'
expect_stdout '#passwordeval'
expect_stdout 'compare these names with what your provider'

# What is printed can be used, with a password added.
configure "$user"
expect_status 68
expect_hint _submission
recall
[ ! -s "$out" ] || wrong "an account without a server" "$out"
configure jane@one.example
expect_status 0
expect_stdout "_submission._tcp.one.example"
expect_no_stdout tls_starttls
{
	sed 's/^user .*/user '"$user"'/' "$out"
	cat <<-end
	passwordfile   $work/isp.password
	tls_trust_file $work/isp/ca.pem
	end
} | write_relayrc
send --check one.example </dev/null
expect_status 0
expect_stdout 'login'
expect_dialogue isp 1 'MAIL FROM:<jane@one.example>'
expect_messages isp 0

configure jane@none.example
expect_status 68
configure jane
expect_status 64
configure
expect_status 64

# Servers that DNS names are looked at as well; their certificate must be the domain's.
printf '_submission._tcp.localhost 10 %s mail.elsewhere.example\n' "$(port isp)" >"$work/records"
write_relayrc <<end
host           srv:localhost
user           $user
passwordfile   $work/isp.password
tls_trust_file $work/isp/ca.pem
end
send --check </dev/null
expect_status 69
expect_stdout "names mail.elsewhere.example:$(port isp)"
expect_stdout "not for"
