/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_includes.h"

#include <string.h>

/* *known: an earlier row read it, and has its addresses. */
static bool
include(struct alias_includes *includes, const char *path, size_t earlier, struct arena *arena,
    struct alias_targets *targets, bool *known, struct failure *why)
{
	size_t before = targets->count;
	size_t number = 0;
	bool read;

	while (number < includes->count && strcmp(includes->paths[number], path) != 0)
		number++;
	if (number < includes->count) {
		*known = *known || (number < earlier && includes->named[number]);
		return true;
	}
	if (number == ALIAS_INCLUDES_MAX)
		return fail(why, EX_CONFIG, "more than %d :include: files: '%s' is not read",
		    ALIAS_INCLUDES_MAX, path);
	includes->paths[includes->count++] = path;
	read = alias_target_include(path, arena, targets, why);
	includes->named[number] = targets->count > before;
	return read;
}

static bool
refuse_nobody(const struct alias_targets *targets, struct text key, struct failure *why)
{
	const char *path = NULL;

	for (size_t i = 0; i < targets->count; i++) {
		if (targets->items[i].kind != ALIAS_TARGET_INCLUDE)
			return true;
		path = targets->items[i].path;
	}
	if (path != NULL)
		fail(why, EX_CONFIG, "':include:%s' holds no address", path);
	else
		fail(why, EX_CONFIG, "the alias '%.*s' names no address", (int)key.length,
		    key.bytes);
	return failure_hint(why, "write /dev/null if its mail is to be thrown away");
}

void
alias_includes_read(struct alias_includes *includes, struct text key, struct text value,
    struct arena *arena, struct alias_targets *targets)
{
	size_t earlier = includes->count;
	bool known = false;
	struct failure why;

	alias_target_read(value, arena, targets);
	for (size_t i = 0; i < targets->count; i++)
		if (targets->items[i].kind == ALIAS_TARGET_INCLUDE
		    && !include(
			includes, targets->items[i].path, earlier, arena, targets, &known, &why))
			alias_target_break(targets, &why, arena);
	if (!known && !refuse_nobody(targets, key, &why))
		alias_target_break(targets, &why, arena);
}

static bool
refuse(const struct alias_target *target, struct text key, struct failure *why)
{
	const char *kind = target->kind == ALIAS_TARGET_COMMAND ? "command" : "file";

	if (target->kind == ALIAS_TARGET_BROKEN) {
		fail(why, target->code, "%s", target->what);
		return target->hint != NULL && failure_hint(why, "%s", target->hint);
	}
	fail(why, EX_CONFIG, "the alias '%.*s' names a %s", (int)key.length, key.bytes, kind);
	return failure_hint(why,
	    "nothing is delivered on this machine: name addresses only, or "
	    "/dev/null to discard");
}

bool
alias_includes_address(const struct alias_target *target, struct text key,
    const struct completion *completion, struct arena *arena, struct address *address,
    struct failure *why)
{
	struct failure inner;

	*address = (struct address){ 0 };
	if (target->kind == ALIAS_TARGET_INCLUDE || target->kind == ALIAS_TARGET_NOTHING)
		return true;
	if (target->kind != ALIAS_TARGET_ADDRESS)
		return refuse(target, key, why);
	*address = completion_recipient(completion, target->address, arena);
	if (address_check(*address, EX_CONFIG, &inner))
		return true;
	if (target->included == 0)
		fail(why, EX_CONFIG, "%s", inner.what);
	else
		fail(why, EX_CONFIG, "line %zu of the included file '%s': %s", target->included,
		    target->path, inner.what);
	return failure_hint(why, "targets are addresses, with commas between them");
}
