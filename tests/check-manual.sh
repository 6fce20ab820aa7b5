#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The manuals are complete: relayrc(5) has an item for every row of the settings table and
# for every command of the language, relay(1) one for every option; no item is about
# something that does not exist; and mandoc finds nothing to complain about.
#
#   sh tests/check-manual.sh          srcdir is the top of the source tree

top=${srcdir:-$(dirname "$0")/..}
bad=0

wrong()
{
	printf '%s\n' "$*"
	bad=$((bad + 1))
}

# The rows: ROW(TLS_STARTTLS, "tls_starttls", SWITCH), .flag = "tls-starttls".
settings()
{
	cat "$top"/src/config/setting*.c | tr '\n\t' '  ' |
		grep -oE 'ROW\([A-Z_0-9]+, *"[a-z_0-9]+"' | sed 's/.*"\(.*\)"/\1/' | sort -u
}

# Long options: those of the rows, and the options that have a help line:
# { "account", 'a', OPTIONS_NEEDED, "NAME", "use this account", take_account }.
options()
{
	{ cat "$top"/src/config/setting*.c | tr '\n\t' '  ' | grep -oE '\.flag *= *"[a-z-]+"'
	option_rows | grep -oE '^\{ "[a-z-]+"'; } |
		sed 's/^[^"]*"\([^"]*\)".*/\1/' | sort -u
}

option_rows()
{
	cat "$top"/src/config/option*.c | tr '\n\t' '  ' |
		grep -oE "\{ (NULL|\"[a-z-]+\"), ('.'|0), OPTIONS_[A-Z]+, (NULL|\"[^\"]*\"), +\""
}

letters()
{
	{ cat "$top"/src/config/setting*.c | grep -oE "\.letter *= *'.'"; option_rows; } |
		sed -n "s/.*'\(.\)'.*/\1/p" | sort -u
}

# Items of a manual page: .It Ic name, .It Fl -name; one item may have several.
items()
{
	sed -n "s/^\.It //p" "$top/doc/$1" | tr ' ' '\n'
}

covers()
{
	page=$1
	shift
	for name in "$@"; do
		items "$page" | grep -qx -e "$name" || wrong "doc/$page: no item for $name"
	done
}

names=$(settings)
flags=$(options)
[ -n "$names" ] || wrong "no settings found in src/config/setting*.c"
[ -n "$flags" ] || wrong "no long options found in src/config"

# shellcheck disable=SC2086 # the names are words
covers relayrc.5 $names defaults account include eval
# shellcheck disable=SC2046,SC2086
covers relay.1 $(printf -- '-%s\n' $flags) $(letters | grep -vx b)

# And nothing that is not there.
# shellcheck disable=SC2013 # names hold no blanks
for name in $(sed -n 's/^\.It Ic \([a-z_0-9]*\).*/\1/p' "$top/doc/relayrc.5"); do
	printf '%s\n' "$names" defaults account include eval | grep -qx -e "$name" ||
		wrong "doc/relayrc.5: there is no setting $name"
done
for name in $(items relay.1 | sed -n 's/^-\([a-z-][a-z-]*\)$/\1/p'); do
	printf '%s\n' "$flags" | grep -qx -e "$name" || wrong "doc/relay.1: there is no --$name"
done

if command -v mandoc >/dev/null 2>&1; then
	for page in "$top"/doc/*.[1-9]; do
		mandoc -T lint -W warning "$page" || wrong "doc/$(basename "$page"): mandoc complains"
	done
else
	echo "mandoc is not installed: the pages were not linted"
fi

# shellcheck disable=SC2086
printf '%d settings, %d long options, %d faults\n' "$(printf '%s\n' $names | wc -l)" \
	"$(printf '%s\n' $flags | wc -l)" "$bad"
[ "$bad" -eq 0 ]
