# SPDX-License-Identifier: ISC
# Sourced first by every scenario: the real program against the smarthost.
#
# A scenario is a story: it starts smarthosts, writes a relayrc and tables, sends,
# and says what it expects.  Every check that fails prints one line and what was seen;
# the scenario goes on and fails at its end.  Exit status: 0 passed, 77 skipped (with a
# line "skip: reason"), else failed.
#
# Environment: RELAY and SMARTHOST are the two programs.
# shellcheck shell=sh disable=SC2034,SC2120

set -u
umask 077
LC_ALL=C
export LC_ALL
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS EMAIL SMTPSERVER \
	CREDENTIALS_DIRECTORY HOSTNAME POSIXLY_CORRECT 2>/dev/null

absolute() {
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s/%s\n' "$(pwd)" "$1" ;;
	esac
}

relay=$(absolute "${RELAY:?the program to test}")
smarthost_program=$(absolute "${SMARTHOST:?the test server}")
work=$(mktemp -d "${TMPDIR:-/tmp}/relay-scenario.XXXXXX") || exit 99
HOME=$work/home
export HOME
mkdir "$HOME"

# A bare container may have no hosts file; the certificate holds the address as well.
host=localhost
getent hosts localhost >/dev/null 2>&1 || host=127.0.0.1
user=fg12345678@skynet.example
secret=horse:battery
servers=
echo 0 >"$work/runs"
: >"$work/failures"

cleanup() {
	result=$?
	trap - EXIT
	for server in $servers; do
		kill "$server" 2>/dev/null
		wait "$server" 2>/dev/null
	done
	secrets_stay_inside
	[ ! -s "$work/failures" ] || result=1
	rm -rf "$work"
	exit "$result"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

skip() {
	printf 'skip: %s\n' "$*"
	exit 77
}

# wrong WHAT [FILE...]: a check failed; the files are shown.
wrong() {
	printf '%s\n' "$1" >>"$work/failures"
	printf 'FAILED: %s\n' "$1" >&2
	shift
	for file; do
		[ -f "$file" ] || { printf '  (no %s)\n' "${file##*/}" >&2; continue; }
		printf '  --- %s\n' "${file##*/}" >&2
		sed 's/^/  | /' "$file" >&2
	done
}

# No run may show the password, whatever it was about.
secrets_stay_inside() {
	for file in "$work"/*.out "$work"/*.err; do
		[ -f "$file" ] || continue
		if grep -qF -e "$secret" "$file"; then
			wrong "the password is in ${file##*/}" "$file"
		fi
	done
}

# start_smarthost NAME [OPTION...]: its directory is $work/NAME, its port `port NAME`.
start_smarthost() {
	name=$1
	shift
	mkdir -p "$work/$name"
	printf '%s\n' "$secret" >"$work/$name.password"
	"$smarthost_program" --directory "$work/$name" --user "$user" \
		--password-file "$work/$name.password" "$@" &
	servers="$servers $!"
	echo $! >"$work/$name.pid"
	while [ ! -s "$work/$name/port" ]; do
		kill -0 "$!" 2>/dev/null || { wrong "smarthost $name does not start"; exit 99; }
		sleep 0.02
	done
}

stop_smarthost() {
	server=$(cat "$work/$1.pid")
	kill "$server"
	wait "$server" 2>/dev/null
	return 0
}

port() {
	cat "$work/$1/port"
}

# The four tables of the example for one server, and a relayrc that names them.
write_seed_tables() {
	printf 'root: pdupont@proximus.example\n' >"$work/aliases"
	printf 'root   pdupont@proximus.example\n' >"$work/generic"
	printf 'pdupont@proximus.example   smtp:%s:%s\n' "$host" "$(port "$1")" >"$work/transport"
	printf '%s:%s %s:%s\n' "$host" "$(port "$1")" "$user" "$secret" >"$work/sasl_passwd"
	write_relayrc <<-end
	maildomain      local.example
	tls_trust_file  $work/$1/ca.pem
	aliases         $work/aliases
	generic         $work/generic
	transport       $work/transport
	sasl_passwd     $work/sasl_passwd
	end
}

# An account with its own host, user and password; more lines on standard input.
write_account() {
	{
		cat <<-end
		host            $host
		port            $(port "$1")
		maildomain      local.example
		tls_trust_file  $work/$1/ca.pem
		user            $user
		password        $secret
		end
		cat
	} | write_relayrc
}

write_relayrc() {
	cat >"$work/relayrc"
}

within_a_minute() {
	if command -v timeout >/dev/null; then
		timeout 60 "$@"
	else
		"$@"
	fi
}

# send ARGUMENT...: runs relay with the message on standard input.
send() {
	run=$(($(cat "$work/runs") + 1))
	echo $run >"$work/runs"
	within_a_minute "$relay" -C "$work/relayrc" "$@" >"$work/run$run.out" 2>"$work/run$run.err"
	echo $? >"$work/run$run.status"
	recall
}

# $status of the last run, and what it wrote: $out and $err.  Kept in files, since a `send`
# at the end of a pipe may be in a shell of its own.
recall() {
	run=$(cat "$work/runs")
	out=$work/run$run.out
	err=$work/run$run.err
	status=$(cat "$work/run$run.status")
}

# send_hello ARGUMENT...: the smallest message.
send_hello() {
	send "$@" <<-end
	From: root
	To: someone
	Subject: hello

	hi
	end
}

# expect_status STATUS...: one of them.
expect_status() {
	recall
	case " $* " in
	*" $status "*) ;;
	*) wrong "exit status is $status, not $*" "$err" ;;
	esac
}

# It fails, by its own judgement: not by a signal or a time limit.
expect_failure() {
	recall
	if [ "$status" -lt 64 ] || [ "$status" -gt 78 ]; then
		wrong "exit status is $status" "$err"
	fi
}

# Text that stands in what was printed, as it is.
expect_stderr() {
	recall
	grep -qF -e "$1" "$err" || wrong "standard error lacks '$1'" "$err"
}

expect_no_stderr() {
	recall
	if grep -qF -e "$1" "$err"; then wrong "standard error has '$1'" "$err"; fi
}

# Advice is given; with a word, it holds that.
expect_hint() {
	recall
	sed -n 's/^  hint: \(.\)/\1/p' "$err" | grep -qiF -e "${1:-}" ||
		wrong "no hint${1:+ speaks of $1}" "$err"
}

expect_server_words() {
	recall
	sed -n 's/^  server: //p' "$err" | grep -qF -e "$1" ||
		wrong "the server's words '$1' are not shown" "$err"
}

expect_silence() {
	recall
	[ ! -s "$err" ] || wrong "something is on standard error" "$err"
	[ ! -s "$out" ] || wrong "something is on standard output" "$out"
}

expect_stdout() {
	recall
	grep -qF -e "$1" "$out" || wrong "standard output lacks '$1'" "$out"
}

expect_no_stdout() {
	recall
	if grep -qF -e "$1" "$out"; then wrong "standard output has '$1'" "$out"; fi
}

count_files() {
	set -- "$work/$1"/*."$2"
	[ -e "$1" ] || shift
	echo $#
}

expect_messages() {
	[ "$(count_files "$1" envelope)" -eq "$2" ] ||
		wrong "$1 got $(count_files "$1" envelope) messages, not $2" "$err"
}

expect_connections() {
	[ "$(count_files "$1" dialogue)" -eq "$2" ] ||
		wrong "$1 saw $(count_files "$1" dialogue) connections, not $2" "$err"
}

# expect_envelope NAME N LINE: a whole line of N.envelope, as "mail: <a@b>".  Parameters of
# MAIL and RCPT are left out unless LINE has some.
expect_envelope() {
	file=$work/$1/$2.envelope
	grep -qxF -e "$3" "$file" 2>/dev/null ||
		sed '/^mail:\|^rcpt:/s/> .*/>/' "$file" 2>/dev/null | grep -qxF -e "$3" ||
		wrong "envelope $2 of $1 lacks '$3'" "$file"
}

expect_no_envelope() {
	file=$work/$1/$2.envelope
	if grep -qF -e "$3" "$file"; then wrong "envelope $2 of $1 has '$3'" "$file"; fi
}

header() {
	tr -d '\r' <"$work/$1/$2.message" | sed '/^$/q'
}

body() {
	tr -d '\r' <"$work/$1/$2.message" | sed '1,/^$/d'
}

# expect_header NAME N LINE: a whole line of the header.
expect_header() {
	header "$1" "$2" | grep -qxF -e "$3" ||
		wrong "header $2 of $1 lacks '$3'" "$work/$1/$2.message"
}

# expect_field NAME N FIELD COUNT: how often the field stands there.
expect_field() {
	count=$(header "$1" "$2" | grep -ci "^$3[ 	]*:")
	[ "$count" -eq "$4" ] || wrong "$count fields $3 in header $2 of $1, not $4" \
		"$work/$1/$2.message"
}

# expect_body NAME N: the body is standard input.
expect_body() {
	cat >"$work/wanted"
	body "$1" "$2" >"$work/got"
	cmp -s "$work/wanted" "$work/got" || wrong "body $2 of $1 is another" "$work/wanted" \
		"$work/got"
}

# expect_dialogue NAME N TEXT: the client of connection N said a line with it.
expect_dialogue() {
	grep -qF -e "$3" "$work/$1/$2.dialogue" ||
		wrong "client $2 of $1 did not say '$3'" "$work/$1/$2.dialogue"
}

expect_no_dialogue() {
	if grep -qF -e "$3" "$work/$1/$2.dialogue" 2>/dev/null; then
		wrong "client $2 of $1 said '$3'" "$work/$1/$2.dialogue"
	fi
}
