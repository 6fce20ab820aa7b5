/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config_remark.h"

#include "base/arena.h"

void
config_remark_add(struct config *config, const struct failure *why, bool fault, struct arena *arena)
{
	struct config_remark remark = { .why = *why, .fault = fault };

	if (config->remark_count >= CONFIG_REMARK_MAX
	    && (!fault || config->remark_count > CONFIG_REMARK_MAX))
		return;
	if (config->remark_count == CONFIG_REMARK_MAX) {
		fail(&remark.why, EX_CONFIG, "more faults follow that are not listed");
		failure_at(&remark.why, "%s", why->where);
		failure_in(&remark.why, FAILURE_CONFIG);
	}
	config->remarks = arena_grow(arena, config->remarks, config->remark_count,
	    &config->remark_capacity, sizeof *config->remarks);
	config->remarks[config->remark_count++] = remark;
}

const struct failure *
config_remark_fault(const struct config *config)
{
	for (size_t i = 0; i < config->remark_count; i++)
		if (config->remarks[i].fault)
			return &config->remarks[i].why;
	return NULL;
}
