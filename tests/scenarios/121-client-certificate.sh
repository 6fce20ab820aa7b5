#!/bin/sh
# SPDX-License-Identifier: ISC
# EXTERNAL: the server knows the client by its certificate.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp --ask-certificate --mechanisms 'EXTERNAL PLAIN'
write_certificate_account() {
	{
		cat <<-end
		host            $host
		port            $(port isp)
		maildomain      local.example
		tls_trust_file  $work/isp/ca.pem
		end
		cat
	} | write_relayrc
}

# For whom we act is told with a user, and left to the server without.
write_certificate_account <<end
auth            external
user            $user
tls_cert_file   $work/isp/client.pem
tls_key_file    $work/isp/client.key
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp 1 "auth: EXTERNAL $user"
write_certificate_account <<end
auth            external
tls_cert_file   $work/isp/client.pem
tls_key_file    $work/isp/client.key
end
send_hello -f me@local.example jane@one.example
expect_status 0
grep -q '^auth: EXTERNAL' "$work/isp/2.envelope" || wrong 'no EXTERNAL' "$work/isp/2.envelope"

# Not without being named, although it is offered.
write_certificate_account <<end
user            $user
password        $secret
tls_cert_file   $work/isp/client.pem
tls_key_file    $work/isp/client.key
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp 3 "auth: PLAIN $user"

# Nor without a certificate.
write_certificate_account <<end
auth            external
end
send_hello -f me@local.example jane@one.example
expect_status 77
expect_server_words 535
expect_hint 'set tls_cert_file'

# A key that others may read, and one without its certificate: nothing is connected.
cp "$work/isp/client.key" "$work/open.key"
chmod 644 "$work/open.key"
write_certificate_account <<end
auth            external
tls_cert_file   $work/isp/client.pem
tls_key_file    $work/open.key
end
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr "$work/open.key"
expect_hint chmod
write_certificate_account <<end
tls_key_file    $work/isp/client.key
end
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr 'relayrc:5: tls_key_file needs tls_cert_file'
expect_messages isp 3

# The PIN of a token is a secret, however its scheme is written.
write_certificate_account <<end
tls_cert_file   PKCS11:object=x
tls_key_file    PKCS11:object=x?pin-value=1234
end
send --pretend jane@one.example </dev/null
expect_stdout 'pin-value=***'
expect_no_stdout 1234
chmod 644 "$work/relayrc"
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr 'relayrc:6: holds a password'
expect_no_stderr 1234
