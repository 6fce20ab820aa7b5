#!/bin/sh
# SPDX-License-Identifier: ISC
# `tls_certcheck off` is said aloud; a loopback peer may then still be given a password
# (F21).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp --certificate self-signed
write_relayrc <<end
host            $host
port            $(port isp)
maildomain      local.example
tls_certcheck   off
user            $user
password        $secret
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp 1 'tls: TLS1.3'
