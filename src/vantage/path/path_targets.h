/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_TARGETS_H
#define VANTAGE_PATH_TARGETS_H

#include "vantage/path/path_tell.h"

/*
 * What is told of the last event of each target. Traces that come in later may show that many more
 * networks end at the same hop. Then the record of a trace tells it again: while traces come in,
 * each time when half as many networks more than were told last share the end; and once more when
 * none has come in for PATH_TARGETS_QUIET_NS, so that the last number is the right one. Nothing is
 * told again until the number has grown by more than half since the event.
 */
#define PATH_TARGETS_QUIET_NS (5 * BW_S)
#define PATH_TARGETS_AGAIN_NS (60 * BW_S) /* from one last trace of a target to the next */

struct path_target {
	uint32_t sought;          /* units whose trace is awaited; counted by the caller */
	uint32_t found;           /* traces that have come in since it was told last */
	uint64_t event;           /* its seq; 0: there was none that may have a path */
	uint32_t shared;          /* as the event has it; 0: it has no path */
	uint32_t told;            /* as told last */
	struct bw_mono closes_at; /* when it is looked at again; ns 0: it is not */
	struct bw_mono closed;    /* when its last trace was made; ns 0: never */
	bool closing;             /* the next trace tells it */
};

struct path_targets {
	const struct path_units *units; /* borrowed, as the plan */
	const struct path_plan *plan;
	struct path_target *list; /* by target */
	struct bw_mono close_at;  /* the earliest closes_at; BW_NEVER: there is none */
	struct path_words words;  /* of what path_targets_found() has returned */
};

/* 0 or -ENOMEM; fini may be called in both cases. */
int path_targets_init(struct path_targets *targets, const struct path_units *units,
		      const struct path_plan *plan);
void path_targets_fini(struct path_targets *targets);

/* An event of TARGET goes out. PATH is NULL where none was found: traces may show one later. */
void path_targets_told(struct path_targets *targets, uint32_t target, uint64_t event,
		       const struct record_path *path);

/*
 * A trace of TARGET has come in. Returns what its record tells of the target's event; NULL:
 * nothing, as always if the record IS_TAKEN by another event. It stays until the next call.
 */
const struct record_path *path_targets_found(struct path_targets *targets, uint32_t target,
					     bool is_taken);

/*
 * Whether a target is due for its last trace. *RET_UNIT is to be traced for it; UINT32_MAX: there
 * is nothing to tell. To be called until it returns false.
 */
bool path_targets_close(struct path_targets *targets, uint32_t *ret_unit);

#endif
