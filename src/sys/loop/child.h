/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_LOOP_CHILD_H
#define SYS_LOOP_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "sys/loop/loop.h"

/* A process that this one has started and watches in its loop. */
struct child;

#define CHILD_FDS_MAX 64

struct child_options {
	const char *file;        /* the program */
	const char *const *args; /* with the program's name first; ends with NULL */
	const char *input;       /* its standard input, borrowed for the call; or NULL */
	const int *fds;          /* become 3, 4 and so on there */
	size_t fd_count;         /* at most CHILD_FDS_MAX */
	/* It has ended with STATUS, or by SIGNAL if that is not 0. Then it is freed. */
	void (*on_exit)(void *self, int status, int signal);
	void *self;
};

/*
 * Starts it. Without INPUT its standard input is a pipe that ends when this process ends; standard
 * output is /dev/null, standard error that of this process. Returns 0, -ENOMEM, BW_ERR_LIMIT or
 * -errno, with a message.
 */
int child_start(struct loop *loop, const struct child_options *options, struct child **ret_child,
		struct bw_err *err);

void child_signal(const struct child *child, int signal);

/*
 * Waits until it has ended, for PATIENCE_NS at most, then kills it. on_exit is not called. Blocks:
 * only for the end of this process. CHILD is freed.
 */
void child_end(struct child *child, int64_t patience_ns);

#endif
