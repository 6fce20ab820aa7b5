# SPDX-License-Identifier: ISC
# Unit programs (one per source file), scenarios with the real program, real servers, checks.

TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)
LOG_COMPILER = $(SHELL) $(srcdir)/%D%/wrap.sh
AM_TESTS_ENVIRONMENT = \
	RELAY=$(abs_builddir)/relay$(EXEEXT); export RELAY; \
	SMARTHOST=$(abs_builddir)/smarthost$(EXEEXT); export SMARTHOST; \
	LIBRELAY=$(abs_builddir)/librelay.a; export LIBRELAY; \
	srcdir=$(srcdir); export srcdir; \
	NM="$(NM)"; export NM;

if HAVE_CRITERION
check_LIBRARIES += tests/libsupport.a
tests_libsupport_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_libsupport_a_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_libsupport_a_SOURCES =

unit_tests = \
	%D%/unit/test_arena \
	%D%/unit/test_buffer \
	%D%/unit/test_deadline \
	%D%/unit/test_environment \
	%D%/unit/test_failure \
	%D%/unit/test_file \
	%D%/unit/test_json \
	%D%/unit/test_log \
	%D%/unit/test_secret \
	%D%/unit/test_text
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
unit_libs = tests/libsupport.a librelay.a $(RELAY_LIBS) $(CRITERION_LIBS)
tests_unit_test_arena_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_unit_test_arena_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_test_arena_LDADD = $(unit_libs)
tests_unit_test_buffer_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_unit_test_buffer_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_test_buffer_LDADD = $(unit_libs)
tests_unit_test_deadline_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_unit_test_deadline_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_test_deadline_LDADD = $(unit_libs)
tests_unit_test_environment_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_unit_test_environment_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_test_environment_LDADD = $(unit_libs)
tests_unit_test_failure_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_unit_test_failure_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_test_failure_LDADD = $(unit_libs)
tests_unit_test_file_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_unit_test_file_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_test_file_LDADD = $(unit_libs)
tests_unit_test_json_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_unit_test_json_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_test_json_LDADD = $(unit_libs)
tests_unit_test_log_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_unit_test_log_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_test_log_LDADD = $(unit_libs)
tests_unit_test_secret_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_unit_test_secret_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_test_secret_LDADD = $(unit_libs)
tests_unit_test_text_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)
tests_unit_test_text_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS)
tests_unit_test_text_LDADD = $(unit_libs)
endif

script_tests =
if WITH_TESTS
TESTS += $(script_tests)
endif
EXTRA_DIST += $(script_tests) \
	%D%/wrap.sh \
	%D%/scenarios/lib.sh
