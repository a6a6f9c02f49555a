/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/transport/netio.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "sys/machine/privilege.h"
#include "sys/net/interface.h"
#include "sys/transport/captures.h"
#include "sys/tx/transmit.h"

#define RING_MIN (4 << 20) /* bytes: some 10,000 frames */
#define RING_MAX (64 << 20)
#define RING_SECONDS 0.5 /* of answers that the ring holds while the reader is not scheduled */

struct netio {
	struct bw_egress egress[BW_EGRESS_MAX];
	uint8_t egress_count;
	struct transmit *senders[NETIO_SENDERS_MAX];
	unsigned sender_count;
	struct captures *captures;
	struct clock clock;
	_Atomic int64_t read_ns; /* when netio_dispatch() last returned */
};

size_t netio_send(struct netio *netio, unsigned sender, struct bw_tx *batch, size_t count)
{
	return transmit_send(netio->senders[sender], batch, count);
}

static size_t send_packets(void *self, struct bw_tx *batch, size_t count)
{
	struct netio *netio = (struct netio *)self;

	return netio_send(netio, 0, batch, count);
}

struct netio_rings netio_rings(struct netio *netio)
{
	return (struct netio_rings){
		.room = captures_room(netio->captures),
		.frames = captures_stats(netio->captures),
		.read.ns = atomic_load_explicit(&netio->read_ns, memory_order_relaxed),
	};
}

static void read_stats(void *self, struct bw_transport_stats *ret_stats)
{
	struct netio *netio = (struct netio *)self;
	struct capture_stats frames = captures_stats(netio->captures);
	struct bw_transport_stats stats = {
		.received = frames.taken,
		.capture_dropped = frames.dropped,
	};

	for (unsigned i = 0; i < netio->sender_count; i++) {
		struct batch_stats tx = transmit_stats(netio->senders[i]);

		stats.sent += tx.sent;
		stats.send_errors += tx.errors;
		stats.refused += tx.refused;
	}
	*ret_stats = stats;
}

struct bw_transport netio_transport(struct netio *netio)
{
	static const struct bw_transport_ops ops = {send_packets, read_stats};

	return (struct bw_transport){&ops, netio};
}

static size_t ring_size(const struct netio_config *config)
{
	double wanted = config->rate_pps * RING_SECONDS * CAPTURE_FRAME;

	if (config->buffer_size)
		return config->buffer_size;
	return (size_t)fmin(RING_MAX, fmax(RING_MIN, wanted));
}

/* Answers through this interface would be missed and taken for silence: send no more there. */
static void stop_sending(void *self, unsigned interface_index)
{
	struct netio *netio = (struct netio *)self;

	for (unsigned i = 0; i < netio->sender_count; i++)
		transmit_stop(netio->senders[i], interface_index);
}

static int open_captures(struct netio *netio, const struct netio_config *config, struct bw_err *err)
{
	struct captures_config captures = {
		.egress = netio->egress,
		.egress_count = netio->egress_count,
		.everywhere = config->everywhere,
		.immediate = config->immediate && config->rate_pps <= NETIO_IMMEDIATE_PPS,
		.buffer_size = ring_size(config),
		.loop = config->loop,
		.on_frame = config->on_frame,
		.self = config->self,
		.on_gone = stop_sending,
		.owner = netio,
	};

	return captures_open(&captures, &netio->captures, err);
}

static int open_senders(struct netio *netio, const struct netio_config *config, struct bw_err *err)
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

	assert(count <= NETIO_SENDERS_MAX);
	while (netio->sender_count < count && r == 0) {
		struct transmit *sender = transmit_new(&transmit);

		if (!sender)
			return bw_err_set(err, -ENOMEM, "out of memory");
		netio->senders[netio->sender_count++] = sender;
		r = transmit_open(sender, err);
	}
	return r;
}

int netio_open(const struct netio_config *config, struct netio **ret_netio, struct bw_err *err)
{
	struct netio *netio;
	int r = privilege_check(err);

	assert(config->egress_count <= BW_EGRESS_MAX);
	if (r < 0)
		return r;
	netio = calloc(1, sizeof(*netio));
	if (!netio)
		return bw_err_set(err, -ENOMEM, "out of memory");
	netio->egress_count = config->egress_count;
	memcpy(netio->egress, config->egress, config->egress_count * sizeof(netio->egress[0]));
	clock_follow(&netio->clock, clock_now());
	atomic_store(&netio->read_ns, netio->clock.last.mono.ns);
	r = open_senders(netio, config, err);
	if (r == 0)
		r = open_captures(netio, config, err);
	if (r < 0) {
		netio_close(netio);
		return r;
	}
	*ret_netio = netio;
	return 0;
}

void netio_close(struct netio *netio)
{
	if (!netio)
		return;
	captures_close(netio->captures);
	for (unsigned i = 0; i < netio->sender_count; i++)
		transmit_free(netio->senders[i]);
	free(netio);
}

int netio_dispatch(struct netio *netio, struct bw_now now, struct bw_err *err)
{
	int frames;

	clock_follow(&netio->clock, now);
	frames = captures_dispatch(netio->captures, &netio->clock, err);
	atomic_store_explicit(&netio->read_ns, clock_now().mono.ns, memory_order_relaxed);
	return frames;
}

void netio_follow(struct netio *netio)
{
	captures_follow(netio->captures);
}

int netio_state(const struct netio *netio, struct bw_err *err)
{
	for (uint8_t i = 0; i < netio->egress_count; i++) {
		const struct bw_egress *egress = &netio->egress[i];
		int r = interface_state(egress->interface_index);

		if (r < 0)
			return bw_err_set(err, r, "the interface %s %s", egress->interface,
					  r == -ENODEV ? "has vanished" : "is down");
	}
	return 0;
}
