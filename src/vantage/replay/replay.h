/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_H
#define VANTAGE_REPLAY_H

#include "infer/params.h"
#include "probe/passive/passive.h"
#include "report/record/record.h"
#include "vantage/replay/replay_census.h"
#include "vantage/roster.h"

/*
 * What the vantage would have said of the probes that a capture has, whoever sent
 * them. After the census: all frames again, in order of time, then replay_finish().
 */
struct replay;

struct replay_config {
	const char *name; /* of the vantage, in each record */
	const char *boot;
	const char *version;
	const struct census *census;      /* chosen; borrowed */
	const struct roster *roster;      /* borrowed */
	const struct bw_addr *references; /* hosts that tell whether the vantage was online */
	size_t reference_count;
	struct infer_params params;
	int64_t round_ns; /* records of blocks and targets come once in so long */
	struct record_sink sink;
};

/* Returns 0, -ENOMEM or what vantage_new() says. */
int replay_new(const struct replay_config *config, struct replay **ret_replay, struct bw_err *err);
void replay_free(struct replay *replay);

void replay_receive(struct replay *replay, const struct bw_rx *rx, struct bw_now now);

/* Nobody captured from the last frame on: what was sent in its last second is void. */
void replay_gap(struct replay *replay);

/* The capture is over: the last records. */
void replay_finish(struct replay *replay);

void replay_stats(const struct replay *replay, struct passive_stats *ret_stats);

#endif
