#!/bin/sh
# SPDX-License-Identifier: ISC
# Files that others may change are not believed: they name commands, servers, and whose mail
# goes where (F201, F202).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
mkdir "$work/own"
write_account isp <<end
generic         $work/own/generic
end
mv "$work/relayrc" "$work/own/relayrc"
printf 'root me@isp.example\n' >"$work/own/generic"
ln -s own/relayrc "$work/relayrc"
sent=0

accepted() {
	send_hello -f root jane@one.example
	expect_status 0
	sent=$((sent + 1))
	expect_messages isp $sent
}

# refused FILE WORDS: with the command that mends it.
refused() {
	send_hello -f root jane@one.example
	expect_status 78
	expect_stderr "relay: $1:"
	expect_stderr "$2"
	expect_connections isp $sent
}

# By a symbolic link to a file of one's own (F202).
accepted

# The configuration: for its owner and root alone to write.
for mode in 620 602 666; do
	chmod $mode "$work/own/relayrc"
	refused "$work/relayrc" "has mode 0$mode, which lets others write it"
	expect_hint chmod
done
chmod 644 "$work/own/relayrc"
refused "$work/relayrc" 'holds a password'
chmod 600 "$work/own/relayrc"

# Its directory, and the one of the link.
for mode in 770 777; do
	chmod $mode "$work/own"
	refused "$work/relayrc" 'lets others put another file there'
	expect_hint "chmod go-w $work/own"
done
chmod 1777 "$work/own"
accepted
chmod 755 "$work/own"
chmod 777 "$work"
refused "$work/relayrc" 'lets others put another file there'
chmod 700 "$work"
accepted

# A table: not for everybody to write; newaliases warns of less.
chmod 606 "$work/own/generic"
refused "$work/own/generic" 'has mode 0606, which lets others write it'
send -bi </dev/null
expect_status 78
expect_stderr "$work/own/generic: has mode 0606"
chmod 660 "$work/own/generic"
accepted
send -bi </dev/null
expect_status 0
expect_stderr "$work/own/generic: warning: has mode 0660"
chmod 600 "$work/own/generic"

# Of another user, and by a link to it.
if [ "$(id -u)" -eq 0 ]; then
	chown 12345 "$work/own/relayrc"
	refused "$work/relayrc" 'belongs to uid 12345, not to uid 0 or root'
	chown 0 "$work/own/relayrc"
	chown 12345 "$work/own"
	refused "$work/relayrc" 'belongs to uid 12345, who may put another file there'
	chown 0 "$work/own"
	chown 12345 "$work/own/generic"
	accepted
	send -bi </dev/null
	expect_status 0
	expect_stderr "$work/own/generic: warning: belongs to uid 12345"
fi
