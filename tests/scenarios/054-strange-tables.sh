#!/bin/sh
# SPDX-License-Identifier: ISC
# Rows of generic that give no address, bytes that are no text, and which of several keys
# decides (F205 to F209).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_account isp <<end
generic         $work/generic
recipient_delimiter +
end

# A result that is no address stops the mail: no broken sender leaves (F205, F206).
refused() {
	printf 'else x@else.example\nroot %b\n' "$1" >"$work/generic"
	send_hello -f root jane@one.example
	expect_status 78
	expect_stderr "$work/generic:2: "
	expect_connections isp 0
}

refused ''
refused '@'
refused 'me@'
refused '@isp..example'
refused 'a@b@isp.example'
refused '"me@isp.example'
refused 'me@isp.example\0'
refused 'me\001x@isp.example'
refused 'me@isp.example\rRCPT TO:<evil@isp.example>'
refused 'm\344@isp.example'
refused 'me@isp.ex\377mple'

# Such a row for somebody else does no harm, and bytes that are UTF-8 are kept.
printf 'other m\344@isp.example\nlonely\nroot m\303\244@isp.example\n' >"$work/generic"
send_hello --pretend -f root jane@one.example
expect_status 0
expect_stdout "$(printf 'm\303\244@isp.example')"

# user+extension@domain, user@domain, user+extension, user, @domain (F207).
cat >"$work/generic" <<'end'
@local.example            domain@isp.example
root                      bare@isp.example
root+x                    extended-bare@isp.example
root@local.example        whole@isp.example
Root+X@Local.Example      extended@isp.example
bob                       bob-bare@isp.example
bob+x                     bob-extended@isp.example
"a b"@local.example       quoted@isp.example
"plain"@local.example     never@isp.example
plain+y@local.example     plain@isp.example
@one.example @two.example
end
number=0
becomes() {
	send_hello -f "$1" jane@else.example
	expect_status 0
	number=$((number + 1))
	expect_envelope isp $number "mail: <$2>"
}

becomes root+x@local.example extended@isp.example
becomes ROOT+y@local.example whole@isp.example
becomes bob+x@local.example bob-extended@isp.example
becomes bob+y@local.example bob-bare@isp.example
becomes bob@local.example bob-bare@isp.example
becomes carol@local.example domain@isp.example

# Quotes, letter case, extensions and domains (F208).
becomes '"a b"@local.example' quoted@isp.example
becomes 'A\ B@LOCAL.EXAMPLE' quoted@isp.example
becomes plain@local.example domain@isp.example
becomes '"plain"+y@local.example' plain@isp.example
becomes Root+Z@one.example Root+Z@two.example
becomes root@sub.one.example root@sub.one.example

# There are no patterns: a key that looks like one is a name, and costs what a name does (F209).
many=$(printf '%0200d' 0 | tr 0 a)
printf '/^(a+)+$/ evil@isp.example\n/./ evil@isp.example\n%s! evil@isp.example\n' "$many" \
	>"$work/generic"
becomes "$many@local.example" "$many@local.example"
send -bi </dev/null
expect_status 0
expect_stderr "$work/generic:1: warning: the key is taken as it is written"
for type in regexp pcre; do
	write_account isp <<end
generic         $type:$work/generic
end
	send_hello -f root jane@else.example
	expect_failure
	expect_messages isp $number
done
