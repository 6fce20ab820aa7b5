#!/bin/sh
# SPDX-License-Identifier: ISC
# Tables compiled by Postfix for cdb: all four are asked, and what is wrong with one stops the mail.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

PATH=$PATH:/usr/sbin:/sbin

if "$relay" --version | grep -qF cdb; then :; else
	# Built without: that is said, and nothing is sent.
	start_smarthost isp
	write_account isp <<-end
	generic         cdb:$work/generic
	end
	send_hello -f root jane@one.example
	expect_status 78
	expect_stderr 'built without tinycdb'
	expect_hint 'text'
	expect_connections isp 0
	[ ! -s "$work/failures" ] || exit 1
	skip 'relay was built without tinycdb (package libcdb-dev)'
fi

# A Postfix of its own: nothing of the machine's is read or asked.
mkdir "$work/postfix"
printf 'alias_maps =\nalias_database =\ncompatibility_level = 3\n' >"$work/postfix/main.cf"

# Rows of "key value" or "key: value" as the format has them: +4,2:root->me
rows_for_cdb() {
	awk '{
		key = tolower($1)
		sub(/:$/, "", key)
		value = $0
		sub(/^[^ \t]*[ \t]*/, "", value)
		printf "+%d,%d:%s->%s\n", length(key), length(value), key, value
	}
	END { print "" }' "$work/$1"
}

# compile postmap|postalias NAME
if command -v postmap >/dev/null && postconf -c "$work/postfix" -m 2>/dev/null | grep -qx cdb; then
	printf 'compiled by Postfix\n'
	compile() {
		"$1" -c "$work/postfix" "cdb:$work/$2" || wrong "$1 cannot compile $2"
	}
elif command -v cdb >/dev/null; then
	printf 'compiled by cdb\n'
	compile() {
		rows_for_cdb "$2" | cdb -c -t "$work/cdb.tmp" "$work/$2.cdb" ||
			wrong "cdb cannot compile $2"
	}
else
	skip 'neither a Postfix with cdb (postfix-cdb) nor the program cdb (tinycdb) is there'
fi

compile_all() {
	compile postalias aliases
	for table in generic transport sasl_passwd; do
		compile postmap $table
	done
	chmod 600 "$work/sasl_passwd.cdb"
}

start_smarthost isp
write_seed_tables isp
printf 'Staff: root, jane@proximus.example\nowner-staff: root\n' >>"$work/aliases"
printf 'jane@proximus.example   smtp:%s:%s\n' "$host" "$(port isp)" >>"$work/transport"
printf 'owner-staff   boss@proximus.example\n' >>"$work/generic"
compile_all
for table in aliases generic transport sasl_passwd; do
	sed "s|^$table  *|&cdb:|" "$work/relayrc" >"$work/typed"
	mv "$work/typed" "$work/relayrc"
	mv "$work/$table" "$work/$table.away"
done
send_hello -f root ROOT
expect_status 0
expect_envelope isp 1 'mail: <pdupont@proximus.example>'
expect_envelope isp 1 'rcpt: <pdupont@proximus.example>'
expect_dialogue isp 1 'AUTH '
send_hello -f alice staff
expect_status 0
expect_envelope isp 2 'mail: <boss@proximus.example>'
expect_envelope isp 2 'rcpt: <pdupont@proximus.example>'
expect_envelope isp 2 'rcpt: <jane@proximus.example>'

# A row has no line: the file is named.
send_hello --pretend -f root staff
expect_status 0
expect_stdout "$work/aliases.cdb"
expect_stdout "$work/transport.cdb"
expect_stdout "password from $work/sasl_passwd.cdb"
expect_no_stdout '.cdb:'
send_hello -f root nobody@two.example
expect_status 67 69
expect_connections isp 2

# newaliases asks each, and knows when a text was changed afterwards.
send -bi
expect_no_stdout 'read as text'
expect_status 0
for table in aliases generic transport sasl_passwd; do
	expect_stdout "$table: $work/$table.cdb, compiled, not checked row by row"
	mv "$work/$table.away" "$work/$table"
done
touch -t 203001010000 "$work/generic" "$work/aliases"
touch -t 200001010000 "$work/transport" "$work/sasl_passwd"
send -bi
expect_status 0
expect_stderr "$work/generic.cdb: warning: its text was changed since: postmap cdb:$work/generic"
expect_stderr "$work/aliases.cdb: warning: its text was changed since: postalias cdb:"
expect_no_stderr "$work/transport.cdb"
send_hello -f root root
expect_status 0
expect_silence
expect_messages isp 3

# The file alone counts, not the text: it was changed and not compiled.
printf 'root   other@proximus.example\n' >"$work/generic"
send_hello -f root root
expect_envelope isp 4 'mail: <pdupont@proximus.example>'

expect_refusal() {
	send_hello -f root root
	expect_status "$1"
	expect_stderr "$2"
	expect_messages isp 4
}

# F199: not there, cut, no table at all.
for table in aliases generic transport sasl_passwd; do
	mv "$work/$table.cdb" "$work/$table.kept"
	expect_refusal 75 "$work/$table.cdb: "
	head -c 2100 "$work/$table.kept" >"$work/$table.cdb"
	expect_refusal 75 "$work/$table.cdb: "
	expect_hint postmap
	send -bi
	expect_status 78
	expect_stderr "$work/$table.cdb: "
	rm "$work/$table.cdb"
	mkfifo "$work/$table.cdb"
	expect_refusal 78 "$work/$table.cdb: "
	rm "$work/$table.cdb"
	mv "$work/$table.kept" "$work/$table.cdb"
done

# F99: the compiled form of passwords is as private as the text.
chmod 644 "$work/sasl_passwd.cdb"
expect_refusal 78 "$work/sasl_passwd.cdb: "
expect_hint chmod
chmod 600 "$work/sasl_passwd.cdb"

# Rows that are wrong: the file is named, not the secret.
mv "$work/sasl_passwd.cdb" "$work/sasl_passwd.kept"
printf '%s:%s %s\n' "$host" "$(port isp)" "${secret%%:*}${secret#*:}" >"$work/sasl_passwd"
compile postmap sasl_passwd
chmod 600 "$work/sasl_passwd.cdb"
expect_refusal 78 "$work/sasl_passwd.cdb: the value has no colon"
expect_no_stderr "${secret#*:}"
mv "$work/sasl_passwd.kept" "$work/sasl_passwd.cdb"
printf 'root   two@@isp.example\n' >"$work/generic"
compile postmap generic
expect_refusal 78 "$work/generic.cdb: "
printf 'root   pdupont@proximus.example\n' >"$work/generic"
compile postmap generic

# The library cannot be loaded: said, with what to install; mail without such a table goes.
mkdir "$work/lib"
printf 'no library\n' >"$work/lib/libcdb.so.1"
LD_LIBRARY_PATH=$work/lib
export LD_LIBRARY_PATH
expect_refusal 78 'libcdb.so.1'
expect_hint tinycdb
write_seed_tables isp
send_hello -f root root
expect_status 0
expect_messages isp 5
