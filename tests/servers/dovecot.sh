#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The real program against Dovecot: its own submission service, which speaks another
# SMTP than Postfix does and hands on to a Postfix behind it; and Postfix asking
# Dovecot who may log in.
#
#   RELAY=./relay sh tests/servers/dovecot.sh       KEEP=1 keeps the directory

# shellcheck disable=SC2154 # work, mail and relay are set in common.inc
# shellcheck disable=SC2317 # server() is called there
# shellcheck source=/dev/null
. "$(dirname "$0")/common.inc"

begin dovecot
need dovecot-core dovecot doveadm
if [ ! -x /usr/lib/dovecot/submission-login ]; then
	skip "no submission-login (package dovecot-submissiond)"
fi

secret='mot de passe#inconnu'
certificates

# server DOVECOT POSTFIX BEHIND: Dovecot's submission, Postfix's, and the Postfix that
# Dovecot hands mail to.
server()
{
	dovecot=$1 submission=$2 behind=$3
	postfix_main
	printf '%s\n' "smtpd_sasl_type = dovecot" "smtpd_sasl_path = private/login" \
		>>"$work/postfix/main.cf"
	postfix_master
	cat >>"$work/postfix/master.cf" <<-END
		127.0.0.1:$submission inet n - n - - smtpd
		127.0.0.1:$behind inet n - n - - smtpd
		  -o smtpd_tls_security_level=none
		  -o smtpd_sasl_auth_enable=no
		  -o mynetworks=127.0.0.0/8
		  -o smtpd_relay_restrictions=permit_mynetworks,reject
	END
	dovecot_configure
}

dovecot_configure()
{
	mkdir -p "$work/dovecot/home"
	chown nobody "$work/dovecot/home"
	printf '%s\n' "stephane@example.net:{PLAIN}$secret::::::" >"$work/dovecot/users"
	# Tokens that Dovecot judges by itself: JWTs signed with a key that both know.
	key=0123456789abcdef0123456789abcdef
	mkdir -p "$work/dovecot/keys/default/HS256"
	printf %s "$key" | base64 >"$work/dovecot/keys/default/HS256/default"
	printf '%s\n' "introspection_mode = local" "username_attribute = sub" \
		"local_validation_key_dict = fs:posix:prefix=$work/dovecot/keys/" \
		>"$work/dovecot/oauth2"
	cat >"$work/dovecot/dovecot.conf" <<-END
		base_dir = $work/dovecot/run
		state_dir = $work/dovecot/state
		log_path = $work/dovecot.log
		protocols = submission
		listen = 127.0.0.1
		hostname = localhost
		ssl = required
		ssl_cert = <$work/server.pem
		ssl_key = <$work/server.key
		disable_plaintext_auth = yes
		auth_mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer
		auth_realms = example.net
		auth_failure_delay = 0 secs
		passdb {
		  driver = oauth2
		  mechanisms = xoauth2 oauthbearer
		  args = $work/dovecot/oauth2
		}
		passdb {
		  driver = passwd-file
		  args = username_format=%u $work/dovecot/users
		}
		userdb {
		  driver = static
		  args = uid=$(id -u nobody) gid=$(id -g nobody) home=$work/dovecot/home
		}
		mail_location = maildir:~/mail
		submission_relay_host = 127.0.0.1
		submission_relay_port = $behind
		service submission-login {
		  inet_listener submission {
		    port = $dovecot
		  }
		}
		service auth {
		  unix_listener $work/queue/private/login {
		    user = postfix
		    mode = 0600
		  }
		}
		service anvil {
		  unix_listener anvil-auth-penalty {
		    mode = 0
		  }
		}
		service stats {
		  unix_listener stats-writer {
		    mode = 0666
		  }
		}
	END
}

# After Postfix, which makes the directory of the login socket.
dovecot_start()
{
	if ! dovecot -c "$work/dovecot/dovecot.conf" >"$work/start.err" 2>&1; then
		cat "$work/start.err"
		exit 1
	fi
}

fresh()
{
	empty_inbox
	printf '%s\n' 'root: pdupont@example.org' >"$work/aliases"
	printf '%s\n' "* smtp:localhost:$1" >"$work/transport"
	printf '%s\n' 'root stephane@example.net' >"$work/generic"
	printf '%s\n' "localhost:$1 stephane@example.net:${2:-$secret}" >"$work/sasl_passwd"
	chmod 600 "$work/sasl_passwd"
	relayrc
}

relayrc()
{
	printf '%s\n' "tls_trust_file $work/ca.pem" "maildomain maison.example" \
		"aliases $work/aliases" "transport $work/transport" "generic $work/generic" \
		"sasl_passwd $work/sasl_passwd" "queue off" "$@" >"$work/relayrc"
}

the_mail_comes_through()
{
	input 'Subject: dots' '' . .. '.x' '' 'end'
	send 0 -i root || return
	received 1 pdupont@example.org
	has "$1: the envelope recipient" "$mail" "X-Original-To: pdupont@example.org"
	has "$1: the envelope sender" "$mail" "Return-Path: <stephane@example.net>"
	is "$1: the body" "$(body_of "$mail")" "$(printf '%s\n' . .. '.x' '' end)"
}

a_big_mail_comes_through()
{
	input 'Subject: big' ''
	openssl rand -base64 1500000 >>"$work/input"
	send 0 -i root || return
	received 1 pdupont@example.org
	body_of "$mail" >"$work/got"
	sed '1,/^$/d' "$work/input" >"$work/wanted"
	if cmp "$work/wanted" "$work/got" >"$work/stderr" 2>&1; then
		ok "$1: 2 MB"
	else
		not_ok "$1: 2 MB"
	fi
}

every_mechanism_logs_in()
{
	for mechanism in plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256; do
		empty_inbox
		relayrc "auth $mechanism"
		input hi
		send 0 root || continue
		received 1 pdupont@example.org
		is "$1: $mechanism" "$(body_of "$mail")" hi
	done
}

# token SECONDS: one that is good for so long from now.
token()
{
	now=$(date +%s)
	claims="{\"sub\":\"stephane@example.net\",\"iat\":$((now - 60)),\"exp\":$((now + $1))}"
	signed=$(printf '{"alg":"HS256","typ":"JWT"}' | url_base64).$(printf %s "$claims" | url_base64)
	printf '%s.%s\n' "$signed" \
		"$(printf %s "$signed" | openssl dgst -sha256 -hmac "$key" -binary | url_base64)"
}

url_base64()
{
	base64 | tr -d '=\n' | tr '+/' '-_'
}

a_token_logs_in()
{
	for mechanism in xoauth2 oauthbearer; do
		token=$(token 3600)
		fresh "$2" "$token"
		relayrc "auth $mechanism"
		input hi
		send 0 root || continue
		received 1 pdupont@example.org
		is "$1: $mechanism" "$(body_of "$mail")" hi
		token=$(token -30)
		fresh "$2" "$token"
		relayrc "auth $mechanism"
		send 77 root || continue
		has "$1: $mechanism, the error is told" "$work/stderr" "status"
		lacks "$1: $mechanism, the token is not told" "$work/stderr" "${token##*.}"
	done
}

a_wrong_password_is_refused()
{
	fresh "$2" wrong-and-private
	input hi
	send 77 root || return
	has "$1: the server's words are shown" "$work/stderr" 535
	lacks "$1: the password is not told" "$work/stderr" wrong-and-private
}

each_refused_recipient_is_told()
{
	empty_inbox
	input hi
	send 67 refused@example.org pdupont@example.org || return
	received 1 pdupont@example.org
	has "$1: the other one has the mail" "$mail" "X-Original-To: pdupont@example.org"
	has "$1: the refused one is named" "$work/stderr" refused@example.org
}

all_of_it()
{
	fresh "$2"
	the_mail_comes_through "$1"
	empty_inbox
	a_big_mail_comes_through "$1"
	each_refused_recipient_is_told "$1"
	every_mechanism_logs_in "$1"
	a_token_logs_in "$1" "$2"
	a_wrong_password_is_refused "$1" "$2"
}

postfix_start 3 server
dovecot_start

all_of_it "Dovecot" "$dovecot"
all_of_it "Postfix with Dovecot" "$submission"

finish
