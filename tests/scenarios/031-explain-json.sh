#!/bin/sh
# SPDX-License-Identifier: ISC
# --explain --json says the same as one object, whose keys stay.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip 'python3 is not installed'
cd "$work" || exit 99
cat >relayrc <<'end'
maildomain    local.example
local_domains local.example
aliases       aliases
generic       generic
transport     transport
sasl_passwd   sasl_passwd
end
echo 'root: pdupont@proximus.example' >aliases
echo 'root pdupont@proximus.example' >generic
echo 'pdupont@proximus.example smtp:relay.skynet.example:587' >transport
echo "relay.skynet.example:587 fg12345678@skynet.example:$secret" >sasl_passwd

send -C relayrc --explain --json -f root root </dev/null
expect_status 0

# One line for each step; the rest of the object without them.
python3 - "$out" >got 2>&1 <<'end'
import json, sys

names = ["step", "asked", "tried", "key", "file", "line", "result", "text", "note"]

def show(value):
    for step in value.pop("steps", []):
        assert list(step) == names, list(step)
        print(*("-" if step[name] in (None, []) else
                ",".join(step[name]) if isinstance(step[name], list) else step[name]
                for name in names[:-2]))
    for key in ("targets", "servers"):
        for part in value.pop(key, []):
            show(part)
    print(json.dumps(value))

with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
assert list(plan) == ["sender", "account", "recipients", "routes", "failure", "status"], list(plan)
for part in [plan["sender"], plan["account"], *plan["recipients"], *plan["routes"]]:
    show(part)
print(plan["failure"], plan["status"])
end
cat >wanted <<'end'
given - - - - - root
complete root - - relayrc 1 root@local.example
generic root@local.example root@local.example root generic 1 pdupont@proximus.example
generic pdupont@proximus.example pdupont@proximus.example,@proximus.example - generic - -
{"given_by": "-f", "mail_from": "pdupont@proximus.example"}
{"name": "default", "because": "it is the default", "file": "relayrc", "line": 1, "domain": "local.example", "domain_from": "relayrc:1", "local_domains": ["local.example"]}
complete root - - relayrc 1 root@local.example
alias root - root aliases 1 pdupont@proximus.example
transport pdupont@proximus.example - pdupont@proximus.example transport 1 smtp:relay.skynet.example:587
generic pdupont@proximus.example pdupont@proximus.example,@proximus.example - generic - -
{"address": "pdupont@proximus.example", "include": null, "include_line": null, "outcome": "sent", "rcpt_to": "pdupont@proximus.example", "route": 1, "refused": null}
{"given": "root", "address": "root@local.example", "outcome": null, "rcpt_to": null, "route": null, "refused": null}
server - - - - - relay.skynet.example:587
tls - - - - - starttls
mechanism - - - - - SCRAM-SHA-256-PLUS,SCRAM-SHA-1-PLUS,SCRAM-SHA-256,SCRAM-SHA-1,PLAIN,CRAM-MD5,LOGIN
login relay.skynet.example:587 relay.skynet.example relay.skynet.example:587 sasl_passwd 1 fg12345678@skynet.example
{"host": "relay.skynet.example", "port": 587, "tls": "starttls", "user": "fg12345678@skynet.example"}
{"number": 1, "transport": "smtp:relay.skynet.example:587", "account": "default", "mail_from": "pdupont@proximus.example"}
None 0
end
cmp -s wanted got || wrong 'the object is another' wanted got

# A fault is in the object as well as on standard error.
rm transport
send -C relayrc --explain --json -f root root </dev/null
expect_status 75
expect_stderr 'transport: cannot open the file'
python3 - "$out" >got 2>&1 <<'end'
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
assert plan["failure"]["where"] == "transport", plan["failure"]
assert plan["status"] == 75
assert plan["recipients"][0]["targets"][0]["outcome"] == "undecided"
end
[ ! -s got ] || wrong 'the fault is not told' got "$out"

# An object comes whatever fails: the configuration, the message.
# expect_failure STATUS WHERE: the last object holds no more than that failure.
expect_failure() {
	expect_status "$1"
	python3 - "$out" "$1" "$2" >got 2>&1 <<'end' || wrong 'the fault is not told' got "$out"
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
assert plan["failure"]["where"] == (sys.argv[3] or None), plan["failure"]
assert plan["failure"]["reason"], plan["failure"]
assert plan["failure"]["status"] == plan["status"] == int(sys.argv[2])
assert plan["sender"] is plan["account"] is None and plan["recipients"] == plan["routes"] == []
end
}
printf 'host h\nnonsense 1\n' >faulty
send -C faulty --explain --json root </dev/null
expect_failure 78 faulty:2
printf 'host h\ntls_priorities nonsense\n' >faulty
send -C faulty --explain --json root </dev/null
expect_failure 78 faulty:2
send -C missing --explain --json root </dev/null
expect_failure 66 missing
printf 'host h\nheader_size_limit 10\n' >faulty
send_hello -C faulty --explain --json -t
expect_failure 65 'the header'
send -C faulty --explain root </dev/null
expect_status 0
