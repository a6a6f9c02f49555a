/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FLEET_H
#define COLLECT_FLEET_H

#include "collect/store.h"

/*
 * The vantages that the collector knows: those of its configuration. Each has a token, a last
 * record, a clock, and is silent when it has not been heard of for too long.
 */
#define FLEET_MAX 256
#define FLEET_BOOT_TEXT 64

struct fleet_member {
	const char *name;           /* borrowed from the configuration */
	const char *token;          /* likewise */
	uint32_t asn;               /* of its upstream; 0: not known */
	char boot[FLEET_BOOT_TEXT]; /* of its youngest record; "": none yet */
	uint64_t seq;
	struct bw_wall last;
	int64_t clock_offset_ns; /* INT64_MAX: nothing came yet */
	double round_s;          /* 0: not told */
	bool healthy, changed;
};

struct fleet {
	struct fleet_member list[FLEET_MAX];
	size_t count;
	unsigned stale_after; /* rounds */
};

/* NULL for a name that is not configured. */
struct fleet_member *fleet_find(struct fleet *fleet, const char *name);

/* Whether they are the same text, in a time that does not depend on where they differ. */
bool fleet_is_secret(const char *ours, const char *given);

/* Whose token this is; NULL: nobody's. All are compared. */
const struct fleet_member *fleet_by_token(const struct fleet *fleet, const char *token);

/* Which network connects it: the number of the first vantage behind the same, or its own. */
uint32_t fleet_upstream(const struct fleet *fleet, uint32_t number);

/* How many different networks connect them. */
unsigned fleet_upstreams(const struct fleet *fleet);

/* The time between two of its rounds. */
int64_t fleet_round_ns(const struct fleet_member *member);

/* A record of this vantage has come at NOW. */
void fleet_note(struct fleet_member *member, const struct record *record, struct bw_wall now);

/* Nothing has come for `stale_after` rounds; true also before the first record. */
bool fleet_is_silent(const struct fleet *fleet, const struct fleet_member *member,
		     struct bw_wall now);

/* Reads the store's rows, and saves what has changed in its transaction. */
int fleet_load(struct fleet *fleet, const struct store *store, struct bw_err *err);
int fleet_save(struct fleet *fleet, const struct store *store, struct bw_err *err);

#endif
