/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_VANTAGE_H
#define VANTAGE_VANTAGE_H

#include <blockwatch/transport.h>

#include "vantage/ledger/persist.h"
#include "vantage/path/path_plan.h"
#include "vantage/roster.h"
#include "vantage/watch/schedule/plan.h"

/*
 * One vantage without I/O: engine, inference and records, fed by any transport
 * (real, simulated, recorded). The owner's loop:
 *
 *   until vantage_is_done(): wait for a frame or vantage_deadline();
 *   frames -> vantage_receive(); then vantage_tick().
 *   vantage_finish().
 */
struct vantage;

struct vantage_config {
	const char *name; /* of the vantage, in each record */
	const char *boot; /* id of this start, in each record */
	const char *version;
	const char *contact;                  /* in echo payloads, or NULL */
	const struct roster *roster;          /* borrowed, routes looked up */
	const struct bw_transport *transport; /* borrowed */
	const struct bw_egress *egress;       /* borrowed */
	uint8_t egress_count;
	struct infer_params params;
	const struct vantage_plan *plans; /* one for each target of the roster, borrowed;
					     NULL: one check, then done */
	const struct path_plan *paths; /* borrowed; NULL, and in a check: no paths are traced */
	double rate_pps;
	uint64_t seed; /* order of blocks; and the token key when `repeatable` */
	bool repeatable;
	struct record_sink sink;
	bool tells_probes;  /* a record for each probe of a block, too */
	bool tells_changes; /* a record of a block only as ledger.h says; needs plans */
	uint64_t first_seq;  /* records that are out already: 0, or those before a reload */
	uint8_t privacy_ttl; /* as in `paths`, for records of probes */
};

struct vantage_progress {
	uint32_t blocks;
	uint64_t known; /* rounds that have ended: in a check, blocks that are done */
	uint64_t sent, replies;
};

/* Returns 0, -ENOMEM, or what engine_new() says. */
int vantage_new(const struct vantage_config *config, struct bw_now now,
		struct vantage **ret_vantage, struct bw_err *err);
void vantage_free(struct vantage *vantage);

void vantage_receive(struct vantage *vantage, const struct bw_rx *rx, struct bw_now now);

/* Does what is due. Returns vantage_deadline() of what holds afterwards. */
struct bw_mono vantage_tick(struct vantage *vantage, struct bw_now now);
struct bw_mono vantage_deadline(const struct vantage *vantage, struct bw_now now);

/* True when every block has its record. */
bool vantage_is_done(const struct vantage *vantage);

/* Ends early: what is not known yet is unknown for REASON (one enum bw_reason). */
void vantage_stop(struct vantage *vantage, unsigned reason, struct bw_now now);

/* Puts out a record for each target, then one for the vantage. */
void vantage_finish(struct vantage *vantage, struct bw_now now);

/*
 * The owner knows REASONS (a set of enum bw_reason) why nothing can be judged that leaves by
 * EGRESS. That way is blind until it is called again with 0 and a sentinel has answered after
 * that. A reason that is new goes out at once as a record of the vantage. Only with plans.
 */
void vantage_blind(struct vantage *vantage, uint8_t egress, unsigned reasons, struct bw_now now);

/*
 * Routes have changed: the roster has the egress of each block as it is now, BEFORE as it was, by
 * block. Puts out a record of the vantage. Only with plans.
 */
void vantage_rerouted(struct vantage *vantage, const uint8_t *before, struct bw_now now);

/*
 * For a reload: takes over from BEFORE its signs of life, whether it is blind, its counters, and
 * the numbers of rounds of targets of the same name.
 */
void vantage_inherit(struct vantage *vantage, const struct vantage *before);

/* Puts out records that wait for the path of an event. Before the vantage is freed. */
void vantage_flush(struct vantage *vantage);

/* Rounds only: a record of each block, target and the vantage, as they stand. */
void vantage_dump(struct vantage *vantage, struct bw_now now);

/* What it knows. Owned by the vantage. */
struct ledger *vantage_ledger(const struct vantage *vantage);

/* Saves what it knows, with its paths, and what restores it: as ledger/persist.h says. */
int vantage_save(const struct vantage *vantage, FILE *file, uint32_t boots, struct bw_err *err);
struct persist_restore vantage_restore(const struct vantage *vantage, struct bw_now now);

/* Counts the records put out so far; the next has one more. */
uint64_t vantage_seq(const struct vantage *vantage);

void vantage_progress(const struct vantage *vantage, struct vantage_progress *ret_progress);

#endif
