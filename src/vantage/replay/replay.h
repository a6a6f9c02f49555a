/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_H
#define VANTAGE_REPLAY_H

#include "infer/params.h"
#include "probe/passive/passive.h"
#include "report/record/record.h"
#include "vantage/replay/capture_index.h"
#include "vantage/roster.h"

/*
 * Gives the records that a vantage would have put out for the probes in a capture, whatever
 * tool sent them. The owner reads the capture twice: first into a capture index, then frame by
 * frame, in order of time, into replay_receive(). At the end it calls replay_finish().
 */
struct replay;

struct replay_config {
	const char *name; /* of the vantage, in each record */
	const char *boot;
	const char *version;
	const struct capture_index *index; /* chosen; borrowed */
	const struct roster *roster;       /* borrowed */
	const struct bw_addr *references;  /* hosts that tell whether the vantage was online */
	size_t reference_count;
	struct infer_params params;
	int64_t round_ns; /* records of blocks and targets come once in so long */
	struct record_sink sink;
};

/* Returns 0 or -ENOMEM. */
int replay_new(const struct replay_config *config, struct replay **ret_replay, struct bw_err *err);
void replay_free(struct replay *replay);

void replay_receive(struct replay *replay, const struct bw_rx *rx, struct bw_now now);

/* Nobody captured after the last frame: probes of its last second have no outcome. */
void replay_gap(struct replay *replay);

/* The capture is over: puts out the last records. */
void replay_finish(struct replay *replay);

void replay_stats(const struct replay *replay, struct passive_stats *ret_stats);

/* Probes of traces that were too many at once, and are in no trace record. */
uint64_t replay_untraced(const struct replay *replay);

#endif
