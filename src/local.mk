# SPDX-License-Identifier: ISC
# The library holds everything but main, so that program and tests share it.

noinst_LIBRARIES += librelay.a
librelay_a_SOURCES = \
	%D%/base/arena.c \
	%D%/base/arena.h \
	%D%/base/buffer.c \
	%D%/base/buffer.h \
	%D%/base/deadline.c \
	%D%/base/deadline.h \
	%D%/base/environment.c \
	%D%/base/environment.h \
	%D%/base/failure.c \
	%D%/base/failure.h \
	%D%/base/file.c \
	%D%/base/file.h \
	%D%/base/json.c \
	%D%/base/json.h \
	%D%/base/log.c \
	%D%/base/log.h \
	%D%/base/secret.c \
	%D%/base/secret.h \
	%D%/base/text.c \
	%D%/base/text.h
