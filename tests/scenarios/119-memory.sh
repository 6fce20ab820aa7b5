#!/bin/sh
# SPDX-License-Identifier: ISC
# Once the login is over the password is nowhere in memory (F104), the process leaves no core
# (F103), and neither its arguments nor anybody's environment hold it (F101).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

[ -r /proc/self/maps ] || skip 'no /proc'
sleep 60 &
sleeper=$!
dd if="/proc/$sleeper/mem" bs=1 count=0 2>/dev/null
readable=$?
kill $sleeper
[ $readable -eq 0 ] || skip 'the memory of other processes may not be read here'

# Long enough to be no accident; three bytes times twelve, so that base64 of it stands by itself
# in that of a response.  Memory that was freed has its first 16 bytes overwritten: the rest is
# looked for.
tail=/4711-Qwertz+Uiopue
secret=ZuGeheimFuerJeden$tail
user=abcdef@skynet.example
base64=$(printf %s "$secret" | base64 | cut -c 25-)

# dump PID FILE: what the process can write to, its heap and stacks and libraries' data.
dump() {
	: >"$2"
	grep -E '^[0-9a-f]+-[0-9a-f]+ rw' "/proc/$1/maps" | while read -r range _ _ _ _ _; do
		start=$((0x${range%-*} / 4096))
		end=$((0x${range#*-} / 4096))
		dd if="/proc/$1/mem" bs=4096 skip=$start count=$((end - start)) 2>/dev/null
	done >>"$2"
}

count_in() {
	grep -aoF -e "$1" "$2" | wc -l
}

# begin_send NAME: leaves relay waiting for the answer to MAIL, its number in $pid.
begin_send() {
	printf 'From: root\nTo: someone\n\nhi\n' >"$work/input"
	"$relay" -C "$work/relayrc" -f me@local.example jane@one.example <"$work/input" \
		>"$work/waiting.out" 2>"$work/waiting.err" &
	pid=$!
	tries=0
	until grep -q '^MAIL' "$work/$1/$2.dialogue" 2>/dev/null; do
		tries=$((tries + 1))
		if [ $tries -gt 500 ] || ! kill -0 $pid 2>/dev/null; then
			wrong "$1: no MAIL" "$work/waiting.err"
			return 1
		fi
		sleep 0.02
	done
}

end_send() {
	kill -ABRT $pid 2>/dev/null
	wait $pid 2>/dev/null
	return 0
}

# What everybody can see of a process (F101), and what would be left of it (F103).
look() {
	cat "/proc/$pid/cmdline" "/proc/$pid/environ" >"$work/seen"
	[ -s "$work/seen" ] || wrong "$1: nothing to see"
	[ "$(count_in "$tail" "$work/seen")" -eq 0 ] ||
		wrong "$1: the password is in arguments or environment"
	grep -qE '^Max core file size +0 +0 ' "/proc/$pid/limits" ||
		wrong "$1: a core could be written" "/proc/$pid/limits"
}

scan() {
	dump $pid "$work/memory"
	# The test can see at all: what is no secret is there.
	[ "$(count_in "$user" "$work/memory")" -gt 0 ] || wrong "$1: nothing was dumped"
	for bytes in "$tail" "$base64"; do
		count=$(count_in "$bytes" "$work/memory")
		[ "$count" -eq 0 ] || wrong "$1: $count copies of the password are left"
	done
	# Those that SASLprep makes have four bytes a character.
	tr -d '\000' <"$work/memory" >"$work/narrow"
	count=$(count_in "$tail" "$work/narrow")
	[ "$count" -eq 0 ] || wrong "$1: $count wide copies of the password are left"
	rm -f "$work/narrow"
	rm -f "$work/memory"
}

printf '%s\n' "$secret" >"$work/secret"
printf '%s %s:%s\n' "$host" "$user" "$secret" >"$work/sasl_passwd"
printf 'machine %s login %s password %s\n' "$host" "$user" "$secret" >"$work/netrc"
CREDENTIALS_DIRECTORY=$work
export CREDENTIALS_DIRECTORY

start_smarthost isp --mechanisms 'PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256
	SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER' --stall mail
n=0
try() {
	n=$((n + 1))
	{
		cat <<-end
		host            $host
		port            $(port isp)
		maildomain      local.example
		tls_trust_file  $work/isp/ca.pem
		user            $user
		auth            $1
		$2
		end
	} | write_relayrc
	if begin_send isp $n; then
		look "$1 with ${2%% *}"
		[ -n "$sanitizer" ] || scan "$1 with ${2%% *}"
	fi
	end_send
}

# A sanitizer keeps what was freed, to find who uses it still.
sanitizer=$(grep -qa __asan_init "$relay" && echo yes)
mkdir "$work/here"
cd "$work/here" || exit 99
# There may be a harder limit than that.
# shellcheck disable=SC3045
ulimit -c unlimited 2>/dev/null

try plain "password $secret"
try plain "passwordfile $work/secret"
try plain "password_credential secret"
try plain "passwordeval cat $work/secret"
try plain "sasl_passwd $work/sasl_passwd"
try plain "netrc $work/netrc"
for mechanism in login cram-md5 scram-sha-1 scram-sha-256 scram-sha-256-plus xoauth2 \
    oauthbearer; do
	try $mechanism "passwordfile $work/secret"
done

# SIGABRT ended all of these.
for core in "$work"/here/*; do
	[ ! -e "$core" ] || wrong "there is ${core##*/}"
done

# Whom passwordeval runs sees none of it either: the password goes the other way.
cat >"$work/command" <<end
cat /proc/self/environ "/proc/\$PPID/cmdline" "/proc/\$PPID/environ" >"$work/told" 2>/dev/null
cat "$work/secret"
end
printf 'account other\nhost other.example\npassword %s\n' "$secret" \
	>"$work/accounts"
chmod 600 "$work/accounts"
try plain "passwordeval sh $work/command
include $work/accounts"
[ -s "$work/told" ] || wrong 'the command saw nothing'
[ "$(count_in "$tail" "$work/told")" -eq 0 ] || wrong 'the command saw the password'
