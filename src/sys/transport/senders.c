/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sending threads of a survey. A check and the daemon send and read in turn, from one
 * thread, through the same sockets, batches and captures (transmit.c, batch.c,
 * capture.c); this is what a survey has beside them:
 *
 *   Sending has threads of its own. In the kernel a packet's whole way to
 *   the wire is paid by who sends it, and on a virtual link the way back as well;
 *   with one thread the reader would stand still meanwhile. Taking places
 *   is a matter of nanoseconds and done under a lock; building and sending is not.
 *
 *   The senders watch the ring. The kernel counts the frames that it puts into it, the
 *   reader those that it takes out. The difference is what waits, and the source is told
 *   each millisecond: it stops before the ring is full. (A thread that both sends and
 *   reads needs no such watch: it reads between any two turns of sending, and the engine
 *   keeps each turn short.)
 *
 * The block list is under a lock that senders share for a batch and that whoever changes
 * the list has alone: when senders_set_blocklist() returns, no packet leaves any more that
 * was judged by the old one.
 */
#include "sys/transport/senders.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "sys/machine/clock.h"

#define QUANTUM_NS (250 * BW_US) /* sleeps are no shorter: several packets a turn instead */
#define NAP_NS (100 * BW_MS)     /* nor longer, so that the ring is observed in time */

struct senders {
	struct network *network;
	struct sender {
		struct senders *blast;
		uv_thread_t thread;
		bool started;
		struct packet_claim claim;
		struct bw_tx batch[BW_BATCH_MAX];
	} * senders;
	unsigned sender_count;
	struct permit *permit;
	uv_rwlock_t permit_lock;
	uv_mutex_t source_lock; /* of the source, and of what is next */
	struct packet_source source;
	struct bw_mono looked, claimed;
	int wake_fd;
	atomic_bool stopping;
};

int senders_new(const struct senders_config *config, struct senders **ret_blast, struct bw_err *err)
{
	struct senders *blast = calloc(1, sizeof(*blast));

	assert(config->senders >= 1 && config->senders <= NETWORK_SENDERS_MAX);
	if (!blast)
		return bw_err_set(err, -ENOMEM, "out of memory");
	uv_rwlock_init(&blast->permit_lock);
	uv_mutex_init(&blast->source_lock);
	blast->network = config->network;
	blast->permit = config->permit;
	blast->source = config->source;
	blast->sender_count = config->senders;
	blast->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	blast->senders = calloc(config->senders, sizeof(*blast->senders));
	if (blast->wake_fd < 0 || !blast->senders) {
		senders_free(blast);
		return bw_err_set(err, -ENOMEM, "out of memory or descriptors");
	}
	*ret_blast = blast;
	return 0;
}

void senders_free(struct senders *blast)
{
	if (!blast)
		return;
	senders_stop(blast);
	free(blast->senders);
	if (blast->wake_fd >= 0)
		close(blast->wake_fd);
	uv_rwlock_destroy(&blast->permit_lock);
	uv_mutex_destroy(&blast->source_lock);
	free(blast);
}

static size_t send_batch(struct sender *sender, struct bw_tx *batch, size_t count)
{
	struct senders *blast = sender->blast;
	size_t done;

	uv_rwlock_rdlock(&blast->permit_lock);
	done = network_send(blast->network, (unsigned)(sender - blast->senders), batch, count);
	uv_rwlock_rdunlock(&blast->permit_lock);
	return done;
}

static void look(struct senders *blast, struct bw_mono now)
{
	struct network_rings rings = network_rings(blast->network);
	uint64_t arrived = rings.frames.arrived, taken = rings.frames.taken;
	struct packet_ring ring = {
		.room = rings.room,
		.waiting = arrived > taken ? arrived - taken : 0,
		.lost = rings.frames.dropped,
		.unread_ns = bw_mono_since(now, rings.read),
	};

	blast->source.ops->observe(blast->source.self, now, &ring);
	blast->looked = now;
}

static void wait_until(struct senders *blast, struct bw_mono now, struct bw_mono until)
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
	struct senders *blast = sender->blast;
	size_t done = 0;

	while (done < count && !atomic_load_explicit(&blast->stopping, memory_order_relaxed)) {
		struct bw_mono now = clock_now().mono;

		done += send_batch(sender, sender->batch + done, count - done);
		if (done < count)
			wait_until(blast, now, now);
	}
	for (; done < count; done++)
		sender->batch[done].status = -EINTR;
}

/* The next claim into sender->claim; empty: then *ret_until is when to ask again. */
static bool claim(struct sender *sender, struct bw_mono now, struct bw_mono *ret_until)
{
	struct senders *blast = sender->blast;
	const struct packet_source *source = &blast->source;
	size_t count;

	uv_mutex_lock(&blast->source_lock);
	if (bw_mono_since(now, blast->looked) >= PACKET_OBSERVE_NS)
		look(blast, now);
	/* Two senders that read the clock one after the other may come in the other order. */
	if (bw_mono_before(now, blast->claimed))
		now = blast->claimed;
	blast->claimed = now;
	count = source->ops->claim(source->self, now, BW_BATCH_MAX, &sender->claim);
	if (count == 0)
		*ret_until = source->ops->deadline(source->self, now);
	uv_mutex_unlock(&blast->source_lock);
	return count > 0;
}

static void serve_claim(struct sender *sender)
{
	struct senders *blast = sender->blast;
	const struct packet_source *source = &blast->source;
	size_t count = source->ops->build(source->self, &sender->claim, sender->batch);

	send_all(sender, count);
	uv_mutex_lock(&blast->source_lock);
	source->ops->sent(source->self, &sender->claim, sender->batch, count);
	uv_mutex_unlock(&blast->source_lock);
}

static void run_sender(void *self)
{
	struct sender *sender = (struct sender *)self;
	struct senders *blast = sender->blast;

	prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
	while (!atomic_load_explicit(&blast->stopping, memory_order_relaxed)) {
		struct bw_mono now = clock_now().mono, until;

		if (claim(sender, now, &until))
			serve_claim(sender);
		else
			wait_until(blast, now, until);
	}
}

int senders_start(struct senders *blast, struct bw_err *err)
{
	blast->stopping = false;
	for (unsigned i = 0; i < blast->sender_count; i++) {
		struct sender *sender = &blast->senders[i];
		int r;

		sender->blast = blast;
		r = uv_thread_create(&sender->thread, run_sender, sender);
		sender->started = r == 0;
		if (r < 0 && i == 0)
			return bw_err_set(err, r, "cannot start a thread: %s", strerror(-r));
	}
	return 0;
}

void senders_stop(struct senders *blast)
{
	uint64_t one = 1;

	atomic_store(&blast->stopping, true);
	/* Cannot fail: the counter is far from full. */
	if (blast->wake_fd >= 0 && write(blast->wake_fd, &one, sizeof(one)) < 0)
		assert(errno == EAGAIN);
	for (unsigned i = 0; blast->senders && i < blast->sender_count; i++) {
		if (blast->senders[i].started)
			uv_thread_join(&blast->senders[i].thread);
		blast->senders[i].started = false;
	}
}

const struct prefix_set *senders_set_blocklist(struct senders *blast,
					     const struct prefix_set *blocklist)
{
	const struct prefix_set *before;

	uv_rwlock_wrlock(&blast->permit_lock);
	before = blast->permit->blocklist;
	blast->permit->blocklist = blocklist;
	uv_rwlock_wrunlock(&blast->permit_lock);
	return before;
}
