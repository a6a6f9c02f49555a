/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/network.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "sys/capture.h"
#include "sys/interface.h"
#include "sys/privilege.h"
#include "sys/transmit.h"

#define DISPATCH_LIMIT 1024 /* frames of one interface before the others have their turn */

struct network {
	struct bw_egress egress[BW_EGRESS_MAX];
	uint8_t egress_count;
	struct loop *loop;
	struct transmit *transmit;
	struct capture *captures[BW_EGRESS_MAX]; /* NULL: failed for good */
	unsigned capture_interface[BW_EGRESS_MAX];
	size_t capture_count;
	uint64_t closed_received, closed_dropped; /* of captures that failed */
	struct clock clock;
	int64_t step_ns;
};

static size_t send_packets(void *self, struct bw_tx *batch, size_t count)
{
	struct network *network = (struct network *)self;

	return transmit_send(network->transmit, batch, count);
}

static void read_stats(void *self, struct bw_transport_stats *ret_stats)
{
	struct network *network = (struct network *)self;
	struct transmit_stats tx = transmit_stats(network->transmit);
	struct bw_transport_stats stats = {
		.sent = tx.sent,
		.send_errors = tx.errors,
		.refused = tx.refused,
		.received = network->closed_received,
		.capture_dropped = network->closed_dropped,
	};

	for (size_t i = 0; i < network->capture_count; i++) {
		uint64_t received, dropped;

		if (!network->captures[i])
			continue;
		capture_stats(network->captures[i], &received, &dropped);
		stats.received += received;
		stats.capture_dropped += dropped;
	}
	*ret_stats = stats;
}

struct bw_transport network_transport(struct network *network)
{
	static const struct bw_transport_ops ops = {send_packets, read_stats};

	return (struct bw_transport){&ops, network};
}

/* The opening or closing of one capture: each waits for the kernel, so several go side by side. */
struct job {
	struct network *network;
	const struct network_config *config;
	struct capture *capture;
	uv_thread_t thread;
	unsigned interface_index;
	int result;
	struct bw_err err;
	bool threaded;
};

static void open_capture(void *self)
{
	struct job *job = (struct job *)self;
	const struct network *network = job->network;
	struct bw_addr local[BW_EGRESS_MAX];
	struct capture_config config = {
		.local = local,
		.immediate = job->config->immediate,
		.buffer_size = job->config->buffer_size,
		.on_frame = job->config->on_frame,
		.self = job->config->self,
	};

	for (uint8_t i = 0; i < network->egress_count; i++) {
		if (network->egress[i].interface_index != job->interface_index)
			continue;
		config.interface = network->egress[i].interface;
		local[config.local_count++] = network->egress[i].source;
	}
	job->result = capture_open(&config, &job->capture, &job->err);
}

static void close_capture(void *self)
{
	struct job *job = (struct job *)self;

	capture_close(job->capture);
}

/* Does all jobs, the first in this thread; where no thread can be had, in this one too. */
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

/* One job for each interface of the egress table. Returns how many. */
static size_t list_interfaces(struct network *network, const struct network_config *config,
			      struct job jobs[BW_EGRESS_MAX])
{
	size_t count = 0;

	for (uint8_t i = 0; i < network->egress_count; i++) {
		unsigned index = network->egress[i].interface_index;
		size_t known = 0;

		while (known < count && jobs[known].interface_index != index)
			known++;
		if (known == count)
			jobs[count++] = (struct job){.network = network, .config = config,
						     .interface_index = index};
	}
	return count;
}

static int open_captures(struct network *network, const struct network_config *config,
			 struct bw_err *err)
{
	struct job jobs[BW_EGRESS_MAX];
	size_t count = list_interfaces(network, config, jobs);
	int r = 0;

	run_jobs(jobs, count, open_capture);
	for (size_t i = 0; i < count; i++) {
		network->captures[i] = jobs[i].capture;
		network->capture_interface[i] = jobs[i].interface_index;
		if (r == 0 && jobs[i].result < 0) {
			r = jobs[i].result;
			if (err)
				*err = jobs[i].err;
		}
	}
	network->capture_count = count;
	for (size_t i = 0; i < count && r == 0; i++) {
		r = loop_watch(network->loop, capture_fd(network->captures[i]));
		if (r < 0)
			bw_err_set(err, r, "cannot watch a capture: %s", bw_error_text(r));
	}
	return r;
}

int network_open(const struct network_config *config, struct network **ret_network,
		 struct bw_err *err)
{
	struct transmit_config transmit = {
		.egress = config->egress,
		.egress_count = config->egress_count,
		.pinned = config->pinned,
		.permit = config->permit,
	};
	struct network *network;
	int r = privilege_check(err);

	assert(config->egress_count <= BW_EGRESS_MAX);
	if (r < 0)
		return r;
	network = calloc(1, sizeof(*network));
	if (network)
		network->transmit = transmit_new(&transmit);
	if (!network || !network->transmit) {
		free(network);
		return bw_err_set(err, -ENOMEM, "out of memory");
	}
	network->loop = config->loop;
	network->egress_count = config->egress_count;
	memcpy(network->egress, config->egress, config->egress_count * sizeof(network->egress[0]));
	clock_follow(&network->clock, clock_now());
	r = transmit_open(network->transmit, err);
	if (r == 0)
		r = open_captures(network, config, err);
	if (r < 0) {
		network_close(network);
		return r;
	}
	*ret_network = network;
	return 0;
}

void network_close(struct network *network)
{
	struct job jobs[BW_EGRESS_MAX];
	size_t count = 0;

	if (!network)
		return;
	for (size_t i = 0; i < network->capture_count; i++) {
		if (!network->captures[i])
			continue;
		loop_unwatch(network->loop, capture_fd(network->captures[i]));
		jobs[count++] = (struct job){.capture = network->captures[i]};
	}
	run_jobs(jobs, count, close_capture);
	transmit_free(network->transmit);
	free(network);
}

/* Gives a capture up that will not work again; what it counted stays. */
static void give_up(struct network *network, size_t i)
{
	struct capture *capture = network->captures[i];
	uint64_t received, dropped;

	capture_stats(capture, &received, &dropped);
	network->closed_received += received;
	network->closed_dropped += dropped;
	transmit_stop(network->transmit, network->capture_interface[i]);
	loop_unwatch(network->loop, capture_fd(capture));
	capture_close(capture);
	network->captures[i] = NULL;
}

int network_dispatch(struct network *network, struct bw_now now, struct bw_err *err)
{
	int frames = 0, first = 0;

	network->step_ns = clock_follow(&network->clock, now);
	for (size_t i = 0; i < network->capture_count; i++) {
		struct bw_err why;
		int r;

		if (!network->captures[i])
			continue;
		r = capture_dispatch(network->captures[i], &network->clock, DISPATCH_LIMIT, &why);
		if (r >= 0) {
			frames += r;
			continue;
		}
		if (r != -ENETDOWN)
			give_up(network, i);
		if (first == 0) {
			first = r;
			if (err)
				*err = why;
		}
	}
	return first < 0 ? first : frames;
}

int network_state(const struct network *network, struct bw_err *err)
{
	for (uint8_t i = 0; i < network->egress_count; i++) {
		const struct bw_egress *egress = &network->egress[i];
		int r = interface_state(egress->interface_index);

		if (r < 0)
			return bw_err_set(err, r, "the interface %s %s", egress->interface,
					  r == -ENODEV ? "has vanished" : "is down");
	}
	return 0;
}

int64_t network_clock_step(const struct network *network)
{
	return network->step_ns;
}
