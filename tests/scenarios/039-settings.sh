#!/bin/sh
# SPDX-License-Identifier: ISC
# The settings that no other scenario is about, each by what it changes.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
n=0

# sends LINES ARGUMENT...: it goes through.
sends() {
	n=$((n + 1))
	printf '%s\n' "$1" | write_account isp
	shift
	send_hello -f me@local.example "$@"
	expect_status 0
	expect_messages isp $n
}

# refuses STATUS LINES WORDS ARGUMENT...: it does not, and says why.
refuses() {
	wanted=$1
	said=$3
	printf '%s\n' "$2" | write_account isp
	shift 3
	send_hello -f me@local.example "$@"
	expect_status "$wanted"
	expect_stderr "$said"
	expect_messages isp $n
}

# The server
refuses 78 'domain two words' "domain: 'two words' is no name for the greeting" jane@one.example
refuses 64 '' "'two words' is no name" --domain='two words' jane@one.example
sends 'domain here.example' jane@one.example
expect_dialogue isp "$n" 'EHLO here.example'
HOSTNAME=said.example
export HOSTNAME
sends 'domain %H' jane@one.example
expect_dialogue isp "$n" 'EHLO said.example'
sends '' --domain=%H jane@one.example
expect_dialogue isp "$n" 'EHLO said.example'
unset HOSTNAME
[ "$host" = 127.0.0.1 ] || sends "host 127.0.0.1
source_ip 127.0.0.1
tls_host_override localhost" jane@one.example
refuses 78 'source_ip nowhere' 'nowhere' jane@one.example
refuses 78 'protocol http' "protocol: 'http' is none of smtp|lmtp" jane@one.example
refuses 78 'proxy_port none' "proxy_port: 'none' is not a number" jane@one.example
sends 'timeout 30' jane@one.example
sends 'connect_timeout 1m' jane@one.example

# Logging in
sends 'ntlmdomain OLD' jane@one.example
printf '%s\n' "$secret" >"$work/secret"
sends 'password
password_fd 7' jane@one.example 7<"$work/secret"
expect_envelope isp "$n" "auth: SCRAM-SHA-256-PLUS $user"
refuses 78 'password
password_fd 9' 'descriptor 9 is not open' jane@one.example 9<&-
for fd in 3 4 5 6; do
	refuses 78 "password
password_fd $fd" "descriptor $fd is not open" jane@one.example 3<&- 4<&- 5<&- 6<&-
done
printf 'me@local.example %s:%s\n%s:%s other:wrong\n' "$user" "$secret" "$host" "$(port isp)" \
	>"$work/sasl_passwd"
sends "user
password
sender_dependent_auth on
sasl_passwd $work/sasl_passwd" jane@one.example
expect_envelope isp "$n" "auth: SCRAM-SHA-256-PLUS $user"
refuses 77 "user
password
sasl_passwd $work/sasl_passwd" 'refuse' jane@one.example
refuses 78 'public_secrets on' "public_secrets stands only in the system's file" jane@one.example

# TLS
sends 'tls_min_dh_prime_bits 1024' jane@one.example
sends 'tls_priorities NORMAL' jane@one.example
refuses 78 'tls_priorities BOGUS' 'BOGUS' jane@one.example
refuses 69 'tls_host_override other.example' 'other.example' jane@one.example
refuses 78 "tls_crl_file $work/missing" "tls_crl_file" jane@one.example
refuses 78 'tls_cert_file ~/cert.pem' 'tls_cert_file needs tls_key_file' jane@one.example
refuses 78 'tls_key_file ~/key.pem' 'tls_key_file needs tls_cert_file' jane@one.example

# Addresses
printf 'jane: joe@one.example\n' >"$work/aliases"
sends "aliases $work/aliases
local_domains home.example" jane@home.example jane@local.example
expect_envelope isp "$n" 'rcpt: <joe@one.example>'
expect_envelope isp "$n" 'rcpt: <jane@local.example>'
sends "aliases $work/aliases
recipient_delimiter +" jane+tag@local.example
expect_no_envelope isp "$n" 'jane'
sends "aliases $work/aliases
recipient_delimiter" jane+tag@local.example
expect_envelope isp "$n" 'rcpt: <jane+tag@local.example>'

# Limits
refuses 65 'header_size_limit 20' 'header' jane@one.example
refuses 64 'recipient_limit 1' 'more than 1 recipients' jane@one.example joe@one.example
refuses 65 'message_size_limit 20' 'message_size_limit' jane@one.example

# The log
sends "logfile $work/log
logfile_time_format TIME%%" jane@one.example
grep -q '^TIME% .*recipients=jane@one.example.*exitcode=EX_OK' "$work/log" ||
	wrong "the log lacks its line" "$work/log"
sends "logfile $work/log.json
log_format json" jane@one.example
grep -q '"jane@one.example"' "$work/log.json" || wrong "the log is no JSON" "$work/log.json"
sends 'logfile -' jane@one.example
expect_stdout 'recipients=jane@one.example'
sends 'syslog LOG_MAIL' jane@one.example
refuses 78 'syslog LOG_KERN' "'LOG_KERN' is no facility" jane@one.example
