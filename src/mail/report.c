/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/report.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"

#define NAME_MAX_SHOWN 512

/* Verdicts that share one failure, as a chain of numbers from 1; 0 ends it. */
struct group {
	size_t first;
	size_t last;
};

/* All groups in order, found by the hash of their failure: a hundred thousand
 * recipients may fail each in its own way. */
struct grouping {
	const struct report *report;
	struct group *groups;
	size_t count;
	size_t *chain; /* by verdict: the next of its group */
	size_t *slots; /* group numbers from 1 */
	size_t slot_count;
};

size_t
report_add(struct report *report, struct text recipient, struct arena *arena)
{
	report->arena = arena;
	report->verdicts = arena_grow(
	    arena, report->verdicts, report->count, &report->capacity, sizeof *report->verdicts);
	report->verdicts[report->count] = (struct verdict){ .recipient = recipient };
	return report->count++;
}

static const struct failure *
keep(const struct report *report, const struct failure *why)
{
	struct failure *kept = arena_zero(report->arena, sizeof *kept);

	*kept = *why;
	return kept;
}

static void
settle(struct verdict *verdict, const struct failure *kept)
{
	verdict->state = kept->temporary ? VERDICT_DEFERRED : VERDICT_REFUSED;
	verdict->why = kept;
}

void
report_fail(struct report *report, size_t number, const struct failure *why)
{
	settle(&report->verdicts[number], keep(report, why));
}

void
report_advise(struct report *report, void (*advise)(struct failure *why))
{
	const struct failure *before = NULL;
	const struct failure *after = NULL;

	for (size_t i = 0; i < report->count; i++) {
		struct verdict *verdict = &report->verdicts[i];
		struct failure advised;

		if (verdict->why == NULL)
			continue;
		/* Neighbours share one failure: they shall go on doing so. */
		if (verdict->why != before) {
			before = verdict->why;
			advised = *before;
			advise(&advised);
			after = keep(report, &advised);
		}
		verdict->why = after;
	}
}

static bool
unsettled(const struct verdict *verdict)
{
	return verdict->state == VERDICT_OPEN || verdict->state == VERDICT_ACCEPTED;
}

void
report_fail_open(struct report *report, size_t first, size_t count, const struct failure *why)
{
	/* A connection that is lost fails a hundred thousand recipients at once: one copy. */
	const struct failure *kept = count == 0 ? NULL : keep(report, why);

	for (size_t i = first; i < first + count; i++)
		if (unsettled(&report->verdicts[i]))
			settle(&report->verdicts[i], kept);
}

void
report_deliver(struct report *report, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++)
		if (report->verdicts[i].state == VERDICT_ACCEPTED)
			report->verdicts[i].state = VERDICT_DELIVERED;
}

size_t
report_count(const struct report *report, enum verdict_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < report->count; i++)
		if (report->verdicts[i].state == state)
			count++;
	return count;
}

static const struct failure *
first_failure(const struct report *report, enum verdict_state state)
{
	for (size_t i = 0; i < report->count; i++)
		if (report->verdicts[i].state == state)
			return report->verdicts[i].why;
	return NULL;
}

static bool
unknown_recipient(const struct failure *why)
{
	/* 550 says more than that: relaying denied, blocked, over quota. */
	return why->stage == FAILURE_RECIPIENT && (why->smtp_code == 550 || why->smtp_code == 553)
	    && (why->enhanced[0] == '\0' || strncmp(why->enhanced, "5.1.", 4) == 0);
}

int
report_status(const struct report *report)
{
	const struct failure *refused = first_failure(report, VERDICT_REFUSED);
	const struct failure *deferred = first_failure(report, VERDICT_DEFERRED);

	if (report_count(report, VERDICT_DELIVERED) == report->count)
		return EX_OK;
	if (refused != NULL && unknown_recipient(refused))
		return EX_NOUSER;
	if (refused != NULL)
		return refused->code == EX_OK ? EX_UNAVAILABLE : refused->code;
	/* One that nobody settled is not delivered either: the caller keeps the mail. */
	return deferred == NULL || deferred->code == EX_OK ? EX_TEMPFAIL : deferred->code;
}

static bool
same_failure(const struct failure *a, const struct failure *b)
{
	if (a == b)
		return true;
	return a->code == b->code && a->smtp_code == b->smtp_code && strcmp(a->what, b->what) == 0
	    && strcmp(a->where, b->where) == 0 && strcmp(a->reply, b->reply) == 0
	    && strcmp(a->hint, b->hint) == 0;
}

static void
join(struct grouping *grouping, size_t number)
{
	const struct verdict *verdicts = grouping->report->verdicts;
	const struct failure *why = verdicts[number].why;
	uint64_t hash = text_hash(text_of(why->what)) ^ (text_hash(text_of(why->reply)) << 1);
	size_t at = (size_t)hash & (grouping->slot_count - 1);
	struct group *group;

	while (grouping->slots[at] != 0) {
		group = &grouping->groups[grouping->slots[at] - 1];
		if (same_failure(verdicts[group->first - 1].why, why)) {
			grouping->chain[group->last - 1] = number + 1;
			group->last = number + 1;
			return;
		}
		at = (at + 1) & (grouping->slot_count - 1);
	}
	grouping->groups[grouping->count] = (struct group){ number + 1, number + 1 };
	grouping->slots[at] = ++grouping->count;
}

static struct grouping
group_failures(const struct report *report, struct arena *arena)
{
	struct grouping grouping = { .report = report, .slot_count = 8 };

	while (grouping.slot_count < report->count * 2)
		grouping.slot_count *= 2;
	grouping.groups = arena_array(arena, report->count, sizeof *grouping.groups);
	grouping.chain = arena_array(arena, report->count, sizeof *grouping.chain);
	grouping.slots = arena_array(arena, grouping.slot_count, sizeof *grouping.slots);
	for (size_t i = 0; i < report->count; i++)
		if (report->verdicts[i].state == VERDICT_DEFERRED
		    || report->verdicts[i].state == VERDICT_REFUSED)
			join(&grouping, i);
	return grouping;
}

static void
format_names(const struct grouping *grouping, size_t first, struct buffer *to)
{
	char name[NAME_MAX_SHOWN];

	(void)buffer_add(to, "  for: ");
	for (size_t at = first; at != 0; at = grouping->chain[at - 1]) {
		(void)buffer_add(to, at == first ? "" : ", ");
		(void)buffer_add(to,
		    text_printable(
			grouping->report->verdicts[at - 1].recipient, name, sizeof name));
	}
	(void)buffer_add(to, "\n");
}

/* Does the sentence name the one recipient already? */
static bool
named(const struct verdict *verdict)
{
	char name[NAME_MAX_SHOWN];

	(void)text_printable(verdict->recipient, name, sizeof name);
	return strstr(verdict->why->what, name) != NULL;
}

static void
format_group(const struct grouping *grouping, const struct group *group, const char *program,
    struct buffer *to)
{
	const struct verdict *verdict = &grouping->report->verdicts[group->first - 1];

	failure_format(verdict->why, program, to);
	if (group->first != group->last || !named(verdict))
		format_names(grouping, group->first, to);
}

void
report_format(const struct report *report, const char *program, struct buffer *to)
{
	size_t delivered = report_count(report, VERDICT_DELIVERED);
	struct arena *arena = arena_open();
	struct grouping grouping = group_failures(report, arena);

	for (size_t i = 0; i < grouping.count; i++)
		format_group(&grouping, &grouping.groups[i], program, to);
	if (delivered > 0 && delivered < report->count)
		(void)buffer_print(to, "%s: delivered to %zu of %zu recipients\n", program,
		    delivered, report->count);
	arena_close(arena);
}
