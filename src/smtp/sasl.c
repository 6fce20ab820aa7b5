/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/sasl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"

/* The major version of the headers, and what systems without ELF call it. */
static const char *const names[] = { "libgsasl.so.18", "libgsasl.18.dylib" };

static const struct function {
	const char *name;
	size_t offset;
} functions[] = {
	{ "gsasl_init", offsetof(struct sasl, init) },
	{ "gsasl_done", offsetof(struct sasl, done) },
	{ "gsasl_client_support_p", offsetof(struct sasl, client_support_p) },
	{ "gsasl_client_start", offsetof(struct sasl, client_start) },
	{ "gsasl_finish", offsetof(struct sasl, finish) },
	{ "gsasl_step", offsetof(struct sasl, step) },
	{ "gsasl_property_set", offsetof(struct sasl, property_set) },
	{ "gsasl_property_fast", offsetof(struct sasl, property_fast) },
	{ "gsasl_saslprep", offsetof(struct sasl, saslprep) },
	{ "gsasl_strerror", offsetof(struct sasl, strerror) },
};

/* A second handle would be the same library: what was found once is kept. */
static struct sasl library;
static bool loaded;

static bool
refuse(const char *problem, struct failure *why)
{
	fail(why, EX_UNAVAILABLE, "the SASL library cannot be loaded: %s",
	    problem == NULL ? "it lacks a function" : problem);
	return failure_hint(why,
	    "install libgsasl, or name a mechanism that needs none with 'auth': scram, plain, "
	    "login, xoauth2 or oauthbearer");
}

/* Never closed: libraries of Kerberos do not bear it. */
static void *
open_library(void)
{
	void *handle = NULL;

	for (size_t i = 0; i < sizeof names / sizeof names[0] && handle == NULL; i++)
		handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	return handle;
}

static bool
find_functions(void *handle, struct sasl *found)
{
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
		void *function = dlsym(handle, functions[i].name);

		if (function == NULL)
			return false;
		memcpy((char *)found + functions[i].offset, &function, sizeof function);
	}
	return true;
}

const struct sasl *
sasl_load(struct failure *why)
{
	void *handle;

	if (loaded)
		return &library;
	handle = open_library();
	if (handle == NULL) {
		(void)refuse(dlerror(), why);
		return NULL;
	}
	loaded = find_functions(handle, &library);
	if (loaded)
		return &library;
	(void)refuse(NULL, why);
	return NULL;
}

bool
sasl_supports(const char *mechanism)
{
	struct failure ignored;
	const struct sasl *sasl = sasl_load(&ignored);
	Gsasl *context;
	bool supported;

	if (sasl == NULL)
		return false;
	if (sasl->init(&context) != GSASL_OK)
		arena_exhausted();
	supported = sasl->client_support_p(context, mechanism) != 0;
	sasl->done(context);
	return supported;
}
