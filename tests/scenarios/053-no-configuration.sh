#!/bin/sh
# SPDX-License-Identifier: ISC
# Files that are no configuration: status 78, the line where there is one, no hanging and no
# connection (F203, F204, F210, F211).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp

# refused WORDS: by what stands in $work/relayrc now.
refused() {
	send_hello -f me@local.example jane@one.example
	expect_status 78
	expect_stderr "$work/relayrc"
	expect_stderr "$1"
	expect_connections isp 0
}

# A FIFO without a writer (F203), a directory, a device.
mkfifo "$work/relayrc"
refused 'not a regular file'
rm "$work/relayrc"
mkdir "$work/relayrc"
refused 'not a regular file'
rmdir "$work/relayrc"
ln -s /dev/zero "$work/relayrc"
refused 'not a regular file'
rm "$work/relayrc"

# Bytes that are no text (F204).
printf 'host localhost\nport \0 587\n' >"$work/relayrc"
refused "relayrc:2: the line holds a NUL byte"
head -c 3000 "$RELAY" >"$work/relayrc"
refused 'relayrc:'
printf 'host localhost\n' >"$work/relayrc"
truncate -s 1G "$work/relayrc" 2>/dev/null || skip 'no room for a file with a hole'
refused 'larger than 1048576 bytes'
{
	printf 'host localhost\nuser '
	head -c 70000 /dev/zero | tr '\0' x
	echo
} >"$work/relayrc"
refused 'relayrc:2: the line is longer than 65536 bytes'

# A byte order mark, CRLF and a missing line end are text all the same (F204).
write_account isp <<end
from            me@local.example
end
{
	printf '\357\273\277'
	sed 's/$/\r/' "$work/relayrc"
	printf 'timeout 20'
} >"$work/strange"
mv "$work/strange" "$work/relayrc"
send_hello jane@one.example
expect_status 0
expect_envelope isp 1 'mail: <me@local.example>'

# Unknown and empty commands, hosts and ports that are none (F210, F211).
wrong_line() {
	write_account isp <<end
$1
end
	send_hello -f me@local.example jane@one.example
	expect_status 78
	expect_stderr "$work/relayrc:7: $2"
	expect_connections isp 1
}

wrong_line 'hostname mail.example' 'unknown command'
wrong_line 'host' "'host' needs an argument"
wrong_line "host bad$(printf '\r')name" 'host'
wrong_line "host bad$(printf '\033')name" 'host'
wrong_line 'host bad%nname' 'host'
wrong_line "host $(printf '%0300d' 0)" 'host'
wrong_line 'port 0' 'port'
wrong_line 'port 65536' 'port'
wrong_line 'port 587x' 'port'
wrong_line 'port 99999999999999999999' 'port'

# The same by a row of transport.
write_seed_tables isp
for server in 'bad%nname' "$(printf '%0300d' 0)" localhost:0 localhost:65536 localhost:587x \
	"bad$(printf '\033')name"; do
	printf 'else.example smtp:x\npdupont@proximus.example smtp:%s\n' "$server" \
		>"$work/transport"
	send_hello -f root root
	expect_status 78
	expect_stderr "$work/transport:2: "
	expect_connections isp 1
done

# msmtp takes the last of two equal commands, so this is advice and no fault (F210).
write_account isp <<end
from            first@local.example
timeout         10
timeout         20
end
send_hello jane@one.example
expect_status 0
