/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SIM_RIG_H
#define TEST_SIM_RIG_H

#include "report/record/record.h"
#include "sim/world/world.h"
#include "vantage/ledger/memory.h"
#include "vantage/vantage.h"

/*
 * A whole check in virtual time: a simulated country of /24 networks from
 * 198.18.0.0 on, a gateway at 10.99.0.1, a vantage at 10.99.0.2, and the
 * records that come out. No root, no clock, no sleep.
 */
#define RIG_BLOCKS_MAX 1024

struct rig {
	struct sim_world *world;
	uint32_t gateway;   /* block of the default gateway */
	uint32_t reference; /* block of the host 10.98.0.1, beyond the uplink */
	uint32_t blocks;    /* of the country; number b is 198.18.b.0/24 */
	bool no_gateway, with_reference;
	double rate_pps;
	struct sim_profile profile; /* of the country's blocks: set before rig_build() */
	struct sim_host_kind kind;  /* of its hosts */
	unsigned hosts;             /* a block, in world and target */
	bool known;                 /* the target lists them; else only prefixes */
	bool guessed;               /* listed by hand, without the day when they were seen */
	const char *methods;        /* JSON list; NULL: ["icmp"] */
	struct sim_link uplink;
	uint32_t border; /* IPv4 address of the country's border router; 0: 10.98.0.2 */

	/* For rounds (rig_watch): */
	int64_t round_ns, confirm_ns;
	double probes_per_hour;
	int64_t held_from_ns, held_to_ns; /* the owner holds the vantage blind; 0, 0: never */

	const char *memory; /* the state of a vantage before, or NULL */
	struct memory *checks; /* of earlier checks; a check adds to it; or NULL */

	/* What came out: */
	struct record records[4 * RIG_BLOCKS_MAX];
	unsigned record_count;
	uint64_t seq, sent; /* records in all; probes to blocks */
	int64_t end_ns;     /* when it was done */
	int64_t limit_ns;   /* it is stopped then; 0: 60 s */
};

/* Everything up, four blocks of ten listed hosts. */
void rig_init(struct rig *rig, unsigned blocks);

/* Builds the world but does not seal it: faults may be added. */
void rig_build(struct rig *rig);

/* Makes a block silent in [from_ms, to_ms). */
void rig_darken(struct rig *rig, uint32_t block, int64_t from_ms, int64_t to_ms);

/* Runs one check to its end and frees the world. */
void rig_check(struct rig *rig);

/*
 * Runs rounds for so long and frees the world. Of the records only events and
 * the vantage's are kept.
 */
void rig_watch(struct rig *rig, int64_t duration_ns);

/* The event number N (from 0) of this scope; NULL: there are not so many. */
const struct record_event *rig_event(const struct rig *rig, enum bw_scope scope, unsigned n);

/* The last record of block NUMBER, of the target, of the vantage. */
const struct record_block *rig_block(const struct rig *rig, uint32_t number);
const struct record_target *rig_target(const struct rig *rig);
const struct record_vantage *rig_vantage(const struct rig *rig);

#endif
