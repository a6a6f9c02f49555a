/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_log.h"

#include "sys/spool/write/spool_reserve.h"

/* Begins segment NUMBER. Returns 0, -ENOMEM or -errno. */
static int begin_segment(struct spool_log *log, uint64_t number, struct bw_now now)
{
	struct plan_segment empty = {.number = number, .last_write = now.mono};
	int code = spool_segment_open(&log->segment, &log->home, number, 0, true);

	log->began = now.mono;
	return code < 0 ? code : spool_table_add(&log->table, &empty);
}

/* A segment that is half full is not continued: an old one would never be rewritten or deleted. */
static int open_last_segment(struct spool_log *log, const struct plan_limits *limits,
			     struct bw_now now)
{
	const struct plan *plan = &log->table.plan;
	const struct plan_segment *last = plan->count ? &plan->list[plan->count - 1] : NULL;

	if (!last || last->all.length > plan_segment_size(limits) / 2)
		return begin_segment(log, last ? last->number + 1 : 1, now);
	log->began = last->last_write;
	return spool_segment_open(&log->segment, &log->home, last->number, last->all.length, false);
}

int spool_log_open(struct spool_log *log, const struct spool_log_place *place, struct bw_now now,
		   struct spool_told *told, struct bw_err *err)
{
	int code = spool_home_open(place->directory, &place->owner, &log->home, err);

	if (code < 0)
		return code;
	code = spool_table_load(&log->table, &log->home, now, told);
	if (code == 0)
		code = open_last_segment(log, &place->limits, now);
	if (code == 0)
		spool_reserve_make(&log->home, plan_reserve_size(&place->limits));
	if (code < 0) {
		spool_log_close(log);
		bw_err_set(err, code, "%s", bw_error_text(code));
		bw_err_place(err, log->home.path, 0, 0, NULL);
	}
	return code;
}

void spool_log_close(struct spool_log *log)
{
	spool_segment_close(&log->segment);
	spool_table_fini(&log->table);
}

int spool_log_begin(struct spool_log *log, struct bw_now now, struct spool_job **ret_ended)
{
	uint64_t number = log->segment.number + 1;

	*ret_ended = spool_segment_sync(&log->segment, &log->home, true);
	spool_segment_close(&log->segment);
	return begin_segment(log, number, now);
}

static bool needs_segment(const struct spool_log *log, const struct plan_limits *limits,
			  const struct spool_line *line, struct bw_now now)
{
	uint64_t after = log->segment.size + line->length;
	struct bw_mono oldest = bw_mono_add(now.mono, -plan_segment_age_ns(limits));

	return log->segment.size > 0 &&
	       (after > plan_segment_size(limits) || bw_mono_before(log->began, oldest));
}

static void count_line(struct spool_log *log, const struct spool_line *line, struct bw_now now)
{
	struct plan *plan = &log->table.plan;
	struct plan_segment *last = &plan->list[plan->count - 1];

	spool_group_count(&last->all, line);
	last->last_write = now.mono;
	plan->bytes += line->length;
}

int spool_log_append(struct spool_log *log, const struct plan_limits *limits,
		     const struct spool_line *line, struct bw_now now, struct spool_job **ret_ended)
{
	int code = 0;

	*ret_ended = NULL;
	if (needs_segment(log, limits, line, now))
		code = spool_log_begin(log, now, ret_ended);
	if (code == 0)
		code = spool_segment_append(&log->segment, line);
	if (code < 0)
		return code;
	if (log->segment.size == line->length)
		log->began = now.mono;
	count_line(log, line, now);
	return 0;
}
