#!/bin/sh
# SPDX-License-Identifier: ISC
# The account whose `from` is the envelope sender is taken; -a chooses by name.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost home
start_smarthost office
write_relayrc <<end
defaults
maildomain      local.example
user            $user
password        $secret
host            $host

account home
port            $(port home)
tls_trust_file  $work/home/ca.pem
from            me@home.example

account work
port            $(port office)
tls_trust_file  $work/office/ca.pem
from            *@work.example

account default : home
end
send_hello -f me@work.example jane@one.example
expect_status 0
expect_messages office 1
expect_messages home 0

send_hello -f me@home.example jane@one.example
expect_status 0
expect_messages home 1

send_hello -a work -f somebody@else.example jane@one.example
expect_status 0
expect_messages office 2

send_hello -f somebody@else.example jane@one.example
expect_status 0
expect_messages home 2

send_hello -a nowhere -f me@home.example jane@one.example
expect_status 78
expect_stderr 'nowhere'
expect_messages home 2
