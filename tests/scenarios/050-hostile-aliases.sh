#!/bin/sh
# SPDX-License-Identifier: ISC
# Aliases that would run, write, or never end: nobody gets mail by them, the line is named, and
# the others are served (F195, F196, F197, F198).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
mkdir "$work/directory"
mkfifo "$work/fifo"
ln -s "$work/nowhere" "$work/dangling"
printf 'joe@two.example\n' >"$work/staff"
printf 'joe@two.example\n|touch %s/ran\njim@two.example\n' "$work" >"$work/program"
printf 'joe@two.example\n' >"$work/writable"
chmod 666 "$work/writable"
cat >"$work/aliases" <<end
a:          b
b:          a
self:       self, jane@one.example
command:    "|touch $work/ran", jane@one.example
mailbox:    $work/mailbox, jane@one.example
passwd:     /etc/passwd
home:       ~/mailbox
staff:      :include:$work/staff
program:    :include:$work/program, jane@one.example
writable:   :include:$work/writable
fifo:       :include:$work/fifo
directory:  :include:$work/directory
device:     :include:/dev/zero
dangling:   :include:$work/dangling
relative:   :include:staff
end
write_account isp <<end
aliases         $work/aliases
end

# refused NAME LINE: nobody gets it, and nothing is connected for it.
refused() {
	before=$(count_files isp dialogue)
	send_hello -f me@local.example "$1"
	expect_status 78
	expect_stderr "$work/aliases:$2: "
	expect_connections isp "$before"
}

refused a 2
refused passwd 6
refused home 7
refused writable 10
expect_stderr 'has mode 0666'
refused fifo 11
refused directory 12
refused device 13
refused dangling 14
refused relative 15

# The others are served, whatever is wrong with one target (F197).
send_hello -f me@local.example command
expect_status 78
expect_stderr "$work/aliases:4: "
expect_envelope isp 1 'rcpt: <jane@one.example>'
send_hello -f me@local.example mailbox
expect_status 78
expect_stderr "$work/aliases:5: "
expect_envelope isp 2 'rcpt: <jane@one.example>'
send_hello -f me@local.example program
expect_status 78
expect_stderr "$work/aliases:9: "
expect_stderr "line 2 of the included file '$work/program'"
[ "$(grep -c 'names a' "$err")" -eq 1 ] || wrong 'the line is told twice' "$err"
for name in jane@one joe@two jim@two; do
	expect_envelope isp 3 "rcpt: <$name.example>"
done
[ ! -e "$work/ran" ] || wrong 'a command was run'
[ ! -e "$work/mailbox" ] || wrong 'a mailbox was written'

# A name among its own targets is itself (F195); a good file is read (F198).
send_hello -f me@local.example self
expect_status 0
expect_envelope isp 4 'rcpt: <self@local.example>'
send_hello -f me@local.example staff
expect_status 0
expect_envelope isp 5 'rcpt: <joe@two.example>'

# Twenty rows may follow each other, no more (F195).
i=1
while [ $i -lt 22 ]; do
	printf 'n%d: n%d\n' $i $((i + 1))
	i=$((i + 1))
done >"$work/aliases"
send_hello -f me@local.example n2
expect_status 0
expect_envelope isp 6 'rcpt: <n22@local.example>'
send_hello -f me@local.example n1
expect_status 78
expect_stderr 'more than 20 times'
expect_messages isp 6

# 2^20 ways lead to one name: the names are what counts, not the ways (F196).
i=1
while [ $i -lt 20 ]; do
	printf 'n%d: n%d, N%d, "n%d"\nm%d: n%d\n' $i $((i + 1)) $((i + 1)) $((i + 1)) $i $i
	i=$((i + 1))
done >"$work/aliases"
printf 'n20: jane@one.example\n' >>"$work/aliases"
send_hello -f me@local.example n1
expect_status 0
expect_envelope isp 7 'rcpt: <jane@one.example>'
[ "$(grep -c '^rcpt:' "$work/isp/7.envelope")" -eq 1 ] ||
	wrong 'more than one recipient' "$work/isp/7.envelope"

# Everybody is on every list: the loops are as many as the square of the names (F196).
i=0
while [ $i -lt 100 ]; do
	printf 'n%d: x%d@one.example' $i $i
	k=0
	while [ $k -lt 100 ]; do
		[ $k -eq $i ] || printf ', n%d' $k
		k=$((k + 1))
	done
	echo
	i=$((i + 1))
done >"$work/aliases"
send -bi </dev/null
expect_status 78
[ "$(grep -c 'leads back' "$err")" -eq 1 ] || wrong 'not one loop' "$err"
send_hello -f me@local.example n0
expect_status 78
expect_envelope isp 8 'rcpt: <x99@one.example>'
[ "$(wc -c <"$err")" -lt 20000 ] || wrong 'the complaints have no end' "$err"

# More recipients than recipient_limit allows are a fault, before anything is connected (F196).
{
	printf 'all: '
	i=0
	while [ $i -lt 300 ]; do
		printf 'user%d@one.example, ' $i
		i=$((i + 1))
	done
	echo
} >"$work/aliases"
write_account isp <<end
aliases         $work/aliases
recipient_limit 200
end
send_hello -f me@local.example all
expect_status 65
expect_stderr 'more than 200 recipients'
expect_connections isp 8
