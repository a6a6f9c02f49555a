/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trace/trace_flows.h"

#include <errno.h>
#include <stdlib.h>

#include "probe/trace/trace_plan.h"

struct trace_flow_group {
	unsigned done;
	uint64_t different;
	struct bw_addr first[TRACE_TTL_MAX + 1]; /* the first that answered at a TTL */
};

int trace_flows_init(struct trace_flows *flows, const struct trace_destinations *destinations)
{
	*flows = (struct trace_flows){.flows = destinations->flows};
	if (flows->flows < 2)
		return 0;
	flows->count = destinations->trace_count / flows->flows;
	flows->groups = calloc(flows->count + 1, sizeof(*flows->groups));
	return flows->groups ? 0 : -ENOMEM;
}

void trace_flows_fini(struct trace_flows *flows)
{
	for (uint32_t n = 0; n < flows->count && flows->groups; n++)
		free(flows->groups[n]);
	free(flows->groups);
	*flows = (struct trace_flows){0};
}

static void compare(struct trace_flow_group *group, const struct trace *trace)
{
	for (uint8_t ttl = 1; ttl <= trace->last; ttl++) {
		const struct trace_hop *hop = &trace->hops[ttl];

		if (hop->from.family == 0)
			continue;
		if (group->first[ttl].family == 0)
			group->first[ttl] = hop->from;
		else if (!bw_addr_equal(&group->first[ttl], &hop->from))
			group->different |= TRACE_TTL_BIT(ttl);
	}
}

bool trace_flows_add(struct trace_flows *flows, const struct trace *trace, uint64_t *ret_different)
{
	struct trace_flow_group **group;

	if (flows->flows < 2)
		return false;
	group = &flows->groups[trace->subject / flows->flows];
	if (!*group)
		*group = calloc(1, sizeof(**group));
	if (!*group)
		return false;
	compare(*group, trace);
	if (++(*group)->done < flows->flows)
		return false;
	*ret_different = (*group)->different;
	free(*group);
	*group = NULL;
	return true;
}
