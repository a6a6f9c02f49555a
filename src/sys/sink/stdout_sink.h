/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SINK_STDOUT_SINK_H
#define SYS_SINK_STDOUT_SINK_H

#include "ship/sink.h"
#include "sys/loop/loop.h"

/*
 * Records to standard output. A regular file is written at once. In front of a pipe, a
 * socket or a terminal there is a queue, since its reader may be slow or gone and must not stop the
 * process: lines are written as far as the reader takes them, and the loop says when it
 * takes more. When half of the queue is full, other lines than urgent ones are lost;
 * when it is full, all are. The first error ends the writing. Losses are counted.
 */
#define STDOUT_SINK_QUEUE_MAX ((size_t)256 << 10) /* bytes */

/*
 * As stdout_sink_open() (sys/sink/sink_kinds.h), for another descriptor, which is neither
 * closed nor made non-blocking. LOOP must outlive the sink. Returns 0 or -ENOMEM.
 */
int stdout_sink_new(int fd, struct loop *loop, struct sink *ret_sink, struct bw_err *err);

#endif
