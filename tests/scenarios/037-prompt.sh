#!/bin/sh
# SPDX-License-Identifier: ISC
# A password typed at the terminal: the last source, asked without an echo.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip "no python3 to play the person at the terminal"

start_smarthost isp
write_relayrc <<end
host            $host
port            $(port isp)
maildomain      local.example
tls_trust_file  $work/isp/ca.pem
user            $user
end

# person ANSWER: runs relay on a terminal of its own, waits for the question, and answers it:
# with a line, with a signal (^C, ^Z), or not at all (-).  Prints what the terminal showed, the
# state of its echo at the question and behind it, and the exit status.
person() {
	run=$(($(cat "$work/runs") + 1))
	echo $run >"$work/runs"
	within_a_minute python3 - "$relay" "$work/relayrc" "$1" >"$work/run$run.out" \
		2>"$work/run$run.err" <<'end'
import os, pty, select, signal, sys, termios, time
relay, relayrc, answer = sys.argv[1:]
message, write = os.pipe()
os.write(write, b"From: me@local.example\n\nhi\n")
os.close(write)
pid, terminal = pty.fork()
if pid == 0:
    # Who runs the tests in the background has it ignored.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.dup2(message, 0)
    os.execv(relay, [relay, "-C", relayrc, "-f", "me@local.example", "jane@one.example"])
def echo():
    return "on" if termios.tcgetattr(terminal)[3] & termios.ECHO else "off"
def read(until):
    seen = b""
    while until is None or until not in seen:
        if not select.select([terminal], [], [], 30)[0]:
            break
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    return seen.decode()
before = echo()
shown = read(b": ")
print("echo before %s, asked %s" % (before, echo()))
keys = {"^C": b"\x03", "^Z": b"\x1a", "^D": b"\x04"}.get(answer, answer.encode() + b"\n")
os.write(terminal, keys)
if answer == "^Z":
    os.write(terminal, b"\x04")
# The terminal is looked at while somebody still has it open.
limit = time.monotonic() + 20
while echo() == "off" and time.monotonic() < limit:
    time.sleep(0.01)
print("echo after %s" % echo())
shown += read(None)
_, status = os.waitpid(pid, os.WUNTRACED)
if os.WIFSTOPPED(status):
    print("stopped")
    os.kill(pid, signal.SIGCONT)
    _, status = os.waitpid(pid, 0)
print("shown: %s" % shown.replace("\r", "").replace("\n", "|"))
print("status: %d" % os.waitstatus_to_exitcode(status))
end
	echo $? >"$work/run$run.status"
	recall
}

person "$secret"
expect_stdout 'echo before on, asked off'
expect_stdout 'echo after on'
expect_stdout "relay: password for $user at $host: "
expect_stdout 'status: 0'
expect_messages isp 1
expect_envelope isp 1 "auth: SCRAM-SHA-256-PLUS $user"

# A wrong one is the server's to refuse; nothing else asks a second time.
person 'wrong-horse'
expect_stdout 'status: 77'
expect_no_stdout 'wrong-horse'

# Whatever ends the question leaves a terminal that shows what is typed.
person '^C'
expect_stdout 'echo after on'
expect_stdout 'status: 75'
person '^D'
expect_stdout 'echo after on'
expect_stdout 'no password was typed'
person '^Z'
expect_stdout 'echo after on'
expect_messages isp 1

# The order: what the account has comes first, and nobody is asked.
printf 'machine %s login %s password %s\n' "$host" "$user" "$secret" >"$HOME/.netrc"
person "not asked"
expect_stdout 'status: 0'
expect_no_stdout 'password for'
expect_messages isp 2
rm "$HOME/.netrc"

# Without a terminal, and in the background of one, it is the configuration's fault at once.
if command -v setsid >/dev/null; then
	printf 'From: me\n\nhi\n' | setsid "$relay" -C "$work/relayrc" -f me@local.example \
		jane@one.example 2>"$work/daemon.err"
	[ $? -eq 78 ] || wrong "a daemon is not told what is missing" "$work/daemon.err"
	grep -q 'there is no password for user' "$work/daemon.err" ||
		wrong "a daemon is told something else" "$work/daemon.err"
fi
send --pretend jane@one.example </dev/null
expect_status 78
expect_messages isp 2
