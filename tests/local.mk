# SPDX-License-Identifier: ISC
# Unit programs (one per source file), scenarios with the real program, real servers, checks.

TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)
LOG_COMPILER = $(SHELL) $(srcdir)/%D%/wrap.sh
AM_TESTS_ENVIRONMENT = \
	RELAY=$(abs_builddir)/relay$(EXEEXT); export RELAY; \
	SMARTHOST=$(abs_builddir)/smarthost$(EXEEXT); export SMARTHOST; \
	LOOKUP=$(abs_builddir)/lookup$(EXEEXT); export LOOKUP; \
	WITNESS=$(abs_builddir)/witness$(EXEEXT); export WITNESS; \
	LIBRELAY=$(abs_builddir)/librelay.a; export LIBRELAY; \
	srcdir=$(srcdir); export srcdir; \
	NM="$(NM)"; export NM; HARDENING="$(HARDENING_CFLAGS) $(HARDENING_LDFLAGS)"; export HARDENING;

# A submission server for scenarios and the quick start; no part of what is installed.
if WITH_TESTS
check_PROGRAMS += smarthost witness
witness_SOURCES = %D%/support/witness.c
smarthost_SOURCES = \
	%D%/support/smarthost.c \
	%D%/support/smarthost_auth.c \
	%D%/support/smarthost_auth.h \
	%D%/support/smarthost_content.c \
	%D%/support/smarthost_content.h \
	%D%/support/smarthost_envelope.c \
	%D%/support/smarthost_envelope.h \
	%D%/support/smarthost_identity.c \
	%D%/support/smarthost_identity.h \
	%D%/support/smarthost_oauth.c \
	%D%/support/smarthost_oauth.h \
	%D%/support/smarthost_options.c \
	%D%/support/smarthost_options.h \
	%D%/support/smarthost_script.c \
	%D%/support/smarthost_script.h \
	%D%/support/smarthost_session.c \
	%D%/support/smarthost_session.h \
	%D%/support/smarthost_store.c \
	%D%/support/smarthost_store.h \
	%D%/support/smarthost_wire.c \
	%D%/support/smarthost_wire.h \
	%D%/support/certificate.c \
	%D%/support/certificate.h
smarthost_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
smarthost_LDADD = librelay.a $(RELAY_LIBS) $(GSASL_LIBS)

# Our reader of tables, for the comparison with postmap.
check_PROGRAMS += lookup
lookup_SOURCES = %D%/support/lookup.c
lookup_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
lookup_LDADD = librelay.a $(RELAY_LIBS)
endif

if HAVE_CRITERION
check_LIBRARIES += tests/libsupport.a
tests_libsupport_a_SOURCES = \
	%D%/support/certificate.c \
	%D%/support/certificate.h \
	%D%/support/dials.c \
	%D%/support/dials.h \
	%D%/support/house.c \
	%D%/support/house.h \
	%D%/support/imported.h \
	%D%/support/pipe.c \
	%D%/support/pipe.h \
	%D%/support/play.c \
	%D%/support/play.h \
	%D%/support/sasl_server.c \
	%D%/support/sasl_server.h \
	%D%/support/script.c \
	%D%/support/script.h \
	%D%/support/shelf.h \
	%D%/support/transcript.c \
	%D%/support/transcript.h

unit_tests = \
	%D%/unit/test_account \
	%D%/unit/test_addition \
	%D%/unit/test_address \
	%D%/unit/test_address_list \
	%D%/unit/test_address_token \
	%D%/unit/test_advice \
	%D%/unit/test_alias \
	%D%/unit/test_alias_check \
	%D%/unit/test_alias_file \
	%D%/unit/test_alias_graph \
	%D%/unit/test_alias_includes \
	%D%/unit/test_alias_loop \
	%D%/unit/test_alias_target \
	%D%/unit/test_arena \
	%D%/unit/test_assembly \
	%D%/unit/test_auth \
	%D%/unit/test_auth_challenge \
	%D%/unit/test_auth_exchange \
	%D%/unit/test_auth_words \
	%D%/unit/test_buffer \
	%D%/unit/test_bundle \
	%D%/unit/test_capability \
	%D%/unit/test_card \
	%D%/unit/test_chain \
	%D%/unit/test_channel \
	%D%/unit/test_check \
	%D%/unit/test_check_certificate \
	%D%/unit/test_check_config \
	%D%/unit/test_check_json \
	%D%/unit/test_check_list \
	%D%/unit/test_check_local \
	%D%/unit/test_check_print \
	%D%/unit/test_check_routes \
	%D%/unit/test_check_secrets \
	%D%/unit/test_check_server \
	%D%/unit/test_check_session \
	%D%/unit/test_check_talk \
	%D%/unit/test_choice \
	%D%/unit/test_command \
	%D%/unit/test_completion \
	%D%/unit/test_config \
	%D%/unit/test_config_lines \
	%D%/unit/test_config_need \
	%D%/unit/test_config_section \
	%D%/unit/test_configure \
	%D%/unit/test_connect \
	%D%/unit/test_content \
	%D%/unit/test_credential \
	%D%/unit/test_credential_read \
	%D%/unit/test_damage \
	%D%/unit/test_deadline \
	%D%/unit/test_deliver \
	%D%/unit/test_descriptor \
	%D%/unit/test_discover \
	%D%/unit/test_dotstuff \
	%D%/unit/test_encoder \
	%D%/unit/test_encoding \
	%D%/unit/test_envelope \
	%D%/unit/test_environment \
	%D%/unit/test_explain \
	%D%/unit/test_explain_json \
	%D%/unit/test_explain_object \
	%D%/unit/test_explain_outline \
	%D%/unit/test_explain_route \
	%D%/unit/test_explain_step \
	%D%/unit/test_explain_tree \
	%D%/unit/test_failure \
	%D%/unit/test_field \
	%D%/unit/test_file \
	%D%/unit/test_file_guard \
	%D%/unit/test_file_lines \
	%D%/unit/test_folding \
	%D%/unit/test_generic \
	%D%/unit/test_generic_check \
	%D%/unit/test_header \
	%D%/unit/test_heading \
	%D%/unit/test_host \
	%D%/unit/test_identity \
	%D%/unit/test_import \
	%D%/unit/test_import_dma \
	%D%/unit/test_import_explicit \
	%D%/unit/test_import_file \
	%D%/unit/test_import_map \
	%D%/unit/test_import_msmtp \
	%D%/unit/test_import_nullmailer \
	%D%/unit/test_import_parameter \
	%D%/unit/test_import_postfix \
	%D%/unit/test_import_postfix_rows \
	%D%/unit/test_import_postfix_tls \
	%D%/unit/test_import_remote \
	%D%/unit/test_import_revaliases \
	%D%/unit/test_import_row \
	%D%/unit/test_import_server \
	%D%/unit/test_import_ssmtp \
	%D%/unit/test_import_writer \
	%D%/unit/test_interrupt \
	%D%/unit/test_json \
	%D%/unit/test_json_stream \
	%D%/unit/test_key_doubt \
	%D%/unit/test_keyring \
	%D%/unit/test_log \
	%D%/unit/test_login \
	%D%/unit/test_lookup \
	%D%/unit/test_mechanism \
	%D%/unit/test_mechanism_oauth \
	%D%/unit/test_mechanism_scram \
	%D%/unit/test_message \
	%D%/unit/test_netrc \
	%D%/unit/test_options \
	%D%/unit/test_options_help \
	%D%/unit/test_origin \
	%D%/unit/test_outline \
	%D%/unit/test_password \
	%D%/unit/test_password_book \
	%D%/unit/test_password_check \
	%D%/unit/test_patience \
	%D%/unit/test_plan \
	%D%/unit/test_probe \
	%D%/unit/test_progress \
	%D%/unit/test_prompt \
	%D%/unit/test_race \
	%D%/unit/test_record \
	%D%/unit/test_refusal \
	%D%/unit/test_remainder \
	%D%/unit/test_reply \
	%D%/unit/test_report \
	%D%/unit/test_rewrite \
	%D%/unit/test_route \
	%D%/unit/test_route_list \
	%D%/unit/test_rule \
	%D%/unit/test_sasl \
	%D%/unit/test_secret \
	%D%/unit/test_send \
	%D%/unit/test_sender \
	%D%/unit/test_service \
	%D%/unit/test_session \
	%D%/unit/test_setting \
	%D%/unit/test_setting_read \
	%D%/unit/test_setting_special \
	%D%/unit/test_settle \
	%D%/unit/test_shell \
	%D%/unit/test_socks \
	%D%/unit/test_stream \
	%D%/unit/test_submit \
	%D%/unit/test_submit_data \
	%D%/unit/test_submit_envelope \
	%D%/unit/test_submit_flight \
	%D%/unit/test_submit_verdict \
	%D%/unit/test_table \
	%D%/unit/test_table_cdb \
	%D%/unit/test_table_keys \
	%D%/unit/test_table_rows \
	%D%/unit/test_table_seen \
	%D%/unit/test_table_sieve \
	%D%/unit/test_table_source \
	%D%/unit/test_table_trials \
	%D%/unit/test_table_warnings \
	%D%/unit/test_tables \
	%D%/unit/test_tables_notes \
	%D%/unit/test_terms \
	%D%/unit/test_text \
	%D%/unit/test_tls \
	%D%/unit/test_transport \
	%D%/unit/test_transport_check \
	%D%/unit/test_transport_hops \
	%D%/unit/test_trust \
	%D%/unit/test_ways \
	%D%/unit/test_wire \
	%D%/unit/test_word
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
# What every unit program is linked with, having nothing of its own.
LDADD = tests/libsupport.a librelay.a $(RELAY_LIBS) $(GSASL_LIBS) $(TINYCDB_LIBS) $(CRITERION_LIBS)
AM_CPPFLAGS += -I$(srcdir) $(CRITERION_CFLAGS)
unit_libs = tests/libsupport.a librelay.a $(RELAY_LIBS) $(GSASL_LIBS) $(CRITERION_LIBS)
endif

script_tests = \
	%D%/check-hardening.sh \
	%D%/check-layers.sh \
	%D%/check-length.sh \
	%D%/check-manual.sh \
	%D%/check-names.sh \
	%D%/scenarios/001-seed-example.sh \
	%D%/scenarios/002-recipients-from-header.sh \
	%D%/scenarios/003-text-without-header.sh \
	%D%/scenarios/004-dots.sh \
	%D%/scenarios/005-missing-fields.sh \
	%D%/scenarios/006-allow-list.sh \
	%D%/scenarios/007-pretend.sh \
	%D%/scenarios/008-pretend-json.sh \
	%D%/scenarios/009-two-routes.sh \
	%D%/scenarios/010-account-by-sender.sh \
	%D%/scenarios/011-refused-sender.sh \
	%D%/scenarios/012-refused-recipient.sh \
	%D%/scenarios/013-temporary-refusals.sh \
	%D%/scenarios/014-unreadable-table.sh \
	%D%/scenarios/015-bad-line.sh \
	%D%/scenarios/016-all-faults.sh \
	%D%/scenarios/017-line-ends.sh \
	%D%/scenarios/018-encoding.sh \
	%D%/scenarios/019-server-abilities.sh \
	%D%/scenarios/020-senders.sh \
	%D%/scenarios/021-password-sources.sh \
	%D%/scenarios/022-large-message.sh \
	%D%/scenarios/023-alias-file.sh \
	%D%/scenarios/024-generic.sh \
	%D%/scenarios/025-called-as-sendmail.sh \
	%D%/scenarios/026-delivery-notices.sh \
	%D%/scenarios/027-international.sh \
	%D%/scenarios/028-interrupted.sh \
	%D%/scenarios/029-newaliases.sh \
	%D%/scenarios/030-explain.sh \
	%D%/scenarios/031-explain-json.sh \
	%D%/scenarios/032-explain-ways.sh \
	%D%/scenarios/033-explain-colour.sh \
	%D%/scenarios/035-choice-of-account.sh \
	%D%/scenarios/036-sender-settings.sh \
	%D%/scenarios/037-prompt.sh \
	%D%/scenarios/038-keyring.sh \
	%D%/scenarios/039-settings.sh \
	%D%/scenarios/040-map-types.sh \
	%D%/scenarios/041-compiled-tables.sh \
	%D%/scenarios/042-import.sh \
	%D%/scenarios/050-hostile-aliases.sh \
	%D%/scenarios/051-tables-in-motion.sh \
	%D%/scenarios/052-who-may-write.sh \
	%D%/scenarios/053-no-configuration.sh \
	%D%/scenarios/054-strange-tables.sh \
	%D%/scenarios/055-homes.sh \
	%D%/scenarios/056-damaged-bytes.sh \
	%D%/scenarios/057-user-without-a-name.sh \
	%D%/scenarios/101-nobody-listens.sh \
	%D%/scenarios/102-wrong-kind-of-port.sh \
	%D%/scenarios/103-implicit-tls.sh \
	%D%/scenarios/104-wrong-password.sh \
	%D%/scenarios/105-bad-certificates.sh \
	%D%/scenarios/106-trust.sh \
	%D%/scenarios/107-no-starttls.sh \
	%D%/scenarios/108-injected-bytes.sh \
	%D%/scenarios/109-auth-not-offered.sh \
	%D%/scenarios/110-mechanisms.sh \
	%D%/scenarios/111-mechanism-filter.sh \
	%D%/scenarios/112-false-logins.sh \
	%D%/scenarios/113-secrets-in-traces.sh \
	%D%/scenarios/114-no-certificate-check.sh \
	%D%/scenarios/115-plaintext-on-loopback.sh \
	%D%/scenarios/116-hostile-replies.sh \
	%D%/scenarios/117-silence.sh \
	%D%/scenarios/130-proxy.sh \
	%D%/scenarios/131-lmtp.sh \
	%D%/scenarios/132-srv.sh \
	%D%/scenarios/140-hostile-server.sh \
	%D%/scenarios/141-progress.sh \
	%D%/scenarios/142-network.sh \
	%D%/scenarios/143-handshake.sh \
	%D%/scenarios/118-tokens.sh \
	%D%/scenarios/119-memory.sh \
	%D%/scenarios/120-tls-settings.sh \
	%D%/scenarios/121-client-certificate.sh \
	%D%/scenarios/122-token-key.sh \
	%D%/scenarios/123-kerberos.sh \
	%D%/scenarios/124-auth-alone.sh \
	%D%/scenarios/133-check.sh \
	%D%/scenarios/134-serverinfo.sh \
	%D%/scenarios/135-configure.sh \
	%D%/servers/differential.sh \
	%D%/servers/dovecot.sh \
	%D%/servers/msmtp.sh \
	%D%/servers/postfix.sh
if WITH_TESTS
TESTS += $(script_tests)
endif
EXTRA_DIST += $(script_tests) \
	%D%/bench/dialogue.py \
	%D%/bench/instructions \
	%D%/bench/instructions.py \
	%D%/bench/tables.py \
	%D%/bench/yard.py \
	%D%/run.sh \
	%D%/setup.sh \
	%D%/wrap.sh \
	%D%/hostile/faults.py \
	%D%/hostile/handshake.py \
	%D%/hostile/network.py \
	%D%/hostile/peer.py \
	%D%/hostile/run.py \
	%D%/hostile/terminal.py \
	%D%/scenarios/lib.sh \
	%D%/scenarios/names.sh \
	%D%/servers/common.inc \
	%D%/servers/msmtp/cases.py \
	%D%/servers/msmtp/differences.py \
	%D%/servers/msmtp/differential.py \
	%D%/servers/msmtp/messages.py \
	%D%/servers/msmtp/programs.py \
	%D%/servers/msmtp/sink.py \
	%D%/servers/differential/addresses.py \
	%D%/servers/differential/compare.py \
	%D%/servers/differential/fields.py \
	%D%/servers/differential/generator.py \
	%D%/servers/differential/intended.py \
	%D%/servers/differential/lookup.py \
	%D%/servers/differential/main.py \
	%D%/servers/differential/postfix.py \
	%D%/servers/differential/relay.py \
	%D%/servers/differential/show.py \
	%D%/servers/differential/shrink.py \
	%D%/servers/differential/sink.py \
	%D%/dialogs/auth-235-too-early.smtp \
	%D%/dialogs/auth-235-unasked.smtp \
	%D%/dialogs/auth-250.smtp \
	%D%/dialogs/auth-421-unasked.smtp \
	%D%/dialogs/auth-421.smtp \
	%D%/dialogs/auth-432.smtp \
	%D%/dialogs/auth-454.smtp \
	%D%/dialogs/auth-500.smtp \
	%D%/dialogs/auth-503.smtp \
	%D%/dialogs/auth-534.smtp \
	%D%/dialogs/auth-535.smtp \
	%D%/dialogs/auth-538.smtp \
	%D%/dialogs/auth-challenge-after-plain.smtp \
	%D%/dialogs/auth-challenge-bad-byte.smtp \
	%D%/dialogs/auth-challenge-bad-length.smtp \
	%D%/dialogs/auth-challenge-bad-padding.smtp \
	%D%/dialogs/auth-challenge-blank.smtp \
	%D%/dialogs/auth-challenge-cr.smtp \
	%D%/dialogs/auth-challenge-nul.smtp \
	%D%/dialogs/auth-challenge-two-lines.smtp \
	%D%/dialogs/auth-closed.smtp \
	%D%/dialogs/auth-cram-md5-chosen.smtp \
	%D%/dialogs/auth-cram-md5-empty.smtp \
	%D%/dialogs/auth-cram-md5-long.smtp \
	%D%/dialogs/auth-cram-md5-named.smtp \
	%D%/dialogs/auth-cram-md5.smtp \
	%D%/dialogs/auth-external-nobody.smtp \
	%D%/dialogs/auth-external.smtp \
	%D%/dialogs/auth-in-clear.smtp \
	%D%/dialogs/auth-local.smtp \
	%D%/dialogs/auth-login-bare-challenges.smtp \
	%D%/dialogs/auth-login-endless.smtp \
	%D%/dialogs/auth-login.smtp \
	%D%/dialogs/auth-none.smtp \
	%D%/dialogs/auth-oauthbearer-scope.smtp \
	%D%/dialogs/auth-oauthbearer.smtp \
	%D%/dialogs/auth-plain.smtp \
	%D%/dialogs/auth-scram-bad-salt.smtp \
	%D%/dialogs/auth-scram-empty-signature.smtp \
	%D%/dialogs/auth-scram-error.smtp \
	%D%/dialogs/auth-scram-extension.smtp \
	%D%/dialogs/auth-scram-foreign-nonce.smtp \
	%D%/dialogs/auth-scram-iterations-few.smtp \
	%D%/dialogs/auth-scram-iterations-many.smtp \
	%D%/dialogs/auth-scram-iterations-negative.smtp \
	%D%/dialogs/auth-scram-late-235.smtp \
	%D%/dialogs/auth-scram-no-iterations.smtp \
	%D%/dialogs/auth-scram-no-salt.smtp \
	%D%/dialogs/auth-scram-no-signature.smtp \
	%D%/dialogs/auth-scram-same-nonce.smtp \
	%D%/dialogs/auth-scram-sha-1.smtp \
	%D%/dialogs/auth-scram-sha-256.smtp \
	%D%/dialogs/auth-scram-short-signature.smtp \
	%D%/dialogs/auth-scram-wrong-signature.smtp \
	%D%/dialogs/auth-silence.smtp \
	%D%/dialogs/auth-unknown.smtp \
	%D%/dialogs/auth-unverified.smtp \
	%D%/dialogs/lmtp-354-to-the-end.smtp \
	%D%/dialogs/lmtp-503-to-data.smtp \
	%D%/dialogs/lmtp-all-refused-after.smtp \
	%D%/dialogs/lmtp-all-refused-before.smtp \
	%D%/dialogs/lmtp-closed-between.smtp \
	%D%/dialogs/lmtp-each.smtp \
	%D%/dialogs/lmtp-refused-before.smtp \
	%D%/dialogs/lmtp-refused.smtp \
	%D%/dialogs/auth-xoauth2-454.smtp \
	%D%/dialogs/auth-xoauth2-503.smtp \
	%D%/dialogs/auth-xoauth2-535.smtp \
	%D%/dialogs/auth-xoauth2-accepted-after-error.smtp \
	%D%/dialogs/auth-xoauth2-bad-base64.smtp \
	%D%/dialogs/auth-xoauth2-empty-error.smtp \
	%D%/dialogs/auth-xoauth2-endless.smtp \
	%D%/dialogs/auth-xoauth2-expired.smtp \
	%D%/dialogs/auth-xoauth2-no-json.smtp \
	%D%/dialogs/auth-xoauth2.smtp \
	%D%/dialogs/session-ehlo-421.smtp \
	%D%/dialogs/session-ehlo-closed.smtp \
	%D%/dialogs/session-ehlo-later.smtp \
	%D%/dialogs/session-ehlo-refused-under-tls.smtp \
	%D%/dialogs/session-escape-codes.smtp \
	%D%/dialogs/session-greeting-250.smtp \
	%D%/dialogs/session-greeting-421.smtp \
	%D%/dialogs/session-greeting-554.smtp \
	%D%/dialogs/session-greeting-closed.smtp \
	%D%/dialogs/session-greeting-http.smtp \
	%D%/dialogs/session-greeting-preauth.smtp \
	%D%/dialogs/session-greeting-silence.smtp \
	%D%/dialogs/session-greeting-tls.smtp \
	%D%/dialogs/session-greeting-twice.smtp \
	%D%/dialogs/session-implicit-tls.smtp \
	%D%/dialogs/session-injected-multiline.smtp \
	%D%/dialogs/session-injected-reply.smtp \
	%D%/dialogs/session-mechanisms-of-tls.smtp \
	%D%/dialogs/session-no-helo-with-tls.smtp \
	%D%/dialogs/session-no-starttls.smtp \
	%D%/dialogs/session-plain-helo.smtp \
	%D%/dialogs/session-plain.smtp \
	%D%/dialogs/session-silent-after-tls.smtp \
	%D%/dialogs/session-starttls-250.smtp \
	%D%/dialogs/session-starttls-454.smtp \
	%D%/dialogs/session-starttls-502.smtp \
	%D%/dialogs/session-starttls-again.smtp \
	%D%/dialogs/session-starttls-closed.smtp \
	%D%/dialogs/session-starttls-misspelt.smtp \
	%D%/dialogs/session-starttls.smtp \
	%D%/dialogs/session-tls-refused.smtp \
	%D%/dialogs/submit-8bit-not-offered.smtp \
	%D%/dialogs/submit-bdat-500.smtp \
	%D%/dialogs/submit-bdat-503.smtp \
	%D%/dialogs/submit-bdat-554.smtp \
	%D%/dialogs/submit-blocked-at-mail.smtp \
	%D%/dialogs/submit-blocked-in-body.smtp \
	%D%/dialogs/submit-chunk-354.smtp \
	%D%/dialogs/submit-chunk-closed-early.smtp \
	%D%/dialogs/submit-chunk-closed.smtp \
	%D%/dialogs/submit-chunk-extra-reply.smtp \
	%D%/dialogs/submit-chunking-extra-reply.smtp \
	%D%/dialogs/submit-chunking-goodbye.smtp \
	%D%/dialogs/submit-chunking-lockstep.smtp \
	%D%/dialogs/submit-chunking-stray-piece.smtp \
	%D%/dialogs/submit-chunking.smtp \
	%D%/dialogs/submit-closed-at-data.smtp \
	%D%/dialogs/submit-closed-at-mail.smtp \
	%D%/dialogs/submit-closed-in-body.smtp \
	%D%/dialogs/submit-commands-in-body-lockstep.smtp \
	%D%/dialogs/submit-commands-in-body.smtp \
	%D%/dialogs/submit-data-250.smtp \
	%D%/dialogs/submit-data-451.smtp \
	%D%/dialogs/submit-data-554.smtp \
	%D%/dialogs/submit-dot-354.smtp \
	%D%/dialogs/submit-dot-421.smtp \
	%D%/dialogs/submit-dot-452.smtp \
	%D%/dialogs/submit-dot-550.smtp \
	%D%/dialogs/submit-dot-closed.smtp \
	%D%/dialogs/submit-dot-nonsense.smtp \
	%D%/dialogs/submit-dot-silence.smtp \
	%D%/dialogs/submit-dsn-not-offered.smtp \
	%D%/dialogs/submit-dsn.smtp \
	%D%/dialogs/submit-early-250.smtp \
	%D%/dialogs/submit-early-552-chunked.smtp \
	%D%/dialogs/submit-early-552.smtp \
	%D%/dialogs/submit-enhanced-wrong-class.smtp \
	%D%/dialogs/submit-goodbye-at-data.smtp \
	%D%/dialogs/submit-goodbye-in-flight.smtp \
	%D%/dialogs/submit-idn-domain-smtputf8.smtp \
	%D%/dialogs/submit-idn-domain.smtp \
	%D%/dialogs/submit-lockstep.smtp \
	%D%/dialogs/submit-mail-421.smtp \
	%D%/dialogs/submit-mail-451.smtp \
	%D%/dialogs/submit-mail-550-354.smtp \
	%D%/dialogs/submit-mail-550-chunk-taken.smtp \
	%D%/dialogs/submit-mail-550-chunked.smtp \
	%D%/dialogs/submit-mail-550-pipelined.smtp \
	%D%/dialogs/submit-mail-550.smtp \
	%D%/dialogs/submit-mail-552.smtp \
	%D%/dialogs/submit-null-sender.smtp \
	%D%/dialogs/submit-piece-in-body.smtp \
	%D%/dialogs/submit-pipelining-extra-refusal.smtp \
	%D%/dialogs/submit-pipelining-extra-reply.smtp \
	%D%/dialogs/submit-pipelining-missing-reply.smtp \
	%D%/dialogs/submit-pipelining-silence.smtp \
	%D%/dialogs/submit-pipelining.smtp \
	%D%/dialogs/submit-rcpt-421.smtp \
	%D%/dialogs/submit-rcpt-450-lockstep.smtp \
	%D%/dialogs/submit-rcpt-452-first.smtp \
	%D%/dialogs/submit-rcpt-550-in-broken-flight.smtp \
	%D%/dialogs/submit-rcpt-550.smtp \
	%D%/dialogs/submit-rcpt-all-refused-chunk-taken.smtp \
	%D%/dialogs/submit-rcpt-all-refused-chunked.smtp \
	%D%/dialogs/submit-rcpt-all-refused-data-too.smtp \
	%D%/dialogs/submit-rcpt-all-refused-lockstep.smtp \
	%D%/dialogs/submit-rcpt-all-refused.smtp \
	%D%/dialogs/submit-rcpt-too-many-552.smtp \
	%D%/dialogs/submit-rcpt-too-many-then-refused.smtp \
	%D%/dialogs/submit-rcpt-too-many.smtp \
	%D%/dialogs/submit-rset-refused.smtp \
	%D%/dialogs/submit-signal-and-silence.smtp \
	%D%/dialogs/submit-signal-at-chunk.smtp \
	%D%/dialogs/submit-signal-at-dot.smtp \
	%D%/dialogs/submit-signal-at-large-chunk.smtp \
	%D%/dialogs/submit-signal-at-rcpt.smtp \
	%D%/dialogs/submit-size-fits.smtp \
	%D%/dialogs/submit-size-huge.smtp \
	%D%/dialogs/submit-size-none.smtp \
	%D%/dialogs/submit-size-zero.smtp \
	%D%/dialogs/submit-size.smtp \
	%D%/dialogs/submit-stray-after-rset.smtp \
	%D%/dialogs/submit-stray-before-mail.smtp \
	%D%/dialogs/submit-twice.smtp \
	%D%/dialogs/submit-utf8-body.smtp \
	%D%/dialogs/submit-utf8-header.smtp \
	%D%/dialogs/submit-utf8-local-not-offered.smtp \
	%D%/dialogs/submit-utf8-local.smtp \
	%D%/dialogs/submit-utf8-sender-not-offered.smtp

# What large tables, long lists and the dialogue cost, against their budgets; minutes, so no
# part of check.  The instructions of one small mail are counted: check-bench fails on more.
EXTRA_PROGRAMS = \
	%D%/bench/floor \
	%D%/bench/line \
	%D%/bench/meter \
	%D%/bench/sink
CLEANFILES += $(EXTRA_PROGRAMS)
tests_bench_floor_LDADD = $(GNUTLS_LIBS)
tests_bench_line_LDADD =
tests_bench_meter_LDADD =
tests_bench_sink_SOURCES = \
	%D%/bench/sink.c \
	%D%/support/certificate.c \
	%D%/support/certificate.h
tests_bench_sink_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_bench_sink_LDADD = $(GNUTLS_LIBS)
bench_environment = \
	RELAY=$(abs_builddir)/relay$(EXEEXT) YARDSTICKS=$(abs_builddir)/%D%/bench \
	PYTHONDONTWRITEBYTECODE=1

bench: bench-tables bench-dialogue
bench-tables: relay$(EXEEXT)
	$(bench_environment) python3 $(srcdir)/%D%/bench/tables.py
bench-dialogue: relay$(EXEEXT) $(EXTRA_PROGRAMS)
	$(bench_environment) python3 $(srcdir)/%D%/bench/dialogue.py
check-bench: relay$(EXEEXT) $(EXTRA_PROGRAMS)
	SANITIZERS="$(SANITIZER_CFLAGS)" RECORD="$(RECORD)" $(bench_environment) \
		python3 $(srcdir)/%D%/bench/instructions.py
.PHONY: bench bench-tables bench-dialogue check-bench
