#!/bin/sh
# SPDX-License-Identifier: ISC
# --pretend --json says the same as one object.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip 'python3 is not installed'
start_smarthost isp
write_seed_tables isp
send_hello --pretend --json -f root root
expect_status 0
expect_connections isp 0
python3 - "$out" "$(port isp)" "$secret" >"$work/complaints" 2>&1 <<'end'
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
plan = json.loads(text)
assert isinstance(plan, dict), "not an object"
for key in ("account", "from", "recipients", "routes", "tls_starttls", "maildomain"):
    assert key in plan, f"no key {key}"
assert len(plan["routes"]) == 1, "not one route"
assert "pdupont@proximus.example" in json.dumps(plan["recipients"]), "recipient"
assert "pdupont@proximus.example" in json.dumps(plan["from"]), "sender"
assert sys.argv[2] in json.dumps(plan["routes"]), "port"
assert "sasl_passwd" in json.dumps(plan["routes"]), "where the password would come from"
assert sys.argv[3] not in text, "the password"
end
[ ! -s "$work/complaints" ] || wrong 'the object is another' "$work/complaints" "$out"
