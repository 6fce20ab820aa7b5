#!/bin/sh
# SPDX-License-Identifier: ISC
# Mail to root leaves by alias, transport, credentials of host:port and generic.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_seed_tables isp
send -f root root <<end
From: root
To: root
Subject: hello

A mail from this machine.
end
expect_status 0
expect_silence
expect_messages isp 1
expect_envelope isp 1 'mail: <pdupont@proximus.example>'
expect_envelope isp 1 'rcpt: <pdupont@proximus.example>'
expect_envelope isp 1 "auth: SCRAM-SHA-256-PLUS $user"
expect_envelope isp 1 'tls: TLS1.3'
expect_header isp 1 'From: pdupont@proximus.example'
expect_header isp 1 'To: pdupont@proximus.example'
expect_header isp 1 'Subject: hello'
expect_field isp 1 Date 1
expect_field isp 1 Message-ID 1
expect_body isp 1 <<end
A mail from this machine.
end
