#!/bin/sh
# SPDX-License-Identifier: ISC
# --serverinfo shows what a server says and shows, without any password; --json for programs.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp --certificate lasting

# Without any configuration.
info() {
	within_a_minute "$relay" "$@" >"$work/run1.out" 2>"$work/run1.err" </dev/null
	echo $? >"$work/run1.status"
	echo 1 >"$work/runs"
}
info -S --host="$host" --port="$(port isp)" --tls-trust-file="$work/isp/ca.pem"
expect_status 0
expect_stdout 'localhost ESMTP smarthost'
expect_stdout 'TLS1.3, AES-256-GCM'
expect_stdout 'CN=localhost'
expect_stdout PIPELINING
expect_stdout SCRAM-SHA-256
expect_no_dialogue isp 1 AUTH
expect_no_dialogue isp 1 MAIL
expect_dialogue isp 1 QUIT

# Of a server that nobody vouches for: its fingerprint, and with that it is pinned.
info --serverinfo --host="$host" --port="$(port isp)" --tls-trust-file="$work/none"
expect_status 78
start_smarthost alone --certificate self-signed
info --serverinfo --host="$host" --port="$(port alone)"
expect_status 69
expect_stdout self-signed
print=$(grep -oE '^    [0-9a-f]{64}$' "$out" | tr -d ' ')
info --serverinfo --host="$host" --port="$(port alone)" --tls-fingerprint="$print"
expect_status 0
expect_stdout pinned
info --serverinfo --host="$host" --port="$(port alone)" --tls-certcheck=off
expect_status 0
expect_stdout tls_fingerprint

# An account's password is neither read nor needed.
write_account isp <<end
passwordeval    touch $work/asked
password
end
send -S </dev/null
expect_status 0
[ ! -e "$work/asked" ] || wrong "the password was asked for"

command -v python3 >/dev/null 2>&1 || skip "no python3 to read JSON"
cat >"$work/read.py" <<'end'
import json, sys
found = json.load(open(sys.argv[1]))
assert found["status"] == int(sys.argv[2]), found["status"]
assert found["failures"] == int(sys.argv[3]), found["failures"]
keys = {"area", "subject", "result", "what", "where", "server", "hint"}
assert all(set(check) == keys for check in found["checks"])
by_area = {check["area"]: check for check in found["checks"]}
for word in sys.argv[4:]:
    area, key, text = word.split("=", 2)
    assert text in by_area[area][key], by_area[area]
end
json() {
	python3 "$work/read.py" "$out" "$@" 2>"$work/python" || wrong "the JSON object" \
		"$work/python" "$out"
}
write_account isp </dev/null
send --check --json </dev/null
expect_status 0
json 0 0 "login=what=$user" "tls=what=TLS1.3" "tls=subject=$host:" "tls=result=ok"
write_account isp <<end
password        wrong
end
send --json --check </dev/null
expect_status 77
json 77 1 "login=result=failure" "login=server=535" "login=hint=relayrc"
