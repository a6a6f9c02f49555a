/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_LOOP_WORK_H
#define SYS_LOOP_WORK_H

#include "sys/loop/loop.h"

/*
 * Runs WORK(ARG) in a thread of libuv's pool, then DONE(ARG) in the thread of the loop, which wakes
 * its owner in that turn. WORK uses nothing but what ARG holds. loop_free() waits for it. Returns
 * 0, or -ENOMEM or -EINVAL; then neither is called.
 */
int loop_work(struct loop *loop, void (*work)(void *arg), void (*done)(void *arg), void *arg);

#endif
