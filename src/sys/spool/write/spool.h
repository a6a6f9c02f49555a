/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_H
#define SYS_SPOOL_WRITE_SPOOL_H

#include "ship/spool/plan.h"
#include "sys/loop/loop.h"
#include "sys/spool/write/spool_home.h"

/*
 * The spool of `run`: records are appended to segments, in which they wait for whoever ships them.
 *
 * A record is in the spool, and survives the end of this process, when spool_put() returns. An
 * event goes to the disk at once and everything else within SPOOL_SYNC_NS, in another thread:
 * no call waits for the disk. When the spool cannot be written, up to SPOOL_WAITING_MAX bytes of
 * events wait in memory and are written first; other records are dropped and counted. It is tried
 * again with each record where the disk was full, else each SPOOL_RETRY_NS.
 *
 * The spool keeps to its limits by itself (ship/spool/plan.h).
 */
#define SPOOL_SYNC_NS (1 * BW_S)
#define SPOOL_RETRY_NS (10 * BW_S)
#define SPOOL_WAITING_MAX ((size_t)256 << 10)

struct spool;

struct spool_config {
	const char *directory; /* the state directory; borrowed for the call */
	struct spool_owner owner;
	struct plan_limits limits;
	struct loop *loop; /* must outlive the spool; NULL: every job is done at once (tests) */
};

struct spool_stats {
	uint64_t records, bytes;
	double age_s;                  /* of the oldest record */
	uint64_t dropped[SPOOL_TYPES]; /* since the start */
	uint64_t waiting;              /* events in memory */
	int error;                     /* why it cannot be written: -errno; 0: it can */
};

/*
 * Opens the spool, or makes it. What is wrong with it is told by spool_news(), and it is tried
 * again later. Returns 0 or -ENOMEM.
 */
int spool_open(const struct spool_config *config, struct bw_now now, struct spool **ret_spool);
void spool_close(struct spool *spool); /* without a flush; accepts NULL */

/* Puts a record of a type of the list. Never fails its caller. */
void spool_put(struct spool *spool, const struct spool_line *line, struct bw_now now);

/* New limits, from a reload. */
void spool_set_limits(struct spool *spool, const struct plan_limits *limits);

/* Does what is due; the next time is spool_deadline(). */
void spool_wake(struct spool *spool, struct bw_now now);
struct bw_mono spool_deadline(const struct spool *spool);

/* Deletes the segments that lie wholly before the place, which every sink has behind it. */
void spool_delivered(struct spool *spool, uint64_t segment, const char *boot, uint64_t seq);

/* Hands all to the disk and waits for it. */
void spool_flush(struct spool *spool);

void spool_stats(const struct spool *spool, struct bw_now now, struct spool_stats *ret_stats);

/* The id of the spool; "" while it cannot be opened. */
const char *spool_id(const struct spool *spool);

/* The folder of the spool; "" before it was opened. */
const char *spool_path(const struct spool *spool);

/* The next message for people since the last call. False: there is none. */
bool spool_news(struct spool *spool, struct bw_err *ret_news);

#endif
