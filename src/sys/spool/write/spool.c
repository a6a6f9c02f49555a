/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One segment is open, the last of the table. Each record is one write(), after which the kernel
 * has it, whatever becomes of this process. Its complete groups become lines of its index, which
 * are written by the job that has brought these groups to the disk (spool_jobs.h). A segment whose
 * sync is still under way is neither deleted nor rewritten, so that the jobs of one segment never
 * meet.
 *
 * The spool is open, or it is not: an error other than a full disk closes it, and it is opened
 * again, with all that opening does, after SPOOL_RETRY_NS. Events wait in memory meanwhile, and
 * are written before any other record, so that sequence numbers only go up in a segment.
 *
 * On a full disk the spool stays open. Records of lesser types make room for the one that cannot
 * be written, one type of one segment at a time (plan_make_room()).
 */
#include "sys/spool/write/spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/spool/write/spool_jobs.h"
#include "sys/spool/write/spool_log.h"
#include "sys/spool/write/spool_losses.h"
#include "sys/spool/write/spool_reserve.h"
#include "sys/spool/write/spool_waiting.h"

#define LOOK_NS (10 * BW_S) /* how often the limits are checked without another reason */
#define ROOM_NS BW_S        /* between two attempts to make room on a full disk */

struct spool {
	char *directory;
	struct spool_log_place place;
	struct spool_log log;
	bool is_open;
	struct spool_jobs jobs;
	struct {
		uint64_t segment, seq;
		char boot[SPOOL_GROUP_BOOT];
	} delivered;
	bool upkeep_failed; /* it is tried again when the limits are checked next */
	bool dirty, urgent; /* there is something to sync; at once */
	struct bw_mono sync_at, retry_at, look_at, room_at;
	struct spool_waiting waiting;
	struct spool_losses losses;
};

static void fail(struct spool *spool, int error, const struct bw_err *cause)
{
	spool_losses_fail(&spool->losses, error, spool->directory, cause);
}

static void shut(struct spool *spool, struct bw_now now)
{
	spool_log_close(&spool->log);
	spool->is_open = spool->dirty = spool->urgent = false;
	spool->retry_at = bw_mono_add(now.mono, SPOOL_RETRY_NS);
}

static void try_open(struct spool *spool, struct bw_now now)
{
	struct bw_err err = {0};
	int code = spool_log_open(&spool->log, &spool->place, now, &spool->losses.told, &err);

	spool->is_open = code == 0;
	spool->look_at = now.mono;
	if (code < 0) {
		fail(spool, code, &err);
		shut(spool, now);
	}
}

static void start_sync(struct spool *spool)
{
	spool->dirty = spool->urgent = false;
	spool_jobs_sync(&spool->jobs,
			spool_segment_sync(&spool->log.segment, &spool->log.home, false));
}

static void on_done(void *self, const struct spool_job *job)
{
	struct spool *spool = self;
	char path[SPOOL_PATH_TEXT];
	size_t index = spool_table_find(&spool->log.table, job->number);
	bool known = spool->is_open && index < spool->log.table.plan.count;

	if (job->kind == SPOOL_JOB_SYNC) {
		if (job->error < 0)
			fail(spool, job->error, NULL);
		return;
	}
	spool->upkeep_failed = job->error < 0;
	if (job->error < 0) {
		spool_losses_upkeep(&spool->losses, job->error,
				    spool_home_segment(&job->home, job->number, path));
		return;
	}
	spool->look_at = (struct bw_mono){0}; /* there may be more to do */
	if (job->kind == SPOOL_JOB_REWRITE) {
		spool_losses_count(&spool->losses, &job->dropped);
		if (known)
			spool_table_replace(&spool->log.table, index, &job->all);
	}
}

/* TYPES 0: what is deleted was delivered. */
static void start_upkeep(struct spool *spool, enum spool_job_kind kind, size_t index,
			 unsigned types)
{
	const struct plan_segment *segment = &spool->log.table.plan.list[index];
	struct spool_job *job;

	if (spool_jobs_has_sync(&spool->jobs, segment->number))
		return;
	job = spool_job_new(kind, &spool->log.home, segment->number);
	if (!job)
		return;
	job->types = types;
	job->reserve = plan_reserve_size(&spool->place.limits);
	if (kind == SPOOL_JOB_DELETE) {
		if (types)
			spool_losses_count(&spool->losses, &segment->all.sums);
		spool_table_remove(&spool->log.table, index);
	}
	spool_jobs_upkeep(&spool->jobs, job);
}

static void begin_segment(struct spool *spool, struct bw_now now)
{
	struct spool_job *ended;
	int code = spool_log_begin(&spool->log, now, &ended);

	spool->look_at = now.mono;
	spool->dirty = spool->urgent = false;
	spool_jobs_sync(&spool->jobs, ended);
	if (code < 0) {
		fail(spool, code, NULL);
		shut(spool, now);
	}
}

static void take_step(struct spool *spool, const struct plan_step *step, struct bw_now now)
{
	switch (step->action) {
	case PLAN_NOTHING:
		break;
	case PLAN_BEGIN:
		begin_segment(spool, now);
		break;
	case PLAN_DELETE:
		start_upkeep(spool, SPOOL_JOB_DELETE, step->segment, step->types);
		break;
	case PLAN_REWRITE:
		start_upkeep(spool, SPOOL_JOB_REWRITE, step->segment, step->types);
		break;
	}
}

/* The disk has no room for a record of TYPE. */
static void make_room(struct spool *spool, unsigned type, struct bw_now now)
{
	struct plan_step step;
	uint64_t room;

	if (spool->jobs.upkeep || bw_mono_before(now.mono, spool->room_at))
		return;
	spool->room_at = bw_mono_add(now.mono, ROOM_NS);
	room = spool->upkeep_failed ? 0 : spool_reserve_size(&spool->log.home);
	step = plan_make_room(&spool->log.table.plan, type, room);
	take_step(spool, &step, now);
}

static void keep_limits(struct spool *spool, struct bw_now now)
{
	struct plan_step step = plan_next(&spool->log.table.plan, &spool->place.limits, now.mono);

	if (step.action == PLAN_NOTHING) {
		if (!plan_is_full(&spool->log.table.plan, &spool->place.limits))
			spool_losses_has_room(&spool->losses);
		return;
	}
	spool_losses_limit(&spool->losses, &step, spool->log.home.path);
	take_step(spool, &step, now);
}

/* Deletes what is delivered, then keeps the limits. One step: the end of a job asks for more. */
static void look(struct spool *spool, struct bw_now now)
{
	spool->look_at = bw_mono_add(now.mono, LOOK_NS);
	if (spool_segment_is_gone(&spool->log.segment)) {
		fail(spool, -ENOENT, NULL);
		shut(spool, now);
	} else if (spool->jobs.upkeep) {
		return;
	} else if (plan_delivered(&spool->log.table.plan, spool->delivered.segment,
				  spool->delivered.boot, spool->delivered.seq) > 0) {
		start_upkeep(spool, SPOOL_JOB_DELETE, 0, 0);
	} else {
		keep_limits(spool, now);
	}
}

static int append(struct spool *spool, const struct spool_line *line, struct bw_now now)
{
	struct spool_job *ended;
	int code = spool_log_append(&spool->log, &spool->place.limits, line, now, &ended);

	if (ended)
		spool->dirty = spool->urgent = false;
	spool_jobs_sync(&spool->jobs, ended);
	if (code < 0)
		return code;
	if (!spool->dirty)
		spool->sync_at = bw_mono_add(now.mono, SPOOL_SYNC_NS);
	spool->dirty = true;
	spool->urgent = spool->urgent || line->type == SPOOL_EVENT;
	return 0;
}

/* Writes LINE, or says what is wrong. After a full disk the spool stays open. */
static bool write_line(struct spool *spool, const struct spool_line *line, struct bw_now now)
{
	int code = append(spool, line, now);

	if (code == 0)
		return true;
	fail(spool, code, NULL);
	if (spool_losses_is_full_disk(code) && spool->log.segment.fd >= 0)
		make_room(spool, line->type, now);
	else if (code != -EFBIG || spool->log.segment.fd < 0)
		shut(spool, now);
	return false;
}

/* Returns whether nothing waits any more. */
static bool write_waiting(struct spool *spool, struct bw_now now)
{
	struct spool_line line;

	while (spool->is_open && spool_waiting_first(&spool->waiting, &line)) {
		if (!write_line(spool, &line, now))
			return false;
		spool_waiting_remove(&spool->waiting);
	}
	return spool->is_open;
}

static void keep_or_drop(struct spool *spool, const struct spool_line *line)
{
	if (line->type != SPOOL_EVENT ||
	    !spool_waiting_add(&spool->waiting, line, SPOOL_WAITING_MAX))
		spool->losses.dropped[line->type]++;
}

void spool_put(struct spool *spool, const struct spool_line *line, struct bw_now now)
{
	const struct plan *plan = &spool->log.table.plan;

	if (!spool->is_open || !write_waiting(spool, now)) {
		keep_or_drop(spool, line);
		return;
	}
	if (!plan_admits(plan, &spool->place.limits, line->type, line->length)) {
		spool->losses.dropped[line->type]++;
		return;
	}
	if (!write_line(spool, line, now)) {
		keep_or_drop(spool, line);
		return;
	}
	if (spool->losses.error)
		spool_losses_recover(&spool->losses, spool->log.home.path);
	if (spool->urgent && !spool->jobs.syncs)
		start_sync(spool);
	if (plan_is_full(plan, &spool->place.limits) && !spool->jobs.upkeep &&
	    !spool->upkeep_failed)
		look(spool, now);
}

void spool_wake(struct spool *spool, struct bw_now now)
{
	bool opens = !spool->is_open && !bw_mono_before(now.mono, spool->retry_at) &&
		     !spool->jobs.syncs && !spool->jobs.upkeep;

	if (opens)
		try_open(spool, now);
	if (!spool->is_open)
		return;
	/* What waits is tried, too: there may be room on a full disk again. */
	if ((opens || spool->waiting.count > 0) && write_waiting(spool, now))
		spool_losses_recover(&spool->losses, spool->log.home.path);
	if (spool->dirty && !spool->jobs.syncs &&
	    (spool->urgent || !bw_mono_before(now.mono, spool->sync_at)))
		start_sync(spool);
	if (!bw_mono_before(now.mono, spool->look_at)) {
		spool->upkeep_failed = false;
		look(spool, now);
	}
}

struct bw_mono spool_deadline(const struct spool *spool)
{
	struct bw_mono next = spool->look_at;

	if (!spool->is_open)
		return spool->retry_at;
	if (spool->dirty && !spool->jobs.syncs)
		next = bw_mono_min(next, spool->sync_at);
	return next;
}

void spool_delivered(struct spool *spool, uint64_t segment, const char *boot, uint64_t seq)
{
	spool->delivered.segment = segment;
	spool->delivered.seq = seq;
	snprintf(spool->delivered.boot, sizeof(spool->delivered.boot), "%s", boot);
	spool->look_at = (struct bw_mono){0};
}

void spool_flush(struct spool *spool)
{
	if (!spool->is_open)
		return;
	spool_jobs_flush(&spool->jobs,
			 spool_segment_sync(&spool->log.segment, &spool->log.home, false));
	spool->dirty = spool->urgent = false;
}

void spool_set_limits(struct spool *spool, const struct plan_limits *limits)
{
	spool->place.limits = *limits;
	spool->look_at = (struct bw_mono){0};
}

void spool_stats(const struct spool *spool, struct bw_now now, struct spool_stats *ret_stats)
{
	struct spool_stats stats = {
		.records = spool_table_records(&spool->log.table),
		.bytes = spool->log.table.plan.bytes,
		.age_s = spool_table_age_s(&spool->log.table, now),
		.waiting = spool->waiting.count,
		.error = spool->losses.error,
	};

	memcpy(stats.dropped, spool->losses.dropped, sizeof(stats.dropped));
	*ret_stats = stats;
}

const char *spool_id(const struct spool *spool)
{
	return spool->is_open ? spool->log.home.id : "";
}

const char *spool_path(const struct spool *spool)
{
	return spool->log.home.path;
}

bool spool_news(struct spool *spool, struct bw_err *ret_news)
{
	return spool_told_take(&spool->losses.told, ret_news);
}

int spool_open(const struct spool_config *config, struct bw_now now, struct spool **ret_spool)
{
	struct spool *spool = calloc(1, sizeof(*spool));

	if (spool)
		spool->directory = strdup(config->directory);
	if (!spool || !spool->directory) {
		free(spool);
		return -ENOMEM;
	}
	spool->place = (struct spool_log_place){spool->directory, config->owner, config->limits};
	spool->jobs = (struct spool_jobs){.loop = config->loop, .on_done = on_done, .self = spool};
	spool->log.segment.fd = -1;
	spool_waiting_init(&spool->waiting);
	try_open(spool, now);
	*ret_spool = spool;
	return 0;
}

void spool_close(struct spool *spool)
{
	if (!spool)
		return;
	spool_jobs_fini(&spool->jobs);
	spool_segment_close(&spool->log.segment);
	spool_table_fini(&spool->log.table);
	spool_waiting_fini(&spool->waiting);
	free(spool->directory);
	free(spool);
}
