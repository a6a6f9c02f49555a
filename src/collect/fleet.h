/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FLEET_H
#define COLLECT_FLEET_H

#include "collect/fleet_boots.h"
#include "collect/store.h"

/*
 * The vantages that the collector knows: those of its configuration. Each has a token, a last
 * record, a clock, and is silent when it has not been heard of for too long.
 */
#define FLEET_MAX 256 /* of the configuration */
#define FLEET_ALL 512 /* with those that were in it formerly */

struct fleet_member {
	const char *name;           /* borrowed from the configuration */
	const char *token;          /* likewise; NULL: it sends nothing over HTTP */
	uint32_t asn;               /* of its upstream; 0: not known */
	char boot[FLEET_BOOT_TEXT]; /* of its youngest record; "": none yet */
	uint64_t seq;
	struct bw_wall last;
	int64_t clock_offset_ns; /* INT64_MAX: nothing came yet */
	double round_s;          /* 0: not told */
	bool healthy, changed;
	struct fleet_boots boots;
};

/*
 * Those that are configured come first. Those that were configured formerly follow: what they said
 * while they were stays, and nothing new comes of them.
 */
struct fleet {
	struct fleet_member list[FLEET_ALL];
	size_t count;         /* configured ones */
	size_t former;        /* the store knows so many more; their names are owned by the fleet */
	unsigned stale_after; /* rounds */
};

/* NULL for a name that is not configured. */
struct fleet_member *fleet_find(struct fleet *fleet, const char *name);

/* Whether they are the same text, in a time that does not depend on where they differ. */
bool fleet_is_secret(const char *ours, const char *given);

/* Whose token this is; NULL: nobody's. All are compared. */
const struct fleet_member *fleet_by_token(const struct fleet *fleet, const char *token);

/* How many different networks connect them. */
unsigned fleet_upstreams(const struct fleet *fleet);

/* The time between two of its rounds. */
int64_t fleet_round_ns(const struct fleet_member *member);

/* After so long without a record it is silent. */
int64_t fleet_stale_ns(const struct fleet *fleet, const struct fleet_member *member);

/*
 * A record of this vantage has come at NOW. Returns whether what it says counts; false: another
 * machine sends under the same name, and that one counts (collect/fleet_boots.h).
 */
bool fleet_counts(const struct fleet *fleet, struct fleet_member *member,
		  const struct record *record, struct bw_wall now);

/* Whether two machines send under the name of this vantage. */
bool fleet_is_doubled(const struct fleet *fleet, const struct fleet_member *member,
		      struct bw_wall now);

/* A record of this vantage that counts has come at NOW. */
void fleet_note(struct fleet_member *member, const struct record *record, struct bw_wall now);

/* From when on the vantage is silent, unless something comes; INT64_MAX: it never said anything. */
int64_t fleet_deadline(const struct fleet *fleet, const struct fleet_member *member);

/* Nothing has come for `stale_after` rounds; true also before the first record. */
bool fleet_is_silent(const struct fleet *fleet, const struct fleet_member *member,
		     struct bw_wall now);

/* Those of the configuration, and those that were in it. */
static inline size_t fleet_all(const struct fleet *fleet)
{
	return fleet->count + fleet->former;
}

/* Frees the names of former vantages. */
void fleet_fini(struct fleet *fleet);

/* Reads the store's rows, and saves what has changed in its transaction. */
int fleet_load(struct fleet *fleet, const struct store *store, struct bw_err *err);
int fleet_save(struct fleet *fleet, const struct store *store, struct bw_err *err);

#endif
