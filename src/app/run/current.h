/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_CURRENT_H
#define APP_RUN_CURRENT_H

#include "app/run/instance.h"

/*
 * The instance that the daemon runs at the moment, and how it is replaced: the next one
 * is prepared beside it, with all that the current one has learned, and then adopted. A
 * reload and a change of egress both go this way.
 */
struct current {
	const struct run_config *config; /* of the instance; borrowed */
	struct instance *instance;
	const char *boot; /* borrowed */
	struct loop *loop;
	struct record_sink sink;
	unsigned faults; /* set of enum bw_reason: faults of this machine as a whole */
};

/* Builds the first instance. The other fields must be set. Returns as instance_new(). */
int current_start(struct current *current, struct bw_err *err);
void current_stop(struct current *current);

/*
 * Builds an instance from CONFIG that has inherited everything from the current one, which
 * runs on unchanged. Returns 0 or the error; instance_free() drops what was prepared.
 */
int current_prepare(const struct current *current, const struct run_config *config,
		    struct instance **ret_next, struct bw_err *err);

/* Replaces the current instance by NEXT, which was built from CONFIG. */
void current_adopt(struct current *current, const struct run_config *config, struct instance *next);

/*
 * Sets the faults of MASK to FAULTS and tells the vantage all faults: it is blind on all ways out
 * as long as there are any. Also called without a change, for an instance that was just adopted.
 */
void current_set_faults(struct current *current, unsigned mask, unsigned faults, struct bw_now now);

#endif
