/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACE_TABLE_H
#define PROBE_TRACE_TABLE_H

#include "probe/trace/trace.h"

/* The traces under way, found by their destination. All memory is allocated at the start. */
struct trace_slot {
	struct trace trace;
	uint64_t queued; /* TTLs that stand in the queue, as a set (ttl - 1) */
	uint32_t next;   /* in its hash chain, or the free list */
	bool used;
};

struct trace_table {
	struct trace_slot *slots;
	struct trace_hop *hops; /* room for each slot */
	uint32_t *chains;
	uint32_t chain_mask, max, touched, free, active;
	uint32_t room; /* hops of a slot: its highest TTL + 1 */
};

/* For MAX traces with TTLs up to MAX_TTL. Returns 0 or -ENOMEM; call fini in both cases. */
int trace_table_init(struct trace_table *table, uint32_t max, uint8_t max_ttl);
void trace_table_fini(struct trace_table *table);

/* A new trace to DST, zeroed but for that and its hops. NULL: all slots are in use. */
struct trace_slot *trace_table_add(struct trace_table *table, const struct bw_addr *dst);
void trace_table_drop(struct trace_table *table, struct trace_slot *slot);

/* The traces to DST, one after the other: START is NULL or the one found before. */
struct trace_slot *trace_table_find(const struct trace_table *table, const struct bw_addr *dst,
				    const struct trace_slot *start);

static inline uint32_t trace_table_number(const struct trace_table *table,
					  const struct trace_slot *slot, uint8_t ttl)
{
	return (uint32_t)(slot - table->slots) * table->room + ttl;
}

#endif
