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
	%D%/base/text.h \
	%D%/mail/addition.c \
	%D%/mail/addition.h \
	%D%/mail/address.c \
	%D%/mail/address.h \
	%D%/mail/address_list.c \
	%D%/mail/address_token.c \
	%D%/mail/address_token.h \
	%D%/mail/assembly.c \
	%D%/mail/assembly.h \
	%D%/mail/completion.c \
	%D%/mail/completion.h \
	%D%/mail/content.c \
	%D%/mail/content.h \
	%D%/mail/encoder.c \
	%D%/mail/encoder.h \
	%D%/mail/encoding.c \
	%D%/mail/encoding.h \
	%D%/mail/envelope.c \
	%D%/mail/envelope.h \
	%D%/mail/folding.c \
	%D%/mail/folding.h \
	%D%/mail/header.c \
	%D%/mail/header.h \
	%D%/mail/message.c \
	%D%/mail/message.h \
	%D%/mail/report.c \
	%D%/mail/report.h \
	%D%/mail/rewrite.c \
	%D%/mail/rewrite.h
