#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The real program against a real Postfix submission service: STARTTLS, SASL
# against a sasldb, every mechanism of it, and what must be refused.
#
#   RELAY=./relay sh tests/servers/postfix.sh       KEEP=1 keeps the directory

# shellcheck disable=SC2154 # work, mail and relay are set in common.inc
# shellcheck disable=SC2317 # server() is called there
# shellcheck source=/dev/null
. "$(dirname "$0")/common.inc"

begin postfix
need sasl2-bin saslpasswd2
if ! ls /usr/lib/*/sasl2/libcrammd5.so >/dev/null 2>&1; then
	skip "no libcrammd5.so (package libsasl2-modules)"
fi

secret=motdepasseinconnu
account=fg12345678@proximus.example
certificates

#
# The server
#

# Two users: one with its realm in the name, one that takes the server's.
users()
{
	# Debian's Postfix looks in sasl/ of its configuration directory, whatever
	# cyrus_sasl_config_path says.
	sasl=$work/postfix/sasl
	mkdir -p "$sasl"
	printf '%s\n' "pwcheck_method: auxprop" "auxprop_plugin: sasldb" \
		"sasldb_path: $sasl/sasldb2" \
		"mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256" \
		>"$sasl/smtpd.conf"
	printf %s "$secret" | saslpasswd2 -p -c -f "$sasl/sasldb2" \
		-u proximus.example fg12345678 || exit 1
	printf %s "$secret" | saslpasswd2 -p -c -f "$sasl/sasldb2" \
		-u mail.proximus.example stephane || exit 1
	chown postfix "$sasl/sasldb2"
	chmod 600 "$sasl/sasldb2"
}

# server SUBMISSION SMTPS OLD BARE: the submission service, the same with TLS from the
# first byte, one that offers no extension that can be left out, one without STARTTLS.
server()
{
	submission=$1 smtps=$2 old=$3 bare=$4
	postfix_main
	printf '%s\n' "cyrus_sasl_config_path = $sasl" \
		"smtpd_sasl_local_domain = mail.proximus.example" >>"$work/postfix/main.cf"
	postfix_master
	cat >>"$work/postfix/master.cf" <<-END
		127.0.0.1:$submission inet n - n - - smtpd
		127.0.0.1:$smtps inet n - n - - smtpd
		  -o smtpd_tls_wrappermode=yes
		127.0.0.1:$old inet n - n - - smtpd
		  -o smtpd_discard_ehlo_keywords=pipelining,size,chunking,8bitmime,dsn,smtputf8
		127.0.0.1:$bare inet n - n - - smtpd
		  -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no
	END
}

#
# The machine that sends: the four tables as the user's guide writes them.
#

# relayrc LINE...: the configuration, and more lines of it.
relayrc()
{
	printf '%s\n' defaults "tls_trust_file $work/ca.pem" "logfile $work/relay.log" \
		"maildomain maison.example" "aliases $work/aliases" \
		"transport $work/transport" "generic $work/generic" \
		"sasl_passwd $work/sasl_passwd" "queue off" "account default" "$@" \
		>"$work/relayrc"
}

# tables [TRANSPORT [USER [PASSWORD]]]
tables()
{
	hop=${1:-smtp:localhost:$submission}
	printf '%s\n' 'root: pdupont@proximus.example' >"$work/aliases"
	printf '%s\n' "pdupont@proximus.example   $hop" "friend.example   $hop" \
		"refused@proximus.example   $hop" "later@proximus.example $hop" >"$work/transport"
	printf '%s\n' 'root   pdupont@proximus.example' >"$work/generic"
	printf '%s\n' "${hop#*:} ${2:-$account}:${3:-$secret}" >"$work/sasl_passwd"
	chmod 600 "$work/sasl_passwd"
}

fresh()
{
	empty_inbox
	tables
	relayrc "$@"
}

#
# What is checked
#

the_guide_as_it_stands()
{
	fresh
	input hi
	send 0 root || return
	received 1 pdupont@proximus.example
	has "root's alias is the envelope recipient" "$mail" "X-Original-To: pdupont@proximus.example"
	has "generic is the envelope sender" "$mail" "Return-Path: <pdupont@proximus.example>"
	has "sasl_passwd names who logs in" "$mail" "(Authenticated sender: $account)"
	has "TLS protects the session" "$mail" "using TLSv1.3"
	has "it is verified submission" "$mail" "with ESMTPSA"
	header_of "$mail" | grep '^From: ' >"$work/from"
	has "generic rewrites From" "$work/from" "pdupont@proximus.example"
	header_of "$mail" >"$work/header"
	lacks "nobody sees the local name" "$work/header" maison.example
	is "there is one From" "$(header_of "$mail" | grep -ci '^from:')" 1
	is "there is one Date" "$(header_of "$mail" | grep -ci '^date:')" 1
	is "there is one Message-ID" "$(header_of "$mail" | grep -ci '^message-id:')" 1
	is "the body is what was typed" "$(body_of "$mail")" hi
	is "success says nothing" "$(cat "$work/stdout" "$work/stderr")" ""
}

a_table_without_star_is_an_allow_list()
{
	fresh
	input hi
	send 69 stranger@else.example || return
	has "the refusal names the recipient" "$work/stderr" stranger@else.example
	has "the refusal says why" "$work/stderr" "no transport"
}

header_addresses_are_rewritten()
{
	fresh
	input 'From: Charlie Root <root>' 'To: root, "A, B" <a@friend.example>' \
		'Reply-To: root (the box)' 'Subject: root stays' '' 'text'
	send 0 -t || return
	received 2 a@friend.example
	has "a display name is kept" "$mail" 'From: Charlie Root <pdupont@proximus.example>'
	has "To is rewritten" "$mail" 'To: pdupont@proximus.example, "A, B" <a@friend.example>'
	has "a comment is kept" "$mail" 'Reply-To: pdupont@proximus.example (the box)'
	has "text is not an address" "$mail" 'Subject: root stays'
}

blind_copies_stay_blind()
{
	fresh
	input 'To: a@friend.example' 'Bcc: b@friend.example,' ' c@friend.example' \
		'Subject: x' '' 'text'
	send 0 -t || return
	received 3 b@friend.example
	has "the blind copy arrives" "$mail" "X-Original-To: b@friend.example"
	header_of "$mail" | grep -i -e '^bcc' -e c@friend >"$work/bcc"
	is "and Bcc does not" "$(cat "$work/bcc")" ""
}

# Long enough to pass the memory limit, with every line that SMTP could spoil.
odd_body()
{
	printf '%s\n' . .. '.x' '' 'From here' 'éà 8-bit'
	printf 'trailing blanks  \n\n\n'
	openssl rand -base64 "$1"
	printf '%s\n' . 'the last line'
}

bodies_arrive_byte_for_byte()
{
	fresh
	odd_body 1500000 >"$work/body"
	for by in "$submission" "$old" "$smtps"; do
		empty_inbox
		case $by in
		"$smtps") tables "smtps:localhost:$by" ;;
		*) tables "smtp:localhost:$by" ;;
		esac
		input 'Subject: bytes' 'Content-Transfer-Encoding: 8bit' 'MIME-Version: 1.0' ''
		cat "$work/body" >>"$work/input"
		if [ "$by" = "$old" ]; then
			# Without 8BITMIME the body would be re-encoded.
			sed 's/éà/ea/' "$work/input" >"$work/ascii"
			mv "$work/ascii" "$work/input"
		fi
		sed '1,/^$/d' "$work/input" >"$work/wanted"
		send 0 -i root || continue
		received 1 pdupont@proximus.example
		body_of "$mail" >"$work/got"
		if cmp "$work/wanted" "$work/got" >"$work/stderr" 2>&1; then
			ok "2 MB by port $(name_of "$by")"
		else
			not_ok "2 MB by port $(name_of "$by")"
		fi
	done
}

what_the_server_does_not_take_is_encoded()
{
	fresh
	tables "smtp:localhost:$old"
	input 'Subject: bits' '' 'éà'
	send 0 root || return
	received 1 pdupont@proximus.example
	has "8-bit without 8BITMIME is quoted-printable" "$mail" \
		'Content-Transfer-Encoding: quoted-printable'
	is "and decodes to what it was" "$(body_of "$mail")" '=C3=A9=C3=A0'
	fresh
	input 'Subject: long' '' "$(printf '%02000d' 0)"
	send 0 root || return
	received 1 pdupont@proximus.example
	is "no byte of a long line is lost" \
		"$(body_of "$mail" | sed 's/=$//' | tr -d '\n' | wc -c)" 2000
}

international_addresses_go_by_smtputf8()
{
	fresh
	input 'Subject: é' '' 'text'
	send 0 'zoé@friend.example' || return
	received 1 'zoé@friend.example'
	has "the address arrives" "$mail" 'X-Original-To: zoé@friend.example'
	has "the header too" "$mail" 'Subject: é'
	tables "smtp:localhost:$old"
	send 65 'zoé@friend.example' || return
	has "where SMTPUTF8 is not offered, that is said" "$work/stderr" SMTPUTF8
}

name_of()
{
	case $1 in
	"$submission") echo "with CHUNKING" ;;
	"$old") echo "without extensions" ;;
	"$smtps") echo "with TLS from the first byte" ;;
	esac
}

every_mechanism_logs_in()
{
	for mechanism in PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256; do
		offered "$mechanism" || { printf '# %s: not offered\n' "$mechanism"; continue; }
		fresh "auth $(echo "$mechanism" | tr '[:upper:]' '[:lower:]')"
		tables "" stephane
		: >"$work/relay.log"
		input hi
		send 0 root || continue
		received 1 pdupont@proximus.example
		has "$mechanism logs in" "$mail" "(Authenticated sender: stephane"
		last=$(grep -o 'sasl_method=[^,]*' "$work/postfix.log" | tail -n 1)
		is "$mechanism is what the server saw" "$last" "sasl_method=$mechanism"
	done
}

# offered MECHANISM: asks the server itself, as the modules installed decide.
offered()
{
	if [ ! -f "$work/offers" ]; then
		printf 'EHLO test\nQUIT\n' | openssl s_client -quiet -crlf -starttls smtp \
			-CAfile "$work/ca.pem" -connect "127.0.0.1:$submission" \
			>"$work/offers" 2>/dev/null
	fi
	grep '^250[ -]AUTH ' "$work/offers" | tr -d '\r' | tr ' ' '\n' | grep -qx -e "$1"
}

a_mechanism_that_is_not_offered_is_refused()
{
	fresh "auth external"
	input hi
	send 69 root || return
	has "what is offered is named" "$work/stderr" CRAM-MD5
}

a_wrong_password_is_refused()
{
	for mechanism in plain login cram-md5 digest-md5; do
		fresh "auth $mechanism"
		tables "" stephane wrong-and-private
		input hi
		send 77 root || continue
		has "$mechanism: the server's words are shown" "$work/stderr" 535
		has "$mechanism: the server is named" "$work/stderr" "localhost:$submission"
		has "$mechanism: there is advice" "$work/stderr" "hint:"
		lacks "$mechanism: the password is not told" "$work/stderr" wrong-and-private
	done
	nothing_arrived "a refused login"
}

nothing_arrived()
{
	if arrived 1; then
		not_ok "$1 sends nothing"
	else
		ok "$1 sends nothing"
	fi
}

# watch, then no_login_since WHAT: no AUTH may have reached the server in between.
# The log is written behind the server's back, so both wait for the end of a session.
watch()
{
	within at_rest
	lines=$(wc -l <"$work/postfix.log")
}

at_rest()
{
	[ "$(grep -c ': connect from' "$work/postfix.log")" -eq \
		"$(grep -c ': disconnect from' "$work/postfix.log")" ]
}

disconnected()
{
	tail -n +"$((lines + 1))" "$work/postfix.log" >"$work/since"
	grep -q 'disconnect from' "$work/since"
}

no_login_since()
{
	within disconnected
	lacks "$1: no login was tried" "$work/since" sasl_
}

an_unknown_authority_is_refused()
{
	fresh "tls_trust_file $work/stranger.pem"
	watch
	input hi
	send 69 root || return
	has "the certificate is to blame" "$work/stderr" certificate
	has "the server is named" "$work/stderr" "localhost:$submission"
	has "there is advice" "$work/stderr" "hint:"
	no_login_since "unknown authority"
}

another_name_is_refused()
{
	fresh
	tables "smtp:[127.0.0.1]:$submission"
	watch
	input hi
	send 69 root || return
	has "the name that was wanted is told" "$work/stderr" 127.0.0.1
	no_login_since "another name"
}

a_server_without_starttls_is_refused()
{
	fresh
	tables "smtp:localhost:$bare"
	watch
	input hi
	send 69 root || return
	has "STARTTLS is missed" "$work/stderr" STARTTLS
	no_login_since "no STARTTLS"
	nothing_arrived "no STARTTLS"
}

a_refused_recipient_stops_no_other()
{
	fresh
	input hi
	send 67 refused@proximus.example a@friend.example || return
	received 1 a@friend.example
	has "the other one has the mail" "$mail" "X-Original-To: a@friend.example"
	has "the refused one is named" "$work/stderr" refused@proximus.example
	has "in the server's words" "$work/stderr" "no such person"
	has "and what was done is told" "$work/stderr" "delivered to 1 of 2"
}

a_deferred_recipient_is_temporary()
{
	fresh
	input hi
	send 75 later@proximus.example || return
	has "the server's words are shown" "$work/stderr" "come back later"
}

a_missing_credential_is_no_silent_try()
{
	fresh
	# Brackets make another key of it: the row is not for this hop.
	printf '%s\n' "[localhost]:$submission $account:$secret" >"$work/sasl_passwd"
	printf '%s\n' "pdupont@proximus.example smtp:localhost:$submission" >"$work/transport"
	watch
	input hi
	send 69 root || return
	no_login_since "another hop's row"
	nothing_arrived "another hop's row"
}

the_null_sender_stays_null()
{
	fresh
	input hi
	send 0 -f '<>' root || return
	received 1 pdupont@proximus.example
	has "MAIL FROM:<> arrives" "$mail" "Return-Path: <>"
}

an_account_of_ones_own()
{
	fresh
	printf '%s\n' "tls_trust_file $work/ca.pem" "maildomain maison.example" \
		"host localhost" "port $submission" "from p@friend.example" \
		"user $account" "password $secret" "queue off" >"$work/relayrc"
	chmod 600 "$work/relayrc"
	input hi
	send 0 someone@else.example || return
	received 1 someone@else.example
	has "the account's from is the sender" "$mail" "Return-Path: <p@friend.example>"
	has "the account's user logs in" "$mail" "(Authenticated sender: $account)"
}

users
postfix_start 4 server

the_guide_as_it_stands
a_table_without_star_is_an_allow_list
header_addresses_are_rewritten
blind_copies_stay_blind
bodies_arrive_byte_for_byte
what_the_server_does_not_take_is_encoded
international_addresses_go_by_smtputf8
every_mechanism_logs_in
a_mechanism_that_is_not_offered_is_refused
a_wrong_password_is_refused
an_unknown_authority_is_refused
another_name_is_refused
a_server_without_starttls_is_refused
a_refused_recipient_stops_no_other
a_deferred_recipient_is_temporary
a_missing_credential_is_no_silent_try
the_null_sender_stays_null
an_account_of_ones_own

finish
