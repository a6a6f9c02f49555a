/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fast path. What it costs to ask a million addresses is nearly all system
 * calls and what the kernel does in them, so:
 *
 *   Packets leave in batches (sendmmsg) and below the kernel's IP layer, as long as
 *   the kernel vouches for the gateway's link address. Once a second a single
 *   packet goes at layer 3: it makes the kernel look after the neighbour entry,
 *   which is then read again. When there is no gateway, no Ethernet or no
 *   valid entry, layer 3 it is.
 *
 *   Frames come in through libpcap's mapped ring (TPACKET_V3), whole blocks of
 *   them at a time. The ring is large: it must hold what arrives while the reader
 *   is not scheduled.
 *
 *   Sending has threads of its own. In the kernel a packet's whole way to
 *   the wire is paid by who sends it, and on a virtual link the way back as well;
 *   with one thread the reader would stand still meanwhile. Taking places
 *   is a matter of nanoseconds and done under a lock; building and sending is not.
 *
 * The kernel counts the frames that it puts into the ring, the reader those that it
 * takes out. The difference is what waits, and the sender's source is told each
 * millisecond: it stops before the ring is full. (The counter of the kernel is reset
 * when it is read, hence only those who send read it.)
 *
 * Shared between senders and reader: the counter of frames taken and the time of the
 * last reading, both atomic; and the block list, under a lock that senders
 * share for a batch and that whoever changes the list has alone. The guard looks at
 * each packet in link_send() and transmit_send(), the last functions before the
 * system call.
 */
#include "sys/blast.h"

#include <assert.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <math.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "sys/capture.h"
#include "sys/interface.h"
#include "sys/link.h"
#include "sys/privilege.h"
#include "sys/transmit.h"

#define RING_MIN ((size_t)8 << 20)
#define RING_MAX ((size_t)64 << 20)
#define FRAME_ROOM 368   /* bytes of ring that a frame of CAPTURE_SNAPLEN takes */
#define RING_SECONDS 0.5 /* of answers that it must hold */
#define DISPATCH_LIMIT 4096
#define QUANTUM_NS (250 * BW_US) /* sleeps are no shorter: several packets a turn instead */
#define NAP_NS (100 * BW_MS)     /* nor longer, so that the brake is looked after */
#define RETRY_NS (100 * BW_US)   /* after a full queue */
#define REFRESH_NS BW_S

struct blast {
	struct bw_egress egress[BW_EGRESS_MAX];
	uint8_t egress_count;
	struct loop *loop;
	void (*on_frame)(void *self, const struct bw_rx *rx);
	void *self;
	struct capture *captures[BW_EGRESS_MAX];
	size_t capture_count;
	struct clock clock;
	uint64_t ring_frames;

	/* The senders'. */
	struct sender {
		struct blast *blast;
		struct transmit *transmit;
		struct link *link; /* NULL: layer 3 only */
		struct bw_mono refreshed;
		uint64_t link_sent;
		uv_thread_t thread;
		bool started;
		struct sweep_claim claim;
		struct bw_tx batch[BW_BATCH_MAX];
	} * senders;
	unsigned sender_count;
	struct permit *permit;
	uv_rwlock_t permit_lock;
	uv_mutex_t source_lock; /* of the source, and of what is next */
	struct blast_source source;
	struct bw_mono looked, claimed;
	int wake_fd;
	atomic_bool stopping;

	/* Between the threads. */
	_Atomic uint64_t arrived, dropped; /* frames, as the kernel counts: set by senders */
	_Atomic uint64_t taken;            /* by the reader */
	_Atomic int64_t read_ns;
};

static void count_frame(void *self, const struct bw_rx *rx)
{
	struct blast *blast = (struct blast *)self;
	uint64_t taken = atomic_load_explicit(&blast->taken, memory_order_relaxed);

	atomic_store_explicit(&blast->taken, taken + 1, memory_order_relaxed);
	blast->on_frame(blast->self, rx);
}

static size_t ring_size(double rate_pps)
{
	double wanted = rate_pps * RING_SECONDS * FRAME_ROOM;

	return (size_t)fmin((double)RING_MAX, fmax((double)RING_MIN, wanted));
}

/* One capture an interface, for all our addresses on it. */
static int open_capture(struct blast *blast, unsigned interface_index, size_t size,
			struct bw_err *err)
{
	struct bw_addr local[BW_EGRESS_MAX];
	struct capture_config config = {
		.local = local,
		.buffer_size = size,
		.on_frame = count_frame,
		.self = blast,
	};
	int r;

	for (uint8_t i = 0; i < blast->egress_count; i++) {
		if (blast->egress[i].interface_index != interface_index)
			continue;
		config.interface = blast->egress[i].interface;
		local[config.local_count++] = blast->egress[i].source;
	}
	r = capture_open(&config, &blast->captures[blast->capture_count], err);
	if (r < 0)
		return r;
	r = loop_watch(blast->loop, capture_fd(blast->captures[blast->capture_count++]));
	return r < 0 ? bw_err_set(err, r, "cannot watch a capture: %s", bw_error_text(r)) : 0;
}

static int open_captures(struct blast *blast, size_t size, struct bw_err *err)
{
	int r = 0;

	for (uint8_t i = 0; i < blast->egress_count && r == 0; i++) {
		unsigned index = blast->egress[i].interface_index;
		uint8_t known = 0;

		while (blast->egress[known].interface_index != index)
			known++;
		if (known == i)
			r = open_capture(blast, index, size, err);
	}
	blast->ring_frames = size / FRAME_ROOM * blast->capture_count;
	return r;
}

static int make_sender(struct blast *blast, struct sender *sender,
		       const struct blast_config *config)
{
	struct transmit_config transmit = {
		.egress = config->egress,
		.egress_count = config->egress_count,
		.pinned = config->pinned,
		.permit = config->permit,
	};

	sender->blast = blast;
	sender->transmit = transmit_new(&transmit);
	if (!config->layer3)
		sender->link = link_new(config->egress, config->egress_count, config->permit);
	return sender->transmit && (config->layer3 || sender->link) ? 0 : -ENOMEM;
}

/* Everything that needs the network. */
static int open_all(struct blast *blast, const struct blast_config *config, struct bw_err *err)
{
	int r = privilege_check(err);

	for (unsigned i = 0; i < blast->sender_count && r == 0; i++) {
		r = transmit_open(blast->senders[i].transmit, err);
		if (r == 0 && blast->senders[i].link)
			link_refresh(blast->senders[i].link);
	}
	return r < 0 ? r : open_captures(blast, ring_size(config->rate_pps), err);
}

/* Everything that needs memory and descriptors only. Returns 0 or -ENOMEM. */
static int prepare(struct blast *blast, const struct blast_config *config)
{
	int r = 0;

	blast->egress_count = config->egress_count;
	memcpy(blast->egress, config->egress, config->egress_count * sizeof(blast->egress[0]));
	blast->loop = config->loop;
	blast->on_frame = config->on_frame;
	blast->self = config->self;
	blast->permit = config->permit;
	blast->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	blast->senders = calloc(config->senders, sizeof(*blast->senders));
	if (blast->wake_fd < 0 || !blast->senders)
		return -ENOMEM;
	blast->sender_count = config->senders;
	for (unsigned i = 0; i < config->senders && r == 0; i++)
		r = make_sender(blast, &blast->senders[i], config);
	return r;
}

int blast_open(const struct blast_config *config, struct blast **ret_blast, struct bw_err *err)
{
	struct blast *blast = calloc(1, sizeof(*blast));
	int r;

	assert(config->egress_count >= 1 && config->egress_count <= BW_EGRESS_MAX);
	assert(config->senders >= 1 && config->senders <= BLAST_SENDERS_MAX);
	if (!blast)
		return bw_err_set(err, -ENOMEM, "out of memory");
	uv_rwlock_init(&blast->permit_lock);
	uv_mutex_init(&blast->source_lock);
	clock_follow(&blast->clock, clock_now());
	r = prepare(blast, config);
	if (r < 0)
		bw_err_set(err, r, "out of memory or descriptors");
	else
		r = open_all(blast, config, err);
	if (r < 0) {
		blast_close(blast);
		return r;
	}
	*ret_blast = blast;
	return 0;
}

void blast_close(struct blast *blast)
{
	if (!blast)
		return;
	blast_stop(blast);
	for (size_t i = 0; i < blast->capture_count; i++) {
		loop_unwatch(blast->loop, capture_fd(blast->captures[i]));
		capture_close(blast->captures[i]);
	}
	for (unsigned i = 0; i < blast->sender_count; i++) {
		transmit_free(blast->senders[i].transmit);
		link_free(blast->senders[i].link);
	}
	free(blast->senders);
	if (blast->wake_fd >= 0)
		close(blast->wake_fd);
	uv_rwlock_destroy(&blast->permit_lock);
	uv_mutex_destroy(&blast->source_lock);
	free(blast);
}

/* The packets at the head of a batch that go the same way: below IP or not. */
static size_t same_way(const struct link *link, const struct bw_tx *batch, size_t count)
{
	size_t n = 1;

	while (n < count && batch[n].egress == batch[0].egress &&
	       link_is_usable(link, batch[n].egress) == link_is_usable(link, batch[0].egress))
		n++;
	return n;
}

static size_t send_some(struct sender *sender, struct bw_tx *batch, size_t count)
{
	size_t done = 0;

	while (done < count) {
		size_t run = same_way(sender->link, batch + done, count - done), sent;

		if (link_is_usable(sender->link, batch[done].egress)) {
			sent = link_send(sender->link, batch + done, run);
			sender->link_sent += sent;
		} else {
			sent = transmit_send(sender->transmit, batch + done, run);
		}
		done += sent;
		if (sent < run)
			break;
	}
	return done;
}

/* A packet a second at layer 3, then the neighbour entry is read again. */
static size_t refresh(struct sender *sender, struct bw_tx *batch)
{
	size_t sent = transmit_send(sender->transmit, batch, 1);

	if (sent == 1) {
		sender->refreshed = clock_now().mono;
		link_refresh(sender->link);
	}
	return sent;
}

static size_t send_batch(struct sender *sender, struct bw_tx *batch, size_t count)
{
	size_t done = 0;

	uv_rwlock_rdlock(&sender->blast->permit_lock);
	if (!sender->link) {
		done = transmit_send(sender->transmit, batch, count);
	} else {
		if (count > 0 && bw_mono_since(batch[0].sent, sender->refreshed) > REFRESH_NS)
			done = refresh(sender, batch);
		done += send_some(sender, batch + done, count - done);
	}
	uv_rwlock_rdunlock(&sender->blast->permit_lock);
	return done;
}

static size_t send_packets(void *self, struct bw_tx *batch, size_t count)
{
	struct blast *blast = (struct blast *)self;

	return send_batch(&blast->senders[0], batch, count);
}

/* Adds what the kernel has counted since the last time. */
static void read_counters(struct blast *blast)
{
	for (size_t i = 0; i < blast->capture_count; i++) {
		struct tpacket_stats_v3 stats;
		socklen_t size = sizeof(stats);

		if (getsockopt(capture_fd(blast->captures[i]), SOL_PACKET, PACKET_STATISTICS,
			       &stats, &size) < 0)
			continue;
		atomic_fetch_add_explicit(&blast->arrived, stats.tp_packets - stats.tp_drops,
					  memory_order_relaxed);
		atomic_fetch_add_explicit(&blast->dropped, stats.tp_drops, memory_order_relaxed);
	}
}

static void read_stats(void *self, struct bw_transport_stats *ret_stats)
{
	struct blast *blast = (struct blast *)self;
	struct transmit_stats stats = transmit_stats(blast->senders[0].transmit);

	read_counters(blast);
	*ret_stats = (struct bw_transport_stats){
		.sent = stats.sent + blast->senders[0].link_sent,
		.send_errors = stats.errors,
		.refused = stats.refused,
		.received = blast->taken,
		.capture_dropped = blast->dropped,
	};
}

struct bw_transport blast_transport(struct blast *blast)
{
	static const struct bw_transport_ops ops = {send_packets, read_stats};

	return (struct bw_transport){&ops, blast};
}

/* The reader's counter first: what arrives in between shall not count as negative. */
static void look(struct blast *blast, struct bw_mono now)
{
	uint64_t arrived, taken;
	struct sweep_ring ring;

	taken = atomic_load_explicit(&blast->taken, memory_order_relaxed);
	read_counters(blast);
	arrived = atomic_load_explicit(&blast->arrived, memory_order_relaxed);
	ring = (struct sweep_ring){
		.room = blast->ring_frames,
		.waiting = arrived > taken ? arrived - taken : 0,
		.lost = atomic_load_explicit(&blast->dropped, memory_order_relaxed),
		.unread_ns = now.ns - atomic_load_explicit(&blast->read_ns, memory_order_relaxed),
	};
	blast->source.press(blast->source.self, now, &ring);
	blast->looked = now;
}

static void wait_until(struct blast *blast, struct bw_mono now, struct bw_mono until)
{
	struct pollfd poll = {.fd = blast->wake_fd, .events = POLLIN};
	int64_t ns = until.ns - now.ns;
	struct timespec timeout;

	ns = ns < QUANTUM_NS ? QUANTUM_NS : ns > NAP_NS ? NAP_NS : ns;
	timeout = (struct timespec){0, ns};
	ppoll(&poll, 1, &timeout, NULL);
}

/* A full queue empties itself: what it did not take is tried again. */
static void send_all(struct sender *sender, size_t count)
{
	struct blast *blast = sender->blast;
	size_t done = 0;

	while (done < count && !atomic_load_explicit(&blast->stopping, memory_order_relaxed)) {
		struct bw_mono now = clock_now().mono;

		done += send_batch(sender, sender->batch + done, count - done);
		if (done < count)
			wait_until(blast, now, bw_mono_add(now, RETRY_NS));
	}
	for (; done < count; done++)
		sender->batch[done].status = -EINTR;
}

/* The next claim into sender->claim; empty: then *ret_until is when to ask again. */
static bool claim(struct sender *sender, struct bw_mono now, struct bw_mono *ret_until)
{
	struct blast *blast = sender->blast;
	const struct blast_source *source = &blast->source;
	size_t count;

	uv_mutex_lock(&blast->source_lock);
	if (bw_mono_since(now, blast->looked) >= SWEEP_BRAKE_INTERVAL_NS)
		look(blast, now);
	/* Two senders that read the clock one after the other may come in the other order. */
	if (bw_mono_before(now, blast->claimed))
		now = blast->claimed;
	blast->claimed = now;
	count = source->claim(source->self, now, BW_BATCH_MAX, &sender->claim);
	if (count == 0)
		*ret_until = source->deadline(source->self, now);
	uv_mutex_unlock(&blast->source_lock);
	return count > 0;
}

static void serve_claim(struct sender *sender)
{
	struct blast *blast = sender->blast;
	const struct blast_source *source = &blast->source;
	size_t count = source->build(source->self, &sender->claim, sender->batch);

	send_all(sender, count);
	uv_mutex_lock(&blast->source_lock);
	source->sent(source->self, &sender->claim, sender->batch, count);
	uv_mutex_unlock(&blast->source_lock);
}

static void run_sender(void *self)
{
	struct sender *sender = (struct sender *)self;
	struct blast *blast = sender->blast;

	prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
	while (!atomic_load_explicit(&blast->stopping, memory_order_relaxed)) {
		struct bw_mono now = clock_now().mono, until;

		if (claim(sender, now, &until))
			serve_claim(sender);
		else
			wait_until(blast, now, until);
	}
}

int blast_start(struct blast *blast, const struct blast_source *source, struct bw_err *err)
{
	blast->source = *source;
	blast->read_ns = clock_now().mono.ns;
	blast->stopping = false;
	for (unsigned i = 0; i < blast->sender_count; i++) {
		struct sender *sender = &blast->senders[i];
		int r = uv_thread_create(&sender->thread, run_sender, sender);

		sender->started = r == 0;
		if (r < 0 && i == 0)
			return bw_err_set(err, r, "cannot start a thread: %s", strerror(-r));
	}
	return 0;
}

void blast_stop(struct blast *blast)
{
	uint64_t one = 1;

	atomic_store(&blast->stopping, true);
	/* Cannot fail: the counter is far from full. */
	if (blast->wake_fd >= 0 && write(blast->wake_fd, &one, sizeof(one)) < 0)
		assert(errno == EAGAIN);
	for (unsigned i = 0; i < blast->sender_count; i++) {
		if (blast->senders[i].started)
			uv_thread_join(&blast->senders[i].thread);
		blast->senders[i].started = false;
	}
}

const struct prefix_set *blast_set_blocklist(struct blast *blast,
					     const struct prefix_set *blocklist)
{
	const struct prefix_set *before;

	uv_rwlock_wrlock(&blast->permit_lock);
	before = blast->permit->blocklist;
	blast->permit->blocklist = blocklist;
	uv_rwlock_wrunlock(&blast->permit_lock);
	return before;
}

int blast_dispatch(struct blast *blast, struct bw_now now, struct bw_err *err)
{
	int frames = 0;

	clock_follow(&blast->clock, now);
	for (size_t i = 0; i < blast->capture_count; i++) {
		int r = capture_dispatch(blast->captures[i], &blast->clock, DISPATCH_LIMIT, err);

		if (r < 0)
			return r;
		frames += r;
	}
	atomic_store_explicit(&blast->read_ns, clock_now().mono.ns, memory_order_relaxed);
	return frames;
}

int blast_state(const struct blast *blast, struct bw_err *err)
{
	for (uint8_t i = 0; i < blast->egress_count; i++) {
		const struct bw_egress *egress = &blast->egress[i];
		int r = interface_state(egress->interface_index);

		if (r < 0)
			return bw_err_set(err, r, "the interface %s %s", egress->interface,
					  r == -ENODEV ? "has vanished" : "is down");
	}
	return 0;
}

void blast_stats(struct blast *blast, struct blast_stats *ret_stats)
{
	uint64_t link_layer = 0;

	uv_mutex_lock(&blast->source_lock);
	read_counters(blast);
	uv_mutex_unlock(&blast->source_lock);
	for (unsigned i = 0; i < blast->sender_count; i++)
		link_layer += blast->senders[i].link_sent;
	*ret_stats = (struct blast_stats){
		.received = atomic_load_explicit(&blast->taken, memory_order_relaxed),
		.dropped = atomic_load_explicit(&blast->dropped, memory_order_relaxed),
		.link_layer = link_layer,
	};
}
