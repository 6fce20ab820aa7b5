#!/bin/sh
# SPDX-License-Identifier: ISC
# What an account may say about TLS: each setting does what its name says, and what cannot be
# followed is 78 at its line before anything is connected.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

# Priorities that are none.
start_smarthost isp
write_account isp <<'end'
tls_priorities  NORMAL:+VERS-TLS9.9
end
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr "relayrc:7: tls_priorities is not understood at '+VERS-TLS9.9'"
expect_hint 'GnuTLS'
expect_connections isp 0

# And those that leave no common version.
start_smarthost old --priorities NORMAL:-VERS-ALL:+VERS-TLS1.2
write_account old <<'end'
tls_priorities  NORMAL:-VERS-ALL:+VERS-TLS1.3
end
send_hello -f me@local.example jane@one.example
expect_status 69
expect_messages old 0
write_account old </dev/null
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope old 1 'tls: TLS1.2'

# Another name in the certificate, that the account knows.
start_smarthost named --certificate wrong-name
write_account named <<'end'
tls_host_override other.example
end
send_hello -f me@local.example jane@one.example
expect_status 0
write_account named <<'end'
tls_host_override third.example
end
send_hello -f me@local.example jane@one.example
expect_status 69
expect_messages named 1

# The size of a Diffie-Hellman prime.
start_smarthost dh --certificate rsa \
	--priorities NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA:-GROUP-ALL:+GROUP-FFDHE2048
write_account dh <<'end'
tls_min_dh_prime_bits 2048
end
send_hello -f me@local.example jane@one.example
expect_status 0
write_account dh <<'end'
tls_min_dh_prime_bits 3072
end
send_hello -f me@local.example jane@one.example
expect_status 69
expect_messages dh 1

# A list of revoked certificates that is none.
: >"$work/empty.crl"
write_account isp <<end
tls_crl_file    $work/empty.crl
end
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr "$work/empty.crl"
expect_messages isp 0
