/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/loop/work.h"

#include <errno.h>
#include <stdlib.h>
#include <uv.h>

struct work {
	uv_work_t request; /* first: its address is the work's */
	struct loop *loop;
	void (*work)(void *arg);
	void (*done)(void *arg);
	void *arg;
};

static void on_work(uv_work_t *request)
{
	const struct work *work = (const struct work *)(void *)request;

	work->work(work->arg);
}

static void on_done(uv_work_t *request, int status)
{
	struct work *work = (struct work *)(void *)request;

	(void)status;
	loop_wake(work->loop);
	work->done(work->arg);
	free(work);
}

int loop_work(struct loop *loop, void (*work)(void *arg), void (*done)(void *arg), void *arg)
{
	struct work *request = calloc(1, sizeof(*request));
	int code;

	if (!request)
		return -ENOMEM;
	*request = (struct work){.loop = loop, .work = work, .done = done, .arg = arg};
	code = uv_queue_work(loop_uv(loop), &request->request, on_work, on_done);
	if (code < 0)
		free(request);
	return code;
}
