/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_RX_CAPTURE_FILE_H
#define SYS_RX_CAPTURE_FILE_H

#include <blockwatch/transport.h>

/*
 * Captures in files (pcap, pcapng), through libpcap: several are read as one, by
 * time. What cannot be read twice (a pipe, "-" for standard input) is copied to a
 * temporary file first.
 *
 * Time comes from the files. A frame that is up to a second older than the one
 * before it is given the time of that one (captures of several queues); where time
 * goes back further, the clock was set: wall time follows, monotonic time goes on.
 */
struct capture_file;

/* NULL: out of memory. capture_file_free() accepts NULL. */
struct capture_file *capture_file_new(void);
void capture_file_free(struct capture_file *capture);

/*
 * Adds a file. Returns 0; BW_ERR_MISSING when it cannot be opened; BW_ERR_SYNTAX for
 * what is no capture; BW_ERR_VALUE for frames of a kind that cannot be read;
 * BW_ERR_LIMIT beyond CAPTURE_FILE_FILES_MAX; -ENOMEM, -errno; err names the file.
 */
#define CAPTURE_FILE_FILES_MAX 512
int capture_file_add(struct capture_file *capture, const char *path, struct bw_err *err);

/* The frame's bytes are borrowed for the call; rx->at is now.mono. */
struct capture_file_handlers {
	int (*on_frame)(void *self, const struct bw_rx *rx, struct bw_now now); /* < 0 ends */
	void (*on_gap)(void *self); /* nobody captured from the last frame on till the next */
	/* A file ends in an error: what was read before counts. Once a file and reading. */
	void (*on_error)(void *self, const struct bw_err *err);
	void *self;
};

/*
 * Hands over all frames of all files, in order of time; can be called again. Returns
 * 0, or what on_frame() ended it with, or -ENOMEM.
 */
int capture_file_read(struct capture_file *capture, const struct capture_file_handlers *sink);

#endif
