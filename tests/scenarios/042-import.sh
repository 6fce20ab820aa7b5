#!/bin/sh
# SPDX-License-Identifier: ISC
# --import makes a relayrc of what another program was configured with: relay reads it, sends by
# it, and was told what is not kept.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

# import FILE...: the output becomes the relayrc of `send`.
import() {
	run=$(($(cat "$work/runs") + 1))
	echo $run >"$work/runs"
	within_a_minute "$relay" --import "$@" >"$work/relayrc" 2>"$work/run$run.err"
	echo $? >"$work/run$run.status"
	: >"$work/run$run.out"
	recall
	expect_no_stderr "$secret"
}

# expect_printed: the relayrc is standard input, DIR standing for the scenario's directory.
expect_printed() {
	cat >"$work/wanted"
	sed "s|$work|DIR|g" "$work/relayrc" >"$work/got"
	cmp -s "$work/wanted" "$work/got" ||
		wrong "another relayrc was printed" "$work/wanted" "$work/got"
}

# expect_pretend TEXT...: relay takes what was printed, and says so.
expect_pretend() {
	send_hello --pretend -f root root
	expect_status 0
	for text; do expect_stdout "$text"; done
	sed -i.bak "/$secret/d" "$out"
}

start_smarthost isp
port=$(port isp)

# --- ssmtp, as the package installs it and a person fills it in.
mkdir "$work/ssmtp"
cat >"$work/ssmtp/ssmtp.conf" <<end
#
# Config file for sSMTP sendmail
#
# The person who gets all mail for userids < 1000
# Make this empty to disable rewriting.
root=postmaster@example.org

# The place where the mail goes. The actual machine name is required no
# MX records are consulted. Commonly mailhosts are named mail.domain.com
mailhub=$host:$port

# Where will the mail seem to come from?
rewriteDomain=example.org

# The full hostname
hostname=web1.example.org

AuthUser=$user
AuthPass=$secret
UseTLS=YES
UseSTARTTLS=YES
TLS_CA_File=$work/isp/ca.pem

# Are users allowed to set their own From: address?
# YES - Allow the user to specify their own From: address
# NO - Use the system generated From: address
FromLineOverride=YES
UseOldAUTH=YES
end
cat >"$work/ssmtp/revaliases" <<end
# sSMTP aliases
#
# Format:	local_account:outgoing_address:mailhub
root:postmaster@example.org:$host:$port
www-data:web@example.org
end
import "$work/ssmtp"
expect_status 0
expect_stderr 'ssmtp.conf:6: '
expect_stderr 'ssmtp.conf:27: '
expect_stderr "ssmtp.conf:28: 'UseOldAUTH' is not kept"
expect_stderr 'revaliases:4: '
expect_printed <<end
# relayrc, made by relay --import of
#   DIR/ssmtp/ssmtp.conf
#   DIR/ssmtp/revaliases
# It holds a password: chmod 600, or 640 for /etc/relayrc and a group of those who send.

account ssmtp
host                 $host
port                 $port
tls                  on
tls_starttls         on
# 'root' gave one address the mail for every user below uid 1000: add a line
# to /etc/aliases for each of them that gets mail
#   root: postmaster@example.org
maildomain           example.org
domain               web1.example.org
user                 $user
password             $secret
tls_trust_file       DIR/isp/ca.pem
# the envelope sender was taken from the From field: relay does that with the
# option --read-envelope-from only
# 'UseOldAUTH' is not kept: relay logs in as RFC 4954 says
#   UseOldAUTH=YES
# reverse aliases are rows of generic: put these into /etc/relay/generic, or
# into a file that 'generic' names
#   root   postmaster@example.org
#   www-data   web@example.org

account default : ssmtp
end
expect_pretend "$host:$port" "$user" 'root@example.org'
send_hello -f www-data jane@one.example
expect_status 0
expect_envelope isp 1 'mail: <www-data@example.org>'
expect_envelope isp 1 "auth: SCRAM-SHA-256-PLUS $user"

# --- The same server without TLS: the password must not follow.
grep -v 'TLS=YES' "$work/ssmtp/ssmtp.conf" >"$work/plain"
sed "s/^mailhub=.*/mailhub=mail.example.org/" "$work/plain" >"$work/ssmtp.conf"
import "$work/ssmtp.conf"
expect_status 0
expect_stderr 'the password may have gone out in the clear'
expect_pretend 'mail.example.org port 25, STARTTLS'

# --- dma.
mkdir "$work/dma"
cat >"$work/dma/dma.conf" <<end
# \$DragonFly: src/etc/dma/dma.conf,v 1.2 2008/02/04 10:11:41 matthias Exp \$
#
# Your smarthost (also called relayhost).  Leave blank if you don't want
# smarthost support.
SMARTHOST $host
PORT $port
#ALIASES /etc/aliases
SPOOLDIR /var/spool/dma
AUTHPATH /etc/dma/auth.conf.of.another.machine
SECURETRANSFER
STARTTLS
OPPORTUNISTIC_TLS
#SECURE
FULLBOUNCE
MAILNAME client.example.org
MASQUERADE cron@example.org
end
cat >"$work/dma/auth.conf" <<end
# Format: user|my.smarthost.example.com:password
$user|$host:$secret
joe|mail.example.net:$secret
end
import "$work/dma"
expect_status 0
expect_stderr 'dma.conf:5: TLS was used when the server offered it'
expect_stderr "dma.conf:8: 'SPOOLDIR' is not kept"
expect_stderr 'auth.conf:3: not kept: this login is not for the SMARTHOST'
expect_printed <<end
# relayrc, made by relay --import of
#   DIR/dma/dma.conf
# It holds a password: chmod 600, or 640 for /etc/relayrc and a group of those who send.

account dma
host                 $host
port                 $port
# TLS was used when the server offered it: now it must, or nothing is sent
# The server's certificate was not verified, and is now. For one that no
# authority vouches for, use tls_trust_file or tls_fingerprint.
tls                  on
tls_starttls         on
user                 $user
password             $secret
# 'SPOOLDIR' is not kept: what is queued there is not relay's to send; run
# 'dma -q' before dma goes
#   SPOOLDIR /var/spool/dma
dsn_return           full
domain               client.example.org
maildomain           client.example.org
# MASQUERADE: no option and no program sets another sender.
from                 cron@example.org
allow_from_override  off
# not kept: this login is not for the SMARTHOST
#   joe|mail.example.net:$secret

account default : dma
end
expect_pretend "$host:$port" "$user" 'cron@example.org'
echo "tls_trust_file $work/isp/ca.pem" >"$work/trust"
sed "/^password/r $work/trust" "$work/relayrc" >"$work/relayrc.new"
mv "$work/relayrc.new" "$work/relayrc"
send_hello -f www-data jane@one.example
expect_status 0
expect_envelope isp 2 'mail: <cron@example.org>'

# --- nullmailer.
mkdir "$work/nullmailer"
cat >"$work/nullmailer/remotes" <<end
# A comment
$host smtp --port=$port --starttls --user=$user --pass='$secret' --x509cafile=$work/isp/ca.pem
backup.example.org smtp port=587 starttls insecure
end
echo client >"$work/nullmailer/me"
echo example.org >"$work/nullmailer/defaultdomain"
echo admin@example.org >"$work/nullmailer/adminaddr"
echo 120 >"$work/nullmailer/pausetime"
import "$work/nullmailer/remotes"
expect_status 0
expect_stderr 'remotes:3: this server was tried after those above'
expect_stderr "remotes:3: 'insecure' is not kept"
expect_stderr 'adminaddr:1: '
expect_stderr 'pausetime:1: '
expect_printed <<end
# relayrc, made by relay --import of
#   DIR/nullmailer/remotes
#   DIR/nullmailer/me
#   DIR/nullmailer/defaultdomain
#   DIR/nullmailer/adminaddr
#   DIR/nullmailer/pausetime
# It holds a password: chmod 600, or 640 for /etc/relayrc and a group of those who send.

account nullmailer
host                 $host
port                 $port
tls                  on
tls_starttls         on
user                 $user
password             $secret
tls_trust_file       DIR/isp/ca.pem
maildomain           client.example.org
domain               client.example.org
# 'defaultdomain' is not kept but in the names above: relay adds nothing to a
# domain of one word
#   example.org
# adminaddr got the mail for every user of this machine: put this line into
# /etc/aliases
#   default: admin@example.org
# 'pausetime' is not kept: this version has no queue
#   120

account nullmailer-2
# this server was tried after those above: relay takes it with -a only, as an
# account has one user and password
host                 backup.example.org
port                 587
tls                  on
tls_starttls         on
# 'insecure' is not kept: the certificate is verified; for one that no
# authority vouches for, use tls_trust_file or tls_fingerprint
#   backup.example.org smtp port=587 starttls insecure
maildomain           client.example.org
domain               client.example.org

account default : nullmailer
end
expect_pretend "$host:$port" "$user" 'root@client.example.org'
send_hello -f www-data jane@one.example
expect_status 0
expect_envelope isp 3 'mail: <www-data@client.example.org>'

# --- Postfix: a machine that sends by its provider, with the tables it has.
mkdir "$work/postfix"
write_seed_tables isp
mv "$work/sasl_passwd" "$work/transport" "$work/generic" "$work/aliases" "$work/postfix"
cat >"$work/postfix/main.cf" <<end
# See /usr/share/postfix/main.cf.dist for a commented, more complete version
smtpd_banner = \$myhostname ESMTP \$mail_name (Debian/GNU)
biff = no
append_dot_mydomain = no
readme_directory = no
compatibility_level = 3.6

myhostname = client.\$mydomain
mydomain = local.example
myorigin = \$mydomain
mydestination = \$myhostname, \$mydomain,
	localhost.\$mydomain, localhost
relayhost =
mynetworks = 127.0.0.0/8
mailbox_size_limit = 0
recipient_delimiter = +
inet_interfaces = loopback-only
alias_maps = hash:\$config_directory/aliases

smtp_sasl_security_options = noanonymous
smtp_sasl_auth_enable = yes
smtp_use_tls = yes
smtp_tls_security_level = encrypt
smtp_tls_CAfile = $work/isp/ca.pem
smtp_tls_session_cache_database = btree:\${data_directory}/smtp_scache
smtp_enforce_tls = yes
smtp_sasl_mechanism_filter = PLAIN, LOGIN, CRAM-MD5
smtp_tls_wrappermode = no
# tables
smtp_sasl_password_maps = hash:$work/postfix/sasl_passwd
transport_maps = hash:$work/postfix/transport
smtp_generic_maps = hash:$work/postfix/generic
smtp_header_checks = regexp:/etc/postfix/header_checks
end
import "$work/postfix"
expect_status 0
expect_stderr 'main.cf:13: no server is named'
expect_stderr "main.cf:33: 'smtp_header_checks' is not kept"
expect_printed <<end
# relayrc, made by relay --import of
#   DIR/postfix/main.cf

account postfix
# no server is named: recipients without a row in transport are refused
# The server's certificate was not verified, and is now. For one that no
# authority vouches for, use tls_trust_file or tls_fingerprint.
tls                  on
tls_starttls         on
auth                 plain login cram-md5
sasl_passwd          DIR/postfix/sasl_passwd
domain               client.local.example
maildomain           local.example
local_domains        client.local.example local.example localhost.local.example localhost
recipient_delimiter  +
aliases              DIR/postfix/aliases
tls_trust_file       DIR/isp/ca.pem
transport            DIR/postfix/transport
# In transport, a server without a port has 587 here and 25 in Postfix;
# aliases are asked first. 'relay -bi' lists the rows that relay cannot take.
generic              DIR/postfix/generic
generic_recursion    off
# 'smtp_header_checks' is not kept: relay does nothing of the kind
#   smtp_header_checks = regexp:/etc/postfix/header_checks
# Not about sending, or done anyway: smtpd_banner, biff, readme_directory,
# compatibility_level, mynetworks, mailbox_size_limit, inet_interfaces,
# smtp_tls_session_cache_database

account default : postfix
end
expect_pretend 'pdupont@proximus.example' "$host:$port" "$user"
send_hello -f root root
expect_status 0
expect_envelope isp 4 'mail: <pdupont@proximus.example>'
expect_envelope isp 4 'rcpt: <pdupont@proximus.example>'
expect_envelope isp 4 "auth: PLAIN $user"

# --- msmtp: its file with what relay takes otherwise.
cat >"$work/msmtprc" <<end
# Set default values for all following accounts.
defaults
auth           on
tls            on
tls_trust_file $work/isp/ca.pem
logfile        $work/msmtp.log

# The provider
account        isp
host           $host
port           $port
from           me@example.org
user           $user
password       $secret

# The office, by its own server
account        office : isp
host           mail.office.example
from           *@office.example
port           465
tls_starttls   off
tls_certcheck  off

# A machine in the next room
account        lab
host           lab.example
auth           off
tls            off
from           me@lab.example

# Set a default account
account default : isp
end
import "$work/msmtprc"
expect_status 0
expect_stderr "msmtprc:22: 'tls_certcheck' is not kept"
expect_stderr 'msmtprc:25: account lab has no TLS, as before'
expect_printed <<end
# relayrc, made by relay --import of
#   DIR/msmtprc
# It holds a password: chmod 600, or 640 for /etc/relayrc and a group of those who send.

# Set default values for all following accounts.
defaults
auth           on
tls            on
tls_trust_file DIR/isp/ca.pem
logfile        DIR/msmtp.log

# The provider
account isp
host           $host
port           $port
from           me@example.org
user           $user
password       $secret

# The office, by its own server
account office : isp
host           mail.office.example
from           *@office.example
port           465
tls_starttls   off
# 'tls_certcheck' is not kept: the certificate is verified; for one that no
# authority vouches for, use tls_trust_file or tls_fingerprint
#   tls_certcheck  off

# A machine in the next room
account lab
host           lab.example
auth           off
tls            off
from           me@lab.example
# account lab has no TLS, as before: everybody on the way can read its mail

# Set a default account
account default : isp
end
expect_pretend "$host:$port" "$user"
send_hello jane@one.example
expect_status 0
expect_envelope isp 5 'mail: <me@example.org>'

# --- All of them at once: an account each, and msmtp's default.
import "$work/ssmtp" "$work/dma/dma.conf" "$work/nullmailer" "$work/postfix/main.cf" \
	"$work/msmtprc"
expect_status 0
for account in ssmtp dma nullmailer nullmailer-2 postfix isp office lab default; do
	grep -q "^account $account\( :.*\)\{0,1\}\$" "$work/relayrc" ||
		wrong "there is no account $account" "$work/relayrc"
done
expect_pretend "$host:$port"

# --- What is nobody's.
import /dev/null
expect_status 78
import "$work/isp/ca.pem"
expect_status 64
expect_hint 'revaliases'
[ ! -s "$work/relayrc" ] || wrong 'something was printed' "$work/relayrc"
import
expect_status 64
