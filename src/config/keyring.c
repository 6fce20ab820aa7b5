/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/keyring.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#define LIBRARY "libsecret-1.so.0"

/* A session bus that is named by its place in the file system. */
static bool
is_missing_path(const char *bus)
{
	return bus[0] == '/' && access(bus, F_OK) != 0;
}

bool
keyring_is_there(const struct environment *environment)
{
	return KEYRING && !environment->privileged && environment->session_bus != NULL
	    && !is_missing_path(environment->session_bus);
}

/* The public types of libsecret and GLib that a look-up needs (secret-schema.h, gerror.h): they
 * are part of the binary interface of version 0 of the library. */
struct attribute {
	const char *name;
	int type; /* 0: a string */
};

struct schema {
	const char *name;
	int flags;
	struct attribute attributes[32];
	int reserved;
	void *more_reserved[7];
};

struct error {
	unsigned domain;
	int code;
	char *message;
};

#define DONT_MATCH_NAME 2

typedef char *lookup_function(
    const struct schema *schema, void *cancellable, struct error **error, ...);
typedef void free_function(char *password);
typedef void error_function(struct error *error);

struct library {
	lookup_function *lookup;
	free_function *free;
	error_function *free_error;
};

static void
get(void *handle, const char *name, void *function)
{
	void *found = dlsym(handle, name);

	/* ISO C knows no way from one kind of pointer to the other; POSIX says that this is one. */
	memcpy(function, &found, sizeof found);
}

/* It stays loaded: it has threads of its own. */
static bool
load(struct library *library)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return false;
	get(handle, "secret_password_lookup_sync", (void *)&library->lookup);
	get(handle, "secret_password_free", (void *)&library->free);
	get(handle, "g_error_free", (void *)&library->free_error);
	return library->lookup != NULL && library->free != NULL;
}

static bool
refuse(const struct library *library, struct error *error, struct failure *why)
{
	fail(why, EX_TEMPFAIL, "the keyring gives no password: %s",
	    error->message == NULL ? "no reason told" : error->message);
	if (library->free_error != NULL)
		library->free_error(error);
	return failure_hint(why, "is it unlocked? secret-tool lookup shows what it holds");
}

bool
keyring_find(
    const char *host, const char *user, bool *found, struct secret *secret, struct failure *why)
{
	static const struct schema schema = {
		.name = "relay.password",
		.flags = DONT_MATCH_NAME,
		.attributes = { { "service", 0 }, { "host", 0 }, { "user", 0 } },
	};
	struct library library;
	struct error *error = NULL;
	char *password;

	*found = false;
	if (!load(&library))
		return true;
	password = library.lookup(
	    &schema, NULL, &error, "service", "smtp", "host", host, "user", user, (char *)NULL);
	if (error != NULL)
		return refuse(&library, error, why);
	if (password == NULL)
		return true;
	secret_keep(secret, text_of(password));
	library.free(password);
	*found = true;
	return true;
}
