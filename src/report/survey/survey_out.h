/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_SURVEY_OUT_H
#define REPORT_SURVEY_OUT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Lines to a file descriptor whose reader may be slow or stop reading: they are
 * gathered and written in large pieces, and what would block stays where it is,
 * so that the owner can do something else meanwhile (above all: not take in more
 * answers). Never a line cut short. SIGPIPE is the caller's to ignore.
 */
#define SURVEY_OUT_FULL ((size_t)1 << 20) /* from here on nothing more should come */
#define SURVEY_OUT_ROOM ((size_t)8 << 20) /* what fits all the same */

/* Whether PIPE_BUF bytes can be written without blocking, within WAIT_MS; sys/loop/writable.h. */
typedef bool (*survey_out_ready)(int fd, int wait_ms);

struct survey_out {
	survey_out_ready is_writable;
	int fd;            /* the caller's, never closed here */
	int error;         /* the first failure: -errno, or BW_ERR_LIMIT when lines were lost */
	bool waits;        /* its reader may let us wait: no regular file */
	size_t begin, end; /* what is gathered and not yet written */
	char *buffer;
};

/* Returns 0 or -ENOMEM. */
int survey_out_init(struct survey_out *out, int fd, survey_out_ready is_writable);
void survey_out_fini(struct survey_out *out);

/* Room for a line of at most SIZE bytes; NULL after a failure. */
char *survey_out_line(struct survey_out *out, size_t size);

/* So long it is, newline and all; 0: none after all. */
void survey_out_put(struct survey_out *out, size_t length);

/*
 * Writes what can be written without blocking, or waits for the reader for
 * WAIT_MS at most. Returns 0 when nothing is left, 1 when something is, or the
 * first failure.
 */
int survey_out_flush(struct survey_out *out, int wait_ms);

static inline bool survey_out_is_full(const struct survey_out *out)
{
	return out->end - out->begin > SURVEY_OUT_FULL;
}

#endif
