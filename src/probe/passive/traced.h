/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACED_H
#define PROBE_TRACED_H

#include "base/siphash.h"
#include "probe/trace/trace.h"

/*
 * The traces under way in a capture, found by destination and method, with a timer each, which the
 * owner arms. The table is keyed, since strangers chose what lies in a capture.
 */
#define TRACED_NONE UINT32_MAX

struct traced {
	struct trace trace; /* hops 1 to `room` have memory, and no room is 0 */
	struct bw_mono begun;
	uint32_t next; /* in its chain, or of the free ones */
	uint8_t room;
	bool is_hidden;                      /* traced_table_find() does not find it */
	uint8_t answered[TRACE_TTL_MAX + 1]; /* probes, by TTL */
};

struct traced_table {
	struct traced *list; /* by number */
	uint32_t *chains;
	uint32_t max, count, used, free; /* used: numbers that were ever given out */
	struct siphash_key hash;
	struct wheel *wheel; /* a timer for each number */
};

/* For at most MAX traces; no time is before START. Returns 0 or -ENOMEM; fini always follows. */
int traced_table_init(struct traced_table *table, uint32_t max, struct bw_mono start);
void traced_table_fini(struct traced_table *table);

/* The number of a trace; of UDP to any port. TRACED_NONE: it is not there. */
uint32_t traced_table_find(const struct traced_table *table, const struct bw_addr *dst,
			   struct bw_method method);

/* A new trace. TRACED_NONE: the table is full. */
uint32_t traced_table_add(struct traced_table *table, const struct bw_addr *dst,
			  struct bw_method method, struct bw_mono at);

/* The trace is not found any more, so that another one of the same kind can be added. */
void traced_table_hide(struct traced_table *table, uint32_t number);

/* Removes a trace, its memory and its timer. */
void traced_table_drop(struct traced_table *table, uint32_t number);

/* Counts a probe with a TTL of 1 to TRACE_TTL_MAX. Returns 0 or -ENOMEM. */
int traced_note_probe(struct traced *traced, uint8_t ttl);

#endif
