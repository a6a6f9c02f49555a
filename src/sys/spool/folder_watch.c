/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/folder_watch.h"

#include <stdint.h>
#include <sys/inotify.h>
#include <unistd.h>

#define EVENTS (IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE)

static void on_news(void *self, unsigned events)
{
	struct folder_watch *watch = self;
	char drained[16384];

	(void)events;
	while (read(watch->fd, drained, sizeof(drained)) > 0)
		continue;
	loop_wake(watch->loop);
}

void folder_watch_start(struct folder_watch *watch, struct loop *loop, const char *folder)
{
	*watch = (struct folder_watch){loop, inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
	if (watch->fd < 0)
		return;
	if (inotify_add_watch(watch->fd, folder, EVENTS) >= 0 &&
	    loop_watch(loop, watch->fd, LOOP_READABLE, on_news, watch) == 0)
		return;
	close(watch->fd);
	watch->fd = -1;
}

void folder_watch_stop(struct folder_watch *watch)
{
	if (watch->fd < 0)
		return;
	loop_unwatch(watch->loop, watch->fd);
	close(watch->fd);
	watch->fd = -1;
}

int64_t folder_watch_period_ns(const struct folder_watch *watch)
{
	return watch->fd >= 0 ? INT64_MAX : BW_S;
}
