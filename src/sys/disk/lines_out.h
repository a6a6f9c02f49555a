/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DISK_LINES_OUT_H
#define SYS_DISK_LINES_OUT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Lines to a descriptor whose reader may be slow: they are gathered and written in large
 * pieces. What would block stays, so that the owner can do other work meanwhile (and take
 * in nothing new that makes lines). A line is never cut short. SIGPIPE must be ignored.
 */
#define LINES_OUT_FULL ((size_t)1 << 20) /* bytes: from here on nothing should be added */
#define LINES_OUT_ROOM ((size_t)8 << 20) /* bytes that fit */

struct lines_out {
	int fd;            /* of the caller, who closes it */
	int error;         /* the first: -errno, or BW_ERR_LIMIT when lines were lost */
	bool waits;        /* a write may block: FD is no regular file */
	size_t begin, end; /* of the bytes that were not written yet */
	char *buffer;
};

/* Returns 0 or -ENOMEM. */
int lines_out_init(struct lines_out *out, int fd);
void lines_out_fini(struct lines_out *out);

/* Returns where a line of at most SIZE bytes may be written, or NULL after an error. */
char *lines_out_line(struct lines_out *out, size_t size);

/* Adds the LENGTH bytes that were written there, a line with its newline; 0: none. */
void lines_out_put(struct lines_out *out, size_t length);

/*
 * Writes what can be written without blocking, and waits for the reader at most WAIT_MS
 * before each piece. Returns 0 when nothing is left, 1 when something is, or the error.
 */
int lines_out_flush(struct lines_out *out, int wait_ms);

static inline bool lines_out_is_full(const struct lines_out *out)
{
	return out->end - out->begin > LINES_OUT_FULL;
}

#endif
