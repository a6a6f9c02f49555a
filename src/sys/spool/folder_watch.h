/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_FOLDER_WATCH_H
#define SYS_SPOOL_FOLDER_WATCH_H

#include "sys/loop/loop.h"

/*
 * Wakes the owner of the loop when something in a folder is written, made, renamed or
 * deleted (inotify). Where the system has no watch to give, folder_watch_period_ns() says how
 * often to look instead.
 */
struct folder_watch {
	struct loop *loop;
	int fd; /* -1: none */
};

/* LOOP is borrowed. Never fails. */
void folder_watch_start(struct folder_watch *watch, struct loop *loop, const char *folder);
void folder_watch_stop(struct folder_watch *watch);

/* INT64_MAX: the watch works, no need to look. */
int64_t folder_watch_period_ns(const struct folder_watch *watch);

#endif
