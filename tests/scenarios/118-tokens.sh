#!/bin/sh
# SPDX-License-Identifier: ISC
# XOAUTH2 and OAUTHBEARER: a token from wherever passwords come from; what the server says of a
# bad one is told in words (F94), long ones go behind AUTH (F105), none is shown (F102).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp --mechanisms 'PLAIN XOAUTH2 OAUTHBEARER'

# write_token_account NAME MECHANISM: without a password; more lines on standard input.
write_token_account() {
	{
		cat <<-end
		host            $host
		port            $(port "$1")
		maildomain      local.example
		tls_trust_file  $work/$1/ca.pem
		user            $user
		auth            $2
		end
		cat
	} | write_relayrc
}

printf '%s\n' "$secret" >"$work/token"
n=0
for mechanism in xoauth2 oauthbearer; do
	for source in "passwordeval cat $work/token" "passwordfile $work/token" \
	    "password $secret"; do
		n=$((n + 1))
		write_token_account isp $mechanism <<-end
		$source
		end
		send_hello --debug -f me@local.example jane@one.example
		expect_status 0
		expect_envelope isp $n "auth: $(printf %s $mechanism | tr '[:lower:]' '[:upper:]') $user"
		cat "$out" "$err" >"$work/trace"
		for part in "$(printf 'auth=Bearer %s' "$secret" | base64 | cut -c 1-16)" \
		    "$(cat "$work/token")"; do
			if grep -qF -e "$part" "$work/trace"; then wrong "the trace has '$part'"; fi
		done
	done
done

# By a row of sasl_passwd.
printf '%s:%s %s:%s\n' "$host" "$(port isp)" "$user" "$secret" >"$work/sasl_passwd"
n=$((n + 1))
write_token_account isp oauthbearer <<-end
sasl_passwd $work/sasl_passwd
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp $n "auth: OAUTHBEARER $user"

# Not without being named: the password goes by PLAIN.
n=$((n + 1))
write_account isp </dev/null
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp $n "auth: PLAIN $user"
expect_connections isp $n

# One that has expired: the server's error in words, and whose command to run.
printf 'old-token-of-yesterday\n' >"$work/token"
for mechanism in xoauth2 oauthbearer; do
	n=$((n + 1))
	write_token_account isp $mechanism <<-end
	passwordeval cat $work/token
	end
	send_hello --debug -f me@local.example jane@one.example
	expect_status 77
	expect_stderr "status 'invalid_token', scope 'https://mail.example/', schemes 'bearer'"
	expect_server_words '535 5.7.8'
	expect_hint "the token from the command 'cat' has expired"
	expect_no_stderr old-token
	expect_no_stdout old-token
	expect_dialogue isp $n '# the error is heard'
	expect_no_dialogue isp $n MAIL
done

# A command that prints its error where the token belongs: nothing is sent.
n=$((n + 1))
write_token_account isp xoauth2 <<'end'
passwordeval echo 'error: no refresh token'
end
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr 'what should be the token'
expect_no_stderr 'no refresh token'
expect_hint 'by hand'
expect_no_dialogue isp $n AUTH

# A long token does not fit behind AUTH; a longer one fits nowhere.
secret=$(awk 'BEGIN { while (i++ < 9160) printf "t" }')
start_smarthost long --mechanisms 'XOAUTH2 OAUTHBEARER'
printf '%s\n' "$secret" >"$work/token"
write_token_account long xoauth2 <<end
passwordfile $work/token
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope long 1 "auth: XOAUTH2 $user"
grep -qx 'AUTH XOAUTH2' "$work/long/1.dialogue" ||
	wrong 'the token is on the line of AUTH' "$work/long/1.dialogue"
printf '%s%s\n' "$secret" "$secret" >"$work/token"
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr 'too long for AUTH'
expect_no_dialogue long 2 AUTH
