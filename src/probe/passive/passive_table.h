/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PASSIVE_TABLE_H
#define PROBE_PASSIVE_TABLE_H

#include <blockwatch/time.h>

#include "base/siphash.h"
#include "probe/outcome.h"

/*
 * The requests of a capture that are waited for, found by what their answers bring
 * back, with a timer each. The table grows with its entries up to a limit. It is keyed
 * (SipHash, random), since strangers chose what lies in a capture.
 */
#define PASSIVE_NONE UINT32_MAX

enum passive_state {
	PASSIVE_WAITING,
	PASSIVE_OVERDUE,
	PASSIVE_ANSWERED,
	PASSIVE_ERRORED,
};

/* Without padding, so that it can be hashed and compared as bytes. */
struct passive_key {
	struct bw_addr prober, probed;
	uint8_t protocol, zero;
	uint16_t source_port, port;
	uint32_t brief;
};
_Static_assert(sizeof(struct passive_key) == 44, "a key has holes");

struct passive_entry {
	struct passive_key key;
	uint32_t next; /* in its chain, or of the free ones */
	struct probe probe;
	struct bw_mono sent, latest; /* the first and the last copy of the same request */
	uint64_t payload;            /* hash of the first payload_length bytes */
	uint8_t payload_length;
	uint8_t state; /* enum passive_state */
	bool expired;  /* in state ERRORED: the TTL was used up on the way */
};

struct passive_table {
	struct passive_entry *entries;
	uint32_t *chains; /* as many as there is room for entries: a power of two */
	uint32_t room, max, free;
	struct siphash_key hash;
	struct wheel *wheel; /* a timer for each entry, by its index */
};

/* For at most MAX entries; no time is before START. Returns 0 or -ENOMEM. */
int passive_table_init(struct passive_table *table, uint32_t max, struct bw_mono start);
void passive_table_fini(struct passive_table *table);

/* The index of the entry with that key; PASSIVE_NONE when there is none. */
uint32_t passive_table_find(const struct passive_table *table, const struct passive_key *key);

/* A new entry, all zero but for its key. PASSIVE_NONE when the table is full. */
uint32_t passive_table_add(struct passive_table *table, const struct passive_key *key);

/* Removes an entry and its timer. */
void passive_table_drop(struct passive_table *table, uint32_t index);

/* Removes all. Returns how many of them were waited for. */
uint32_t passive_table_clear(struct passive_table *table);

#endif
