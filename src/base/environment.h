/* SPDX-License-Identifier: ISC */
/*
 * What the machine and the caller say about this run: clock, host, user, home,
 * randomness.  Read once, so that tests can fix all of it.
 */
#ifndef RELAY_BASE_ENVIRONMENT_H
#define RELAY_BASE_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;

/* Descriptors that environment_inherited() knows about; this program opens no higher one. */
#define ENVIRONMENT_DESCRIPTORS 256

struct environment {
	int64_t now;             /* wall clock, seconds since 1970 */
	uint64_t now_us;         /* the same in microseconds */
	uid_t uid;               /* the real user */
	bool privileged;         /* started with rights the caller has not (AT_SECURE) */
	const char *user;        /* $USER, $LOGNAME, passwd entry, else the uid in digits */
	const char *full_name;   /* $NAME, else the passwd entry's first GECOS field; may be "" */
	const char *home;        /* $HOME when it is fit, else the passwd entry's; may be NULL */
	const char *config_home; /* fit $XDG_CONFIG_HOME, else home/.config; or NULL */
	const char *other_home;  /* $HOME when it is another user's; else NULL */
	const char *system_directory; /* SYSCONFDIR */
	const char *temporary;        /* $TMPDIR when absolute, else /tmp */
	const char *host;             /* gethostname() */
	const char *host_variable;    /* $HOSTNAME; NULL when unset */
	const char *mailname;         /* first line of /etc/mailname; NULL when there is none */
	const char *email;            /* $EMAIL; NULL when unset */
	const char *smtp_server;      /* $SMTPSERVER; NULL when unset */
	const char *credentials;      /* $CREDENTIALS_DIRECTORY; NULL when unset */
	const char *session_bus;      /* $DBUS_SESSION_BUS_ADDRESS, else the path of the bus in
					 $XDG_RUNTIME_DIR, there or not; NULL when both are unset */
	bool color;     /* standard output is a terminal, no dumb one, and NO_COLOR is unset */
	size_t columns; /* of that terminal; 80 when there is none */
	size_t error_columns;     /* of the terminal that is standard error; 0: it is none */
	bool (*terminal)(void);   /* is there a terminal with a person at it?  NULL: no */
	uint64_t (*random)(void); /* 64 unpredictable bits */
	bool inherited[ENVIRONMENT_DESCRIPTORS]; /* was open when the program started */
};

/*
 * Fills *environment; strings belong to arena.  Cannot fail: what is missing has
 * a fallback.  Environment variables are not believed when privileged.
 *
 * A directory is fit when its path is absolute, and it belongs to the real user or root or is not
 * there: who keeps HOME through sudo must not be ruled by the files of another user (F212,
 * F213).  `/` is fit as HOME only where there is no other.
 */
void environment_read(struct arena *arena, struct environment *environment);

/* Has the caller opened this descriptor, so that it is none of this program's own?  Only what is
 * open when environment_read() begins counts. */
bool environment_inherited(const struct environment *environment, int fd);

/*
 * The host's full name: `host` when it has a dot, else its canonical name (one
 * look-up, which may ask DNS, for three seconds at most), else `host`.  Belongs to arena.
 */
const char *environment_host_name(const struct environment *environment, struct arena *arena);

/* The domain of mail made here: mailname, else environment_host_name(). */
const char *environment_mail_domain(const struct environment *environment, struct arena *arena);

#endif
