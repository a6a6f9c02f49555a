/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/transport/captures.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "sys/net/interface.h"

#define DISPATCH_LIMIT 1024 /* frames of one interface before the next has its turn */
#define GUESTS_MAX 16       /* interfaces beside those of the egress table */
#define LIST_MAX (BW_EGRESS_MAX + GUESTS_MAX)
#define GUEST_BUFFER (512 << 10) /* bytes: rings of guests; some 1,400 frames */

struct captures {
	struct loop *loop;
	size_t buffer_size;
	void (*on_gone)(void *owner, unsigned interface_index);
	void *owner;
	struct watched {
		struct capture *capture;
		unsigned interface_index;
		bool guest; /* nothing is sent through it */
		bool gone;  /* given up; kept for its counters */
	} list[LIST_MAX];
	size_t count;
	struct capture_stats closed; /* of guests that were closed */
	struct captures_config config;
	struct bw_egress egress[BW_EGRESS_MAX]; /* that of `config` */
};

/* The opening or closing of one capture. */
struct job {
	const struct captures_config *config;
	struct capture *capture;
	uv_thread_t thread;
	unsigned interface_index;
	int result;
	struct bw_err err;
	bool guest, threaded;
};

static void open_capture(void *self)
{
	struct job *job = (struct job *)self;
	const struct captures_config *wanted = job->config;
	struct bw_addr local[BW_EGRESS_MAX];
	char name[INTERFACE_NAME];
	struct capture_config config = {
		.interface = interface_name(job->interface_index, name),
		.local = local,
		.immediate = wanted->immediate,
		.buffer_size = wanted->buffer_size,
		.on_frame = wanted->on_frame,
		.self = wanted->self,
	};

	if (job->guest && config.buffer_size > GUEST_BUFFER)
		config.buffer_size = GUEST_BUFFER;
	for (uint8_t i = 0; i < wanted->egress_count; i++) {
		bool own = wanted->egress[i].interface_index == job->interface_index;

		if (own)
			config.interface = wanted->egress[i].interface;
		if (own || wanted->everywhere)
			local[config.local_count++] = wanted->egress[i].source;
	}
	job->result = capture_open(&config, &job->capture, &job->err);
}

static void close_capture(void *self)
{
	struct job *job = (struct job *)self;

	capture_close(job->capture);
}

/* Does the first job in this thread and each other one in a thread, if one can be had. */
static void run_jobs(struct job *jobs, size_t count, void (*work)(void *job))
{
	for (size_t i = 1; i < count; i++)
		jobs[i].threaded = uv_thread_create(&jobs[i].thread, work, &jobs[i]) == 0;
	for (size_t i = 0; i < count; i++) {
		if (jobs[i].threaded)
			uv_thread_join(&jobs[i].thread);
		else
			work(&jobs[i]);
	}
}

static size_t add_job(struct job *jobs, size_t count, const struct job *job)
{
	for (size_t i = 0; i < count; i++)
		if (jobs[i].interface_index == job->interface_index)
			return count;
	jobs[count] = *job;
	return count + 1;
}

/* One job for each interface of the egress table, and for the guests. Returns how many. */
static size_t list_interfaces(const struct captures_config *config, struct job jobs[LIST_MAX])
{
	unsigned guests[GUESTS_MAX];
	size_t count = 0;
	int found = 0;

	for (uint8_t i = 0; i < config->egress_count; i++)
		count = add_job(jobs, count,
				&(struct job){.config = config,
					      .interface_index =
						      config->egress[i].interface_index});
	if (config->everywhere && config->egress_count > 0)
		found = interface_list(guests, GUESTS_MAX);
	for (int i = 0; i < found; i++)
		count = add_job(jobs, count,
				&(struct job){.config = config,
					      .interface_index = guests[i],
					      .guest = true});
	return count;
}

/* Takes over what was opened. Returns 0 or the first error; a guest that fails is left out. */
static int take_opened(struct captures *captures, const struct job *jobs, size_t count,
		       struct bw_err *err)
{
	int r = 0;

	for (size_t i = 0; i < count; i++) {
		if (jobs[i].result == 0)
			captures->list[captures->count++] = (struct watched){
				.capture = jobs[i].capture,
				.interface_index = jobs[i].interface_index,
				.guest = jobs[i].guest,
			};
		if (r == 0 && jobs[i].result < 0 && !jobs[i].guest) {
			r = jobs[i].result;
			if (err)
				*err = jobs[i].err;
		}
	}
	return r;
}

/* The owner of the loop is woken: it dispatches all captures at once. FROM: the first new one. */
static int watch_all(struct captures *captures, size_t from, struct bw_err *err)
{
	for (size_t i = from; i < captures->count; i++) {
		int r = loop_watch(captures->loop, capture_fd(captures->list[i].capture),
				   LOOP_READABLE, NULL, NULL);

		if (r < 0)
			return bw_err_set(err, r, "cannot watch a capture: %s", bw_error_text(r));
	}
	return 0;
}

int captures_open(const struct captures_config *config, struct captures **ret_captures,
		  struct bw_err *err)
{
	struct captures *captures = calloc(1, sizeof(*captures));
	struct job jobs[LIST_MAX];
	size_t count;
	int r;

	assert(config->egress_count <= BW_EGRESS_MAX);
	if (!captures)
		return bw_err_set(err, -ENOMEM, "out of memory");
	captures->loop = config->loop;
	captures->buffer_size = config->buffer_size;
	captures->on_gone = config->on_gone;
	captures->owner = config->owner;
	captures->config = *config;
	memcpy(captures->egress, config->egress,
	       config->egress_count * sizeof(captures->egress[0]));
	captures->config.egress = captures->egress;
	count = list_interfaces(config, jobs);
	run_jobs(jobs, count, open_capture);
	r = take_opened(captures, jobs, count, err);
	if (r == 0)
		r = watch_all(captures, 0, err);
	if (r < 0) {
		captures_close(captures);
		return r;
	}
	*ret_captures = captures;
	return 0;
}

void captures_close(struct captures *captures)
{
	struct job jobs[LIST_MAX];

	if (!captures)
		return;
	for (size_t i = 0; i < captures->count; i++) {
		loop_unwatch(captures->loop, capture_fd(captures->list[i].capture));
		jobs[i] = (struct job){.capture = captures->list[i].capture};
	}
	run_jobs(jobs, captures->count, close_capture);
	free(captures);
}

static bool has_interface(const struct captures *captures, unsigned index)
{
	for (size_t i = 0; i < captures->count; i++)
		if (captures->list[i].interface_index == index)
			return true;
	return false;
}

static void close_guest(struct captures *captures, size_t i)
{
	struct capture *capture = captures->list[i].capture;
	struct capture_stats stats = capture_stats(capture);

	captures->closed.taken += stats.taken;
	captures->closed.arrived += stats.arrived;
	captures->closed.dropped += stats.dropped;
	loop_unwatch(captures->loop, capture_fd(capture));
	capture_close(capture);
	captures->list[i] = captures->list[--captures->count];
}

void captures_follow(struct captures *captures)
{
	unsigned present[GUESTS_MAX];
	int count = captures->config.everywhere && captures->config.egress_count > 0
			    ? interface_list(present, GUESTS_MAX)
			    : 0;

	for (size_t i = captures->count; i-- > 0;)
		if (captures->list[i].guest && captures->list[i].gone)
			close_guest(captures, i);
	for (int i = 0; i < count && captures->count < LIST_MAX; i++) {
		struct job job = {.config = &captures->config,
				  .interface_index = present[i],
				  .guest = true};

		if (has_interface(captures, present[i]))
			continue;
		open_capture(&job);
		if (take_opened(captures, &job, 1, NULL) == 0 && job.result == 0)
			(void)watch_all(captures, captures->count - 1, NULL);
	}
}

static void give_up(struct captures *captures, struct watched *watched)
{
	watched->gone = true;
	if (!watched->guest)
		captures->on_gone(captures->owner, watched->interface_index);
	loop_unwatch(captures->loop, capture_fd(watched->capture));
}

int captures_dispatch(struct captures *captures, const struct clock *clock, struct bw_err *err)
{
	int frames = 0, first = 0;

	for (size_t i = 0; i < captures->count; i++) {
		struct watched *watched = &captures->list[i];
		struct bw_err why;
		int r;

		if (watched->gone)
			continue;
		r = capture_dispatch(watched->capture, clock, DISPATCH_LIMIT, &why);
		if (r >= 0) {
			frames += r;
			continue;
		}
		if (r != -ENETDOWN)
			give_up(captures, watched);
		if (first == 0 && !watched->guest) {
			first = r;
			if (err)
				*err = why;
		}
	}
	return first < 0 ? first : frames;
}

uint64_t captures_room(const struct captures *captures)
{
	size_t own = 0;

	for (size_t i = 0; i < captures->count; i++)
		own += !captures->list[i].guest;
	return captures->buffer_size / CAPTURE_FRAME * own;
}

struct capture_stats captures_stats(struct captures *captures)
{
	struct capture_stats sum = captures->closed;

	for (size_t i = 0; i < captures->count; i++) {
		struct capture_stats stats = capture_stats(captures->list[i].capture);

		sum.taken += stats.taken;
		sum.arrived += stats.arrived;
		sum.dropped += stats.dropped;
	}
	return sum;
}
