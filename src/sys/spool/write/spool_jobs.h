/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_JOBS_H
#define SYS_SPOOL_WRITE_SPOOL_JOBS_H

#include "sys/loop/loop.h"
#include "sys/spool/write/spool_job.h"

/*
 * The jobs of a spool that are under way or wait. At most two are under way: one that syncs, and
 * one that deletes or rewrites. Those that sync are done in their order.
 */
struct spool_jobs {
	struct loop *loop;        /* NULL: each job is done at once */
	struct spool_job *syncs;  /* a queue; the first is under way */
	struct spool_job *upkeep; /* or NULL */
	/* Takes each job when it is done. It is freed after the call. */
	void (*on_done)(void *self, const struct spool_job *job);
	void *self;
};

/* Gives up what waits. A job that is under way ends by itself, and nobody hears of it. */
void spool_jobs_fini(struct spool_jobs *jobs);

/* Takes a job that syncs. JOB may be NULL. */
void spool_jobs_sync(struct spool_jobs *jobs, struct spool_job *job);

/* Takes a job that deletes or rewrites; none may be under way. */
void spool_jobs_upkeep(struct spool_jobs *jobs, struct spool_job *job);

/* Whether a sync of segment NUMBER is under way or waits. */
bool spool_jobs_has_sync(const struct spool_jobs *jobs, uint64_t number);

/*
 * Does the syncs that wait in this thread, then LAST, which is freed; it may be NULL. The order of
 * an index is that of its jobs: while one is under way in another thread, LAST adds nothing to it.
 */
void spool_jobs_flush(struct spool_jobs *jobs, struct spool_job *last);

#endif
