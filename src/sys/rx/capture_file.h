/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_RX_CAPTURE_FILE_H
#define SYS_RX_CAPTURE_FILE_H

#include <blockwatch/transport.h>

/*
 * Capture files (pcap, pcapng), through libpcap. Several files are read as one, in order of
 * time. They may be pipes, "-" for standard input, and compressed (capture_stream.h).
 *
 * Time comes from the files. A frame up to a second older than the one before it gets the
 * time of that one (captures of several queues). When time goes back further, the clock was
 * set: wall time follows, monotonic time continues.
 */
struct capture_file;

/* NULL: out of memory. capture_file_free() accepts NULL. */
struct capture_file *capture_file_new(void);
void capture_file_free(struct capture_file *capture);

/*
 * Adds a file. Returns 0; BW_ERR_MISSING when it cannot be opened; BW_ERR_SYNTAX when it is no
 * capture; BW_ERR_VALUE when its link type is not supported, or when it has several;
 * BW_ERR_LIMIT beyond CAPTURE_FILE_FILES_MAX; BW_ERR_UNAVAILABLE when it cannot be copied or
 * unpacked; -ENOMEM, -errno. ERR names the file.
 */
#define CAPTURE_FILE_FILES_MAX 512
int capture_file_add(struct capture_file *capture, const char *path, struct bw_err *err);

/* The bytes of a frame are borrowed for the call; rx->at is now.mono. */
struct capture_file_handlers {
	int (*on_frame)(void *self, const struct bw_rx *rx, struct bw_now now); /* < 0 ends */
	void (*on_gap)(void *self); /* no file covers the time between this frame and the next */
	/* A file ends in an error; its frames before that count. */
	void (*on_error)(void *self, const struct bw_err *err);
	/* The same for one that ends in the middle of a packet, as captures often do. */
	void (*on_warning)(void *self, const struct bw_err *err);
	void *self;
};

/*
 * Hands over the frames of all files in order of time. May be called again. Returns 0,
 * -ENOMEM, or the negative number with which on_frame() ended it.
 */
int capture_file_read(struct capture_file *capture, const struct capture_file_handlers *handlers);

#endif
