/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/transport/network.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "sys/machine/privilege.h"
#include "sys/net/interface.h"
#include "sys/tx/transmit.h"

#define DISPATCH_LIMIT 1024 /* frames of one interface before the others have their turn */
#define RING_MIN (4 << 20)  /* bytes: some 10,000 frames */
#define RING_MAX (64 << 20)
#define RING_SECONDS 0.5 /* of answers that it must hold, while the reader is not scheduled */

struct network {
	struct bw_egress egress[BW_EGRESS_MAX];
	uint8_t egress_count;
	struct loop *loop;
	struct transmit *senders[NETWORK_SENDERS_MAX];
	unsigned sender_count;
	struct watched {
		struct capture *capture;
		unsigned interface_index;
		bool failed; /* for good; kept for what it has counted, and for whoever asks */
	} captures[BW_EGRESS_MAX];
	size_t capture_count;
	uint64_t ring_room;
	_Atomic int64_t read_ns;
	struct clock clock;
	int64_t step_ns;
};

size_t network_send(struct network *network, unsigned sender, struct bw_tx *batch, size_t count)
{
	return transmit_send(network->senders[sender], batch, count);
}

static size_t send_packets(void *self, struct bw_tx *batch, size_t count)
{
	struct network *network = (struct network *)self;

	return network_send(network, 0, batch, count);
}

struct network_rings network_rings(struct network *network)
{
	struct network_rings rings = {.room = network->ring_room};

	for (size_t i = 0; i < network->capture_count; i++) {
		struct capture_stats stats = capture_stats(network->captures[i].capture);

		rings.frames.taken += stats.taken;
		rings.frames.arrived += stats.arrived;
		rings.frames.dropped += stats.dropped;
	}
	rings.read.ns = atomic_load_explicit(&network->read_ns, memory_order_relaxed);
	return rings;
}

static void read_stats(void *self, struct bw_transport_stats *ret_stats)
{
	struct network *network = (struct network *)self;
	struct capture_stats frames = network_rings(network).frames;
	struct bw_transport_stats stats = {
		.received = frames.taken,
		.capture_dropped = frames.dropped,
	};

	for (unsigned i = 0; i < network->sender_count; i++) {
		struct batch_stats tx = transmit_stats(network->senders[i]);

		stats.sent += tx.sent;
		stats.send_errors += tx.errors;
		stats.refused += tx.refused;
	}
	*ret_stats = stats;
}

struct bw_transport network_transport(struct network *network)
{
	static const struct bw_transport_ops ops = {send_packets, read_stats};

	return (struct bw_transport){&ops, network};
}

static size_t ring_size(const struct network_config *config)
{
	double wanted = config->rate_pps * RING_SECONDS * CAPTURE_FRAME;

	if (config->buffer_size)
		return config->buffer_size;
	return (size_t)fmin(RING_MAX, fmax(RING_MIN, wanted));
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
		.immediate = job->config->immediate &&
			     job->config->rate_pps <= NETWORK_IMMEDIATE_PPS,
		.buffer_size = ring_size(job->config),
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
		if (jobs[i].result == 0)
			network->captures[network->capture_count++] = (struct watched){
				.capture = jobs[i].capture,
				.interface_index = jobs[i].interface_index,
			};
		if (r == 0 && jobs[i].result < 0) {
			r = jobs[i].result;
			if (err)
				*err = jobs[i].err;
		}
	}
	network->ring_room = ring_size(config) / CAPTURE_FRAME * count;
	for (size_t i = 0; i < count && r == 0; i++) {
		r = loop_watch(network->loop, capture_fd(network->captures[i].capture),
			       LOOP_READABLE, NULL, NULL);
		if (r < 0)
			bw_err_set(err, r, "cannot watch a capture: %s", bw_error_text(r));
	}
	return r;
}

static int open_senders(struct network *network, const struct network_config *config,
			struct bw_err *err)
{
	struct transmit_config transmit = {
		.egress = config->egress,
		.egress_count = config->egress_count,
		.pinned = config->pinned,
		.link = config->link,
		.permit = config->permit,
	};
	unsigned count = config->senders ? config->senders : 1;
	int r = 0;

	assert(count <= NETWORK_SENDERS_MAX);
	while (network->sender_count < count && r == 0) {
		struct transmit *sender = transmit_new(&transmit);

		if (!sender)
			return bw_err_set(err, -ENOMEM, "out of memory");
		network->senders[network->sender_count++] = sender;
		r = transmit_open(sender, err);
	}
	return r;
}

int network_open(const struct network_config *config, struct network **ret_network,
		 struct bw_err *err)
{
	struct network *network;
	int r = privilege_check(err);

	assert(config->egress_count <= BW_EGRESS_MAX);
	if (r < 0)
		return r;
	network = calloc(1, sizeof(*network));
	if (!network)
		return bw_err_set(err, -ENOMEM, "out of memory");
	network->loop = config->loop;
	network->egress_count = config->egress_count;
	memcpy(network->egress, config->egress, config->egress_count * sizeof(network->egress[0]));
	clock_follow(&network->clock, clock_now());
	atomic_store(&network->read_ns, network->clock.last.mono.ns);
	r = open_senders(network, config, err);
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

	if (!network)
		return;
	for (size_t i = 0; i < network->capture_count; i++) {
		loop_unwatch(network->loop, capture_fd(network->captures[i].capture));
		jobs[i] = (struct job){.capture = network->captures[i].capture};
	}
	run_jobs(jobs, network->capture_count, close_capture);
	for (unsigned i = 0; i < network->sender_count; i++)
		transmit_free(network->senders[i]);
	free(network);
}

/* Gives a capture up that will not work again. */
static void give_up(struct network *network, struct watched *watched)
{
	watched->failed = true;
	for (unsigned i = 0; i < network->sender_count; i++)
		transmit_stop(network->senders[i], watched->interface_index);
	loop_unwatch(network->loop, capture_fd(watched->capture));
}

int network_dispatch(struct network *network, struct bw_now now, struct bw_err *err)
{
	int frames = 0, first = 0;

	network->step_ns = clock_follow(&network->clock, now);
	for (size_t i = 0; i < network->capture_count; i++) {
		struct watched *watched = &network->captures[i];
		struct bw_err why;
		int r;

		if (watched->failed)
			continue;
		r = capture_dispatch(watched->capture, &network->clock, DISPATCH_LIMIT, &why);
		if (r >= 0) {
			frames += r;
			continue;
		}
		if (r != -ENETDOWN)
			give_up(network, watched);
		if (first == 0) {
			first = r;
			if (err)
				*err = why;
		}
	}
	atomic_store_explicit(&network->read_ns, clock_now().mono.ns, memory_order_relaxed);
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
