#!/bin/sh
# SPDX-License-Identifier: ISC
# A user that no passwd entry names, as in many containers: the number is the sender (F215).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

number=4242424
if getent passwd $number >/dev/null; then
	skip "uid $number has a name"
fi
start_smarthost isp
write_account isp </dev/null
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null 2>&1; then
	chown $number "$work/relayrc"
	chmod 1777 "$work"
	chmod 755 "$work/isp"
	chmod 644 "$work/isp/ca.pem"
	cp "$relay" "$work/relay-copy"
	chmod 755 "$work/relay-copy"
	set -- setpriv --reuid $number --regid $number --clear-groups "$work/relay-copy"
elif unshare --user --map-user=$number true 2>/dev/null; then
	set -- unshare --user --map-user=$number "$relay"
else
	skip 'neither root with setpriv, nor user namespaces'
fi

# nameless ARGUMENT...: in the environment of a container, which has nothing.
cat >"$work/nameless" <<'end'
#!/bin/sh
unset USER LOGNAME NAME HOME
end
printf 'exec %s "$@"\n' "$*" >>"$work/nameless"
chmod 755 "$work/nameless"
relay=$work/nameless
cd / || exit 99

send_hello jane@one.example
expect_status 0
expect_envelope isp 1 "mail: <$number@local.example>"

# A From field that has to be made, and what else needs to know the user.
send jane@one.example <<'end'
Subject: hello

hi
end
expect_status 0
expect_envelope isp 2 "mail: <$number@local.example>"
header isp 2 | grep -i '^From:' | grep -qF "$number@local.example" ||
	wrong 'From does not name the number' "$work/isp/2.message"
send --version
expect_status 0
send -bi </dev/null
expect_status 0
