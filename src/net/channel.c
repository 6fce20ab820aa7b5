/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/channel.h"

/* A channel without a name (a test's) leaves the place to whoever knows it. */
static bool
placed(const struct channel *channel, struct failure *why)
{
	if (channel->peer[0] != '\0')
		failure_at(why, "%s", channel->peer);
	return false;
}

bool
channel_read(struct channel *channel, char *bytes, size_t room, size_t *got,
    struct deadline deadline, struct failure *why)
{
	if (!channel->operations->read(channel, bytes, room, got, deadline, why))
		return placed(channel, why);
	return true;
}

bool
channel_write(
    struct channel *channel, struct text bytes, struct deadline deadline, struct failure *why)
{
	if (bytes.length == 0)
		return true;
	if (!channel->operations->write(channel, bytes, deadline, why))
		return placed(channel, why);
	return true;
}

bool
channel_pending(struct channel *channel)
{
	return channel->operations->pending != NULL && channel->operations->pending(channel);
}

bool
channel_binding(struct channel *channel, const char *type, char *bytes, size_t room, size_t *length)
{
	if (channel->operations->binding == NULL)
		return false;
	return channel->operations->binding(channel, type, bytes, room, length);
}

bool
channel_is_private(const struct channel *channel)
{
	return channel->privacy == CHANNEL_LOCAL || channel->privacy == CHANNEL_VERIFIED;
}

void
channel_close(struct channel *channel)
{
	if (channel != NULL)
		channel->operations->close(channel);
}
