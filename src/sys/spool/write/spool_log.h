/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_LOG_H
#define SYS_SPOOL_WRITE_SPOOL_LOG_H

#include "sys/spool/write/spool_segment.h"
#include "sys/spool/write/spool_table.h"

/* The segments of a spool, of which the last is open for appending. */
struct spool_log {
	struct spool_home home;
	struct spool_table table;
	struct spool_segment segment; /* fd -1: the log is closed, or a segment could not begin */
	struct bw_mono began;         /* the first record of the open segment */
};

struct spool_log_place {
	const char *directory; /* the state directory */
	struct spool_owner owner;
	struct plan_limits limits;
};

/*
 * Opens the folder, reads what it holds and opens the last segment or a new one. What was cut off
 * is told to TOLD. Returns 0, -ENOMEM or -errno, with a message where a path is to blame.
 */
int spool_log_open(struct spool_log *log, const struct spool_log_place *place, struct bw_now now,
		   struct spool_told *told, struct bw_err *err);
void spool_log_close(struct spool_log *log);

/*
 * Appends LINE, in a new segment if the open one is large or old enough. *RET_ENDED is the job that
 * syncs a segment that has ended, or NULL; also after an error. Returns 0, -ENOMEM or -errno.
 */
int spool_log_append(struct spool_log *log, const struct plan_limits *limits,
		     const struct spool_line *line, struct bw_now now,
		     struct spool_job **ret_ended);

/* Ends the open segment and begins the next. As spool_log_append(). */
int spool_log_begin(struct spool_log *log, struct bw_now now, struct spool_job **ret_ended);

#endif
