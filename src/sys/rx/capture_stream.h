/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_RX_CAPTURE_STREAM_H
#define SYS_RX_CAPTURE_STREAM_H

#include <stdio.h>

#include <blockwatch/err.h>

/*
 * A file that can be read several times from its beginning, whatever it is: what cannot be
 * read twice (a pipe, "-" for standard input) is copied to a temporary file first, and what is
 * compressed (unpack.h) is unpacked into one.
 */
struct capture_stream {
	char *path;
	FILE *copy;         /* of what cannot be read as it is, or NULL */
	const char *failed; /* the program that could not unpack all of it, or NULL */
};

/* Copies PATH; makes copies where needed. Returns 0; BW_ERR_MISSING when it cannot be opened or
 * read; BW_ERR_UNAVAILABLE when it cannot be copied or unpacked; -ENOMEM, -errno. */
int capture_stream_init(struct capture_stream *stream, const char *path, struct bw_err *err);
void capture_stream_fini(struct capture_stream *stream);

/* A stream at the beginning, owned by the caller, or NULL and an error. */
FILE *capture_stream_open(const struct capture_stream *stream, struct bw_err *err);

/* Writes the place of an error in the stream. */
void capture_stream_place(const struct capture_stream *stream, struct bw_err *err);

#endif
