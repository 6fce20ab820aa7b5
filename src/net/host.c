/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/host.h"

#include <arpa/inet.h>
#include <string.h>

#include <idn2.h>

#include "base/text.h"

static struct text
unwrapped(struct text text)
{
	if (text.length >= 2 && text.bytes[0] == '[' && text.bytes[text.length - 1] == ']')
		text = text_slice(text, 1, text.length - 1);
	/* The root's dot is right in DNS, and in no certificate. */
	if (text.length > 1 && text.bytes[text.length - 1] == '.')
		text = text_slice(text, 0, text.length - 1);
	return text;
}

static bool
judge(struct text text, const char *original, struct failure *why)
{
	if (text.length == 0)
		return fail(why, EX_CONFIG, "the host name is empty");
	if (text_has_control(text) || text_find(text, ' ') < text.length)
		return fail(why, EX_CONFIG,
		    "'%s' is no host name: it holds a blank or control byte", original);
	if (text.length > HOST_LENGTH_MAX)
		return fail(
		    why, EX_CONFIG, "the host name is longer than %d bytes", HOST_LENGTH_MAX);
	return true;
}

static void
find_literal(struct host *host)
{
	char bare[HOST_LENGTH_MAX + 1];
	size_t length = text_find(text_of(host->name), '%');

	memcpy(bare, host->name, length);
	bare[length] = '\0';
	if (inet_pton(AF_INET, host->name, host->address) == 1) {
		host->family = AF_INET;
		host->address_length = 4;
	} else if (inet_pton(AF_INET6, bare, host->address) == 1) {
		host->family = AF_INET6;
		host->address_length = 16;
	}
}

static bool
convert(struct host *host, struct failure *why)
{
	char *ascii = NULL;
	int result = idn2_to_ascii_8z(host->name, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	bool fits = result == IDN2_OK && strlen(ascii) <= HOST_LENGTH_MAX;

	if (!fits) {
		fail(why, EX_CONFIG, "'%s' is no internationalized host name: %s", host->name,
		    result == IDN2_OK ? "too long" : idn2_strerror(result));
		idn2_free(ascii);
		return false;
	}
	memcpy(host->name, ascii, strlen(ascii) + 1);
	idn2_free(ascii);
	return true;
}

bool
host_read(const char *text, struct host *host, struct failure *why)
{
	struct text bare = unwrapped(text_of(text));
	struct host found = { .family = AF_UNSPEC };

	if (!judge(bare, text, why))
		return false;
	memcpy(found.name, bare.bytes, bare.length);
	find_literal(&found);
	/* IDNA would refuse underscores, which exist in private names: ASCII is left alone. */
	if (text_has_8bit(bare) && !convert(&found, why))
		return false;
	*host = found;
	return true;
}
