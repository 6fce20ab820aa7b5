#!/bin/sh
# SPDX-License-Identifier: ISC
# --explain colours on a terminal only, and never with NO_COLOR or on a dumb one; bytes of
# tables and arguments never reach the terminal as they are.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip 'python3 is not installed'
cat >"$work/relayrc" <<end
host           mail.example
maildomain     local.example
aliases        $work/aliases
end
printf 'root: /tmp/\033[2J\n' >"$work/aliases"

# on_terminal WIDTH NAME=VALUE...: what relay writes to a terminal of that width.
on_terminal() {
	width=$1
	shift
	env "$@" python3 - "$width" "$relay" -C "$work/relayrc" --explain -f root root \
		x@y.example >"$work/shown" <<'end'
import fcntl, os, pty, struct, sys, termios

pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
shown = b""
try:
    while piece := os.read(terminal, 65536):
        shown += piece
except OSError:
    pass
os.waitpid(pid, 0)
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
end
}

escape=$(printf '\033')
has_colour() {
	grep -q "$escape\\[1m" "$work/shown"
}

python3 -c 'import os; os.openpty()' 2>/dev/null || skip 'there are no pseudo-terminals'
on_terminal 80 TERM=xterm
has_colour || wrong 'a terminal gets no colour' "$work/shown"
if grep -qF "${escape}[2J" "$work/shown"; then
	wrong 'a table clears the screen' "$work/shown"
fi
on_terminal 80 TERM=xterm NO_COLOR=1
if grep -q "$escape" "$work/shown"; then wrong 'NO_COLOR does not count' "$work/shown"; fi
cp "$work/shown" "$work/plain"
on_terminal 80 TERM=xterm NO_COLOR=
has_colour || wrong 'an empty NO_COLOR counts' "$work/shown"
on_terminal 80 TERM=dumb
if grep -q "$escape" "$work/shown"; then wrong 'a dumb terminal gets colour' "$work/shown"; fi

# No terminal: no colour, 80 columns.
send --explain -f root root x@y.example </dev/null
cmp -s "$out" "$work/plain" || wrong 'a file gets another thing' "$out" "$work/plain"
if awk 'length > 80' "$out" | grep -v /; then wrong 'a line is too long' "$out"; fi

# As wide as the terminal is, within reason.
on_terminal 60 TERM=dumb
if awk 'length > 60' "$work/shown" | grep -v /; then wrong 'a line is too long' "$work/shown"; fi
on_terminal 400 TERM=dumb
if awk 'length > 160' "$work/shown" | grep -v /; then
	wrong 'a line is too long' "$work/shown"
fi
