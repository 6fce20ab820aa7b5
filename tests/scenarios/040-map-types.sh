#!/bin/sh
# SPDX-License-Identifier: ISC
# Names of tables as main.cf has them: the text is read, whatever Postfix compiles of it, and
# types that relay does not read are refused at their line (F209).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_seed_tables isp
with_types() {
	sed "s|^\(aliases\)  *|&$1|; s|^\(generic\)  *|&$2|; s|^\(transport\)  *|&$3|
		s|^\(sasl_passwd\)  *|&$4|" "$work/relayrc" >"$work/typed"
	mv "$work/typed" "$work/relayrc"
}

# The map that lies beside the text is not looked at.
with_types hash: lmdb: texthash: proxy:btree:
for table in aliases generic transport sasl_passwd; do
	printf 'no text\n' >"$work/$table.db"
done
send_hello -f root root
expect_status 0
expect_envelope isp 1 'mail: <pdupont@proximus.example>'
expect_envelope isp 1 'rcpt: <pdupont@proximus.example>'
expect_dialogue isp 1 'AUTH '

# What is shown is what was read.
send_hello --pretend -f root root
expect_status 0
expect_stdout "$work/generic "
expect_stdout "$work/sasl_passwd:1"
expect_no_stdout 'hash:'
send -bi
expect_status 0
expect_stdout "generic: $work/generic, 1 row"

# On the command line, in the home directory, and relative.
write_account isp </dev/null
cp "$work/generic" "$HOME/generic"
send_hello --generic=hash:~/generic -f root jane@one.example
expect_status 0
expect_envelope isp 2 'mail: <pdupont@proximus.example>'
cd "$work" || exit 99
send_hello --generic=dbm:generic -f root jane@one.example
expect_status 0
expect_envelope isp 3 'mail: <pdupont@proximus.example>'

# A text that is not there is no empty one, though a map is.
write_account isp <<end
generic         hash:$work/gone
end
printf 'no text\n' >"$work/gone.db"
send_hello -f root jane@one.example
expect_status 75
expect_stderr "$work/gone:"
expect_connections isp 3

try() {
	write_account isp <<end
$1
end
	send_hello -f me@local.example jane@one.example
	expect_status 78
	expect_stderr "$work/relayrc:7: "
	expect_connections isp 3
}

# F209: no pattern is matched, so none can take for ever.
printf '/^(a+)+$/ x@isp.example\n' >"$work/patterns"
try "generic regexp:$work/patterns"
expect_stderr "'regexp:' are not supported"
expect_hint 'hash:'
try "transport pcre:$work/patterns"
expect_stderr "'pcre:' are not supported"
try "aliases ldap:$work/patterns"
try "sasl_passwd mysql:$work/patterns"
try 'generic static:me@isp.example'
try 'generic foo:/bar'
expect_stderr "'foo:' is no type of table"
try 'generic hash:'
try "aliases hash:$work/aliases, nis:mail.aliases"
expect_stderr 'several tables'
expect_hint 'one table'
try "transport hash:$work/transport hash:$work/generic"
expect_stderr 'several tables'
