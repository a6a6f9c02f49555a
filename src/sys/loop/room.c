/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/loop/room.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/*
 * libuv makes every descriptor that it polls non-blocking. So it gets an epoll
 * descriptor to poll, which is readable while the one in it has room.
 */
struct room {
	struct loop *loop;
	int epoll_fd;
	int fd; /* that is awaited; -1: none */
};

int room_open(struct loop *loop, struct room **ret_room, struct bw_err *err)
{
	struct room *room = calloc(1, sizeof(*room));
	int code;

	if (!room)
		return bw_err_set(err, -ENOMEM, "out of memory");
	room->loop = loop;
	room->fd = -1;
	room->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	code = room->epoll_fd < 0 ? -errno : loop_watch(loop, room->epoll_fd);
	if (code < 0) {
		room_close(room);
		return bw_err_set(err, code, "cannot watch an output: %s", bw_error_text(code));
	}
	*ret_room = room;
	return 0;
}

void room_close(struct room *room)
{
	if (!room)
		return;
	if (room->epoll_fd >= 0) {
		loop_unwatch(room->loop, room->epoll_fd);
		close(room->epoll_fd);
	}
	free(room);
}

int room_await(struct room *room, int fd)
{
	struct epoll_event event = {.events = EPOLLOUT};

	if (room->fd == fd)
		return 0;
	room_rest(room);
	if (epoll_ctl(room->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		return -errno;
	room->fd = fd;
	return 0;
}

void room_rest(struct room *room)
{
	if (room->fd >= 0)
		epoll_ctl(room->epoll_fd, EPOLL_CTL_DEL, room->fd, NULL);
	room->fd = -1;
}
