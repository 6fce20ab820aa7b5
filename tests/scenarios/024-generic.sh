#!/bin/sh
# SPDX-License-Identifier: ISC
# generic renames in envelope and header alike, names and comments stay.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
cat >"$work/generic" <<'end'
root                me@isp.example
alice@local.example second
second              alice@isp.example
@old.example        @new.example
end
write_account isp <<end
generic         $work/generic
end
send -f alice root@local.example bob@old.example <<'end'
From: root (Cron Daemon)
Sender: "Root, the" <root@local.example>
To: root, "alice" <alice@local.example>, Team: bob@old.example, x@y.example;
Subject: root@local.example stays here
X-To: root@local.example
Message-ID: <1@local.example>

root@local.example
end
expect_status 0
expect_envelope isp 1 'mail: <alice@isp.example>'
expect_envelope isp 1 'rcpt: <me@isp.example>'
expect_envelope isp 1 'rcpt: <bob@new.example>'
expect_header isp 1 'From: me@isp.example (Cron Daemon)'
expect_header isp 1 'Sender: "Root, the" <me@isp.example>'
expect_header isp 1 'To: me@isp.example, "alice" <alice@isp.example>, Team: bob@new.example, x@y.example;'
expect_header isp 1 'Subject: root@local.example stays here'
expect_header isp 1 'X-To: root@local.example'
expect_header isp 1 'Message-ID: <1@local.example>'
printf 'root@local.example\n' | expect_body isp 1

write_account isp <<end
generic         $work/generic
generic_recursion off
end
send_hello -f alice jane@one.example
expect_status 0
expect_envelope isp 2 'mail: <second@local.example>'
