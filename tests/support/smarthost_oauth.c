/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smarthost_oauth.h"

#include <gsasl.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

/* {"status":"invalid_token","schemes":"bearer","scope":"https://mail.example/"} */
#define ERROR \
	"eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NoZW1lcyI6ImJlYXJlciIsInNjb3BlIjoiaHR0cHM6Ly9tYWls" \
	"LmV4YW1wbGUvIn0="

bool
smarthost_oauth_is(const char *mechanism)
{
	return strcmp(mechanism, "XOAUTH2") == 0 || strcmp(mechanism, "OAUTHBEARER") == 0;
}

/* All but host and port, which differ from run to run. */
static bool
fits_bearer(const struct smarthost_options *options, struct text said)
{
	struct buffer begin = buffer_open(0);
	struct buffer end = buffer_open(0);
	bool fits;

	(void)buffer_print(&begin, "n,a=%s,\x01host=", options->user);
	(void)buffer_print(&end,
	    "\x01"
	    "auth=Bearer %s\x01\x01",
	    options->password);
	fits = said.length > begin.length + end.length
	    && memcmp(said.bytes, begin.bytes, begin.length) == 0
	    && memcmp(said.bytes + said.length - end.length, end.bytes, end.length) == 0
	    && memmem(said.bytes, said.length, "\x01port=", 6) != NULL;
	buffer_close(&begin);
	buffer_close(&end);
	return fits;
}

static bool
fits_google(const struct smarthost_options *options, struct text said)
{
	struct buffer wanted = buffer_open(0);
	bool fits;

	(void)buffer_print(&wanted,
	    "user=%s\x01"
	    "auth=Bearer %s\x01\x01",
	    options->user, options->password);
	fits = text_equal(buffer_text(&wanted), said);
	buffer_close(&wanted);
	return fits;
}

bool
smarthost_oauth_fits(
    const struct smarthost_options *options, const char *mechanism, const char *response)
{
	size_t length;
	char *bytes;
	bool fits;

	if (gsasl_base64_from(response, strlen(response), &bytes, &length) != GSASL_OK)
		return false;
	if (strcmp(mechanism, "XOAUTH2") == 0)
		fits = fits_google(options, text_make(bytes, length));
	else
		fits = fits_bearer(options, text_make(bytes, length));
	gsasl_free(bytes);
	return fits;
}

const char *
smarthost_oauth_error(void)
{
	return ERROR;
}

bool
smarthost_oauth_yields(const char *mechanism, const char *response)
{
	return strcmp(response, strcmp(mechanism, "XOAUTH2") == 0 ? "" : "AQ==") == 0;
}
