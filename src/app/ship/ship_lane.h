/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_SHIP_LANE_H
#define APP_SHIP_SHIP_LANE_H

#include "app/ship/carrier.h"
#include "ship/delivery/filter.h"
#include "ship/delivery/lane.h"
#include "sys/spool/reader.h"
#include "sys/spool/refused.h"

/*
 * One lane of a sink at work: the lane (pure), the reader that feeds it, the carrier that takes its
 * requests. What happens is told to the sink.
 */
struct ship_lane;

struct ship_lane_owner {
	struct refused *refused;
	const char *sink; /* its name */
	struct rng *rng;
	/* After each answer. */
	void (*answered)(void *self, struct ship_lane *lane, const struct carrier_news *news);
	/* Whether the lane may send the request that is due. */
	bool (*may_send)(void *self, const struct ship_lane *lane, bool urge, struct bw_now now);
	/*
	 * After bytes or lines were set aside: how many lines, and why. FAILURE_REMOVED: to make
	 * room for them, so many batches were removed.
	 */
	void (*set_aside)(void *self, enum failure failure, size_t lines, const char *reason);
	void *self;
};

struct ship_lane {
	struct ship_lane_owner owner;
	struct filter filter;
	struct lane lane;
	struct reader *reader;
	struct carrier carrier;
	bool has_lane;
	struct bw_mono answered_at; /* the last answer, or what stands for it */
	bool told[FAILURES];        /* failures that were logged since the last success */
};

/* All is borrowed; FOLDER is that of the spool. The carrier is set by the caller. 0 or -ENOMEM. */
int ship_lane_init(struct ship_lane *lane, const struct ship_lane_owner *owner, int folder,
		   const struct filter *filter, const struct lane_options *options);
void ship_lane_fini(struct ship_lane *lane);

/* Reads, sends, moves on. URGE: sends without waiting for more lines. */
void ship_lane_wake(struct ship_lane *lane, bool urge, struct bw_now now);

/* The answer that a carrier gives (carrier_done); SELF is the lane. */
void ship_lane_answered(void *self, const struct carrier_news *news);

/* When it wants to be woken without news of the spool. */
struct bw_mono ship_lane_deadline(const struct ship_lane *lane, struct bw_mono now);

/* All that is in the spool has been delivered. */
bool ship_lane_is_done(const struct ship_lane *lane);

/* The time of the oldest record that waits; 0: none waits. */
struct bw_wall ship_lane_oldest(const struct ship_lane *lane);

#endif
