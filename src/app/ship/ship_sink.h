/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_SHIP_SINK_H
#define APP_SHIP_SHIP_SINK_H

#include "app/ship/backlog.h"
#include "app/ship/ship_lane.h"
#include "conf/run/run.h"
#include "ship/spool/spool_type.h"

/*
 * One network sink of the configuration at work: its two lanes, its position on the disk, and
 * what people hear of it (one line a failure, one when it is over).
 *
 * A lane that succeeds ends the wait of the other. While events fail, each request of other records
 * lets a request of events go first and waits for its answer: after an outage events arrive first.
 */
enum ship_sink_lane { SHIP_SINK_REST, SHIP_SINK_EVENTS, SHIP_SINK_LANES };

/* The spool, which all sinks share. All is borrowed; the id is used by ship_sink_init() alone. */
struct ship_sink_place {
	int folder;
	const char *spool; /* its id */
	struct refused *refused;
};

struct ship_sink {
	const struct conf_run_sink *conf;
	int folder; /* of the spool */
	struct refused *refused;
	struct ship_lane lanes[SHIP_SINK_LANES];
	struct backlog backlog;
	struct position position; /* as it was or will be written */
	struct rng rng;
	bool events_tried;  /* in an outage: since the last request of the other lane */
	uint64_t confirmed; /* messages of the stream, by a collector; 0: none in this run */
	bool failing;
	bool waits;             /* that all is acknowledged and not stored was logged */
	bool unreadable;        /* a segment cannot be read, and that was logged */
	bool dirty;             /* the position is to be written */
	bool write_failed;      /* and could not be at the last attempt */
	struct bw_mono written; /* when */
	struct bw_wall failing_since;
	const char *types[SPOOL_TYPES + 1], **targets; /* of the filters; NULL at the end */
};

/*
 * Reads the position and begins there. The carriers are set by the caller. Returns 0 or -ENOMEM.
 */
int ship_sink_init(struct ship_sink *sink, const struct conf_run_sink *conf,
		   const struct ship_sink_place *place, struct bw_now now);

/* Writes the position a last time, unless nothing has changed. Accepts one that is all zero. */
void ship_sink_fini(struct ship_sink *sink);

/*
 * Which stream the receiver is (outlets_peer()); "": not known. When it is another one than before,
 * all behind `stored` is sent again.
 */
void ship_sink_peer(struct ship_sink *sink, const char *peer, struct bw_mono now);

/* A collector has stored all messages of this stream up to SEQUENCE; 0: that is not known. */
void ship_sink_confirm(struct ship_sink *sink, uint64_t sequence, struct bw_now now);

/* URGE: until-empty, do not wait for more lines. */
void ship_sink_wake(struct ship_sink *sink, bool urge, struct bw_now now);
struct bw_mono ship_sink_deadline(const struct ship_sink *sink, struct bw_now now);

/*
 * Why a segment that is there cannot be opened or read: -errno; 0: none is in the way. It and what
 * is behind it is not shipped until it can be.
 */
int ship_sink_unreadable(const struct ship_sink *sink, uint64_t *ret_segment);

/* Records that were set aside since the start. */
uint64_t ship_sink_aside(const struct ship_sink *sink);

/* Records that the receiver has taken since the start, each once. */
uint64_t ship_sink_delivered(const struct ship_sink *sink);

/* All records of the spool have been delivered. */
bool ship_sink_is_done(const struct ship_sink *sink);

/*
 * When what is delivered is stored. An answer of 2xx says so: 0. JetStream acknowledges before it
 * writes to the disk: when the replay window ends, or 0 when a collector has confirmed all.
 */
struct bw_mono ship_sink_stored_at(const struct ship_sink *sink);

#endif
