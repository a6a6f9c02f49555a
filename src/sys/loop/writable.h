/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_LOOP_WRITABLE_H
#define SYS_LOOP_WRITABLE_H

#include <stdbool.h>

/*
 * Whether a write of PIPE_BUF bytes to FD would not block, waiting for that for
 * WAIT_MS at most. True also for what is broken: the write will say so.
 */
bool writable_wait(int fd, int wait_ms);

#endif
