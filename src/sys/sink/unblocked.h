/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SINK_UNBLOCKED_H
#define SYS_SINK_UNBLOCKED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Writing to a descriptor whose reader may be slow or gone: a pipe, a socket or a terminal.
 * No write blocks, and the flags of the descriptor, which other processes may share, stay as
 * they are. SIGPIPE must be ignored.
 */
struct unblocked {
	int fd;         /* of the caller */
	int own;        /* a terminal, opened once more without blocking; -1: none */
	bool may_block; /* FD is no regular file */
	bool is_socket, is_terminal;
};

void unblocked_init(struct unblocked *out, int fd);
void unblocked_fini(struct unblocked *out); /* FD stays open */

/*
 * Writes what the reader takes now. Returns how many bytes that was, or -errno; -EAGAIN: it
 * takes nothing.
 */
ssize_t unblocked_write(const struct unblocked *out, const char *bytes, size_t length);

#endif
