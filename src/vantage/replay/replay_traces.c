/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/replay/replay_traces.h"

#include "base/addr/prefix_set.h"
#include "vantage/ledger/records.h"
#include "vantage/path/path_record.h"

static bool is_prober(void *self, const struct bw_addr *addr)
{
	const struct replay_traces *traces = self;

	return capture_index_is_vantage(traces->index, addr);
}

/* The blocks of the roster, to find those of destinations in; NULL: out of memory. */
static const struct prefix_set *blocks_of(struct replay_traces *traces)
{
	const struct roster *roster = traces->ledger->config.roster;
	int rc = 0;

	if (traces->blocks)
		return traces->blocks;
	traces->blocks = prefix_set_new();
	for (uint32_t i = 0; traces->blocks && i < roster->block_count && rc == 0; i++) {
		struct bw_prefix prefix = roster_prefix(roster, i);

		rc = prefix_set_add(traces->blocks, &prefix, i);
	}
	if (traces->blocks && (rc < 0 || prefix_set_seal(traces->blocks) < 0)) {
		prefix_set_free(traces->blocks);
		traces->blocks = NULL;
	}
	return traces->blocks;
}

static void on_trace(void *self, const struct trace *trace)
{
	static const struct baseline none = {.end = 0};
	static const struct path_plan plan = {.every_ns = 0};
	struct replay_traces *traces = self;
	const struct roster *roster = traces->ledger->config.roster;
	const struct prefix_set *blocks = blocks_of(traces);
	struct path_record record;
	char text[BW_ADDR_TEXT];
	uint32_t block;

	path_record_fill(&record, trace, &none, NULL, &plan);
	record.trace.target = bw_addr_format(&trace->dst, text);
	record.trace.block = bw_prefix_of(&trace->dst, trace->dst.family == 6 ? 128 : 32);
	if (blocks && prefix_set_find(blocks, &trace->dst, &record.trace.block, &block))
		record.trace.target =
			roster->targets[roster_network_of(roster, block)->target].target->name;
	records_trace(traces->ledger, &record.trace);
}

int replay_traces_init(struct replay_traces *traces, struct ledger *ledger,
		       const struct capture_index *index)
{
	struct passive_traces_config config = {is_prober, on_trace, traces};

	*traces = (struct replay_traces){.ledger = ledger, .index = index};
	return passive_traces_new(&config, ledger->now.mono, &traces->passive);
}

void replay_traces_fini(struct replay_traces *traces)
{
	passive_traces_free(traces->passive);
	prefix_set_free(traces->blocks);
}
