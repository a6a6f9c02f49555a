/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DISK_FILE_SINK_H
#define SYS_DISK_FILE_SINK_H

#include "report/record/record.h"

/*
 * Records as JSON Lines in a file that is followed by new ones: PATH is written, PATH.1
 * is the one before it, up to PATH.KEEP. Lines are always whole; the end of a line that
 * a crash has cut off is taken away when the file is opened. No clock is read: records
 * have their own time. No other process may have the file as its sink (flock).
 *
 * When writing fails (a full disk), events wait in memory and are written before
 * anything else once it works again; other records are lost, and counted by reason.
 * When a new file cannot be begun, the old one grows on. All of this is said once, by
 * file_sink_news().
 */
#define FILE_SINK_LOST_LIST(X)                                                           \
	X(FILE_SINK_NO_SPACE, "no-space")   /* disk, quota or file size */               \
	X(FILE_SINK_FAILED, "write-failed")                                              \
	X(FILE_SINK_TOO_LONG, "too-long")   /* does not fit into RECORD_LINE_MAX */      \
	X(FILE_SINK_CUT_OFF, "cut-off")     /* by a crash, found at the end of the file */

enum file_sink_lost {
#define X(name, text) name,
	FILE_SINK_LOST_LIST(X)
#undef X
	FILE_SINK_LOST_REASONS
};

#define FILE_SINK_WAITING_MAX ((size_t)256 << 10) /* bytes of events that wait */

struct file_sink_options {
	const char *path;    /* borrowed for the call */
	uint64_t max_size;   /* bytes; at least RECORD_LINE_MAX */
	int64_t max_age_ns;  /* from the first record of a file */
	unsigned keep;       /* old files, at least 1 */
};

struct file_sink;

/*
 * Opens or makes the file. Returns 0; BW_ERR_VALUE for what is no regular file or has
 * something other than records in it; BW_ERR_UNAVAILABLE when another process writes
 * it, or when the system refuses; -ENOMEM; with the path.
 */
int file_sink_new(const struct file_sink_options *options, struct file_sink **ret_sink,
		  struct bw_err *err);

/* As long as the sink lives. */
struct record_sink file_sink_sink(struct file_sink *sink);

/*
 * For SIGHUP: takes new options, and opens the file again if it is another one or was
 * moved away. Returns as file_sink_new(); then all is as it was before.
 */
int file_sink_reopen(struct file_sink *sink, const struct file_sink_options *options,
		     struct bw_err *err);

/* Tries once more what waits, and hands all to the disk. Returns 0 or the failure. */
int file_sink_flush(struct file_sink *sink);

/* Closes it, without a flush; NULL is accepted. */
void file_sink_free(struct file_sink *sink);

struct file_sink_counts {
	uint64_t written;
	uint64_t waiting; /* events */
	uint64_t lost[FILE_SINK_LOST_REASONS];
	uint64_t files; /* begun because of size or age */
};
struct file_sink_counts file_sink_counts(const struct file_sink *sink);

/* The text of a reason. */
const char *file_sink_lost_name(enum file_sink_lost reason);

enum file_sink_news {
	FILE_SINK_NO_NEWS,
	FILE_SINK_TROUBLE, /* it fails, or fails otherwise than before: *ret_err says how */
	FILE_SINK_BETTER,  /* what *ret_err names is over */
};

/* What is new for people since the last call; to be asked again until there is nothing. */
enum file_sink_news file_sink_news(struct file_sink *sink, struct bw_err *ret_err);

#endif
