#!/bin/sh
# SPDX-License-Identifier: ISC
# GSSAPI when it is named: without a ticket the hint is kinit; with one, from a KDC of our own,
# it logs in.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

# libgsasl keeps a buffer of the GSSAPI to itself.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
KRB5_CONFIG=$work/krb5.conf
KRB5CCNAME=FILE:$work/tickets
KRB5_KTNAME=FILE:$work/keytab
export KRB5_CONFIG KRB5CCNAME KRB5_KTNAME
cat >"$KRB5_CONFIG" <<end
[libdefaults]
 default_realm = TEST.EXAMPLE
 dns_lookup_kdc = false
 dns_lookup_realm = false
 rdns = false
 dns_canonicalize_hostname = false
end

start_smarthost isp --mechanisms 'PLAIN GSSAPI'
write_kerberos_account() {
	write_relayrc <<-end
	host            $host
	port            $(port isp)
	maildomain      local.example
	tls_trust_file  $work/isp/ca.pem
	auth            gssapi
	$1
	end
}

# Nobody has a ticket yet.
write_kerberos_account "user $user"
send_hello -f me@local.example jane@one.example
expect_status 77
expect_stderr 'no Kerberos ticket'
expect_hint kinit
expect_no_dialogue isp 1 MAIL

# Not without being named, although it is offered.
write_account isp </dev/null
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp 1 "auth: PLAIN $user"
stop_smarthost isp

PATH=$PATH:/usr/sbin:/sbin
for program in krb5kdc kdb5_util kadmin.local kinit perl; do
	command -v $program >/dev/null 2>&1 && continue
	skip "no $program to log in with a ticket (packages krb5-kdc, krb5-admin-server, krb5-user)"
done

# A KDC of our own, on a port that is free now.
kdc_port=$(perl -MIO::Socket::INET -e \
	'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1:0")->sockport')
mkdir "$work/kdc"
cat >>"$KRB5_CONFIG" <<end
 udp_preference_limit = 1
[realms]
 TEST.EXAMPLE = {
  kdc = 127.0.0.1:$kdc_port
 }
end
KRB5_KDC_PROFILE=$work/kdc/kdc.conf
export KRB5_KDC_PROFILE
cat >"$KRB5_KDC_PROFILE" <<end
[realms]
 TEST.EXAMPLE = {
  database_name = $work/kdc/principal
  key_stash_file = $work/kdc/stash
  kdc_listen = ""
  kdc_tcp_listen = 127.0.0.1:$kdc_port
 }
[logging]
 kdc = FILE:$work/kdc/log
end
{
	kdb5_util create -s -r TEST.EXAMPLE -P master &&
		kadmin.local -q 'addprinc -pw ticket jane' &&
		kadmin.local -q "addprinc -randkey smtp/$host" &&
		kadmin.local -q "ktadd -k $work/keytab smtp/$host"
} >"$work/kdc/made" 2>&1 || { wrong 'no KDC could be made' "$work/kdc/made"; exit 1; }
krb5kdc -n >"$work/kdc/said" 2>&1 &
servers="$servers $!"
tries=0
until printf 'ticket\n' | kinit jane >"$work/kdc/kinit" 2>&1; do
	tries=$((tries + 1))
	[ $tries -lt 100 ] || { wrong 'no ticket' "$work/kdc/kinit" "$work/kdc/log"; exit 1; }
	sleep 0.05
done

start_smarthost realm --mechanisms GSSAPI --host-name "$host"
write_relayrc <<end
host            $host
port            $(port realm)
maildomain      local.example
tls_trust_file  $work/realm/ca.pem
auth            gssapi
user            jane
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope realm 1 'auth: GSSAPI jane'
