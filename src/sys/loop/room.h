/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_LOOP_ROOM_H
#define SYS_LOOP_ROOM_H

#include "sys/loop/loop.h"

/*
 * Wakes a loop when a descriptor takes bytes again, a pipe whose reader was slow. The
 * descriptor itself is left as it is: O_NONBLOCK would be set for everybody who shares
 * it, such as a shell that writes to the same pipe.
 */
struct room;

/* LOOP must outlive it. Returns 0 or -errno with a message. room_close() accepts NULL. */
int room_open(struct loop *loop, struct room **ret_room, struct bw_err *err);
void room_close(struct room *room);

/*
 * From here on the loop is woken, again and again, as long as FD takes bytes or its
 * other end is gone; until room_rest(). One descriptor at a time. Returns 0 or -errno.
 */
int room_await(struct room *room, int fd);
void room_rest(struct room *room);

#endif
