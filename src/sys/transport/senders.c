/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sending threads of a survey. A check and the daemon send and read in turn from one
 * thread, through the same sockets, batches and captures. A survey differs in two points:
 *
 *   Sending has threads of its own. Whoever sends a packet pays for its whole way through
 *   the kernel, on a virtual link also for the way back; with one thread nobody would read
 *   meanwhile. A thread claims packets from the source under a lock, which takes
 *   nanoseconds; it builds and sends them without the lock.
 *
 *   The senders observe the ring. The kernel counts the frames that it puts into the ring,
 *   the reader counts those that it takes out; the difference waits. The source is told
 *   each millisecond and stops before the ring is full. (A thread that sends and reads in
 *   turn has no need of this, since it reads between two short turns of sending.)
 *
 * The block list is under a lock that the senders share for the time of one batch and that
 * senders_set_blocklist() takes alone. When that function returns, no packet that was
 * checked against the former list can leave any more.
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

#define SLEEP_MIN_NS (250 * BW_US) /* several packets a turn, in place of shorter sleeps */
#define SLEEP_MAX_NS (100 * BW_MS) /* so that the ring is observed in time */

struct senders {
	struct netio *netio;
	struct sender {
		struct senders *all;
		uv_thread_t thread;
		bool started;
		struct packet_claim claim;
		struct bw_tx batch[BW_BATCH_MAX];
	} * list;
	unsigned count;
	struct permit *permit;
	uv_rwlock_t permit_lock;
	uv_mutex_t source_lock; /* of the source and the times below */
	struct packet_source source;
	struct bw_mono observed, claimed; /* when last */
	int wake_fd;
	atomic_bool stopping;
};

int senders_new(const struct senders_config *config, struct senders **ret_senders,
		struct bw_err *err)
{
	struct senders *all = calloc(1, sizeof(*all));

	assert(config->senders >= 1 && config->senders <= NETIO_SENDERS_MAX);
	if (!all)
		return bw_err_set(err, -ENOMEM, "out of memory");
	uv_rwlock_init(&all->permit_lock);
	uv_mutex_init(&all->source_lock);
	all->netio = config->netio;
	all->permit = config->permit;
	all->source = config->source;
	all->count = config->senders;
	all->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	all->list = calloc(config->senders, sizeof(*all->list));
	if (all->wake_fd < 0 || !all->list) {
		senders_free(all);
		return bw_err_set(err, -ENOMEM, "out of memory or descriptors");
	}
	*ret_senders = all;
	return 0;
}

void senders_free(struct senders *all)
{
	if (!all)
		return;
	senders_stop(all);
	free(all->list);
	if (all->wake_fd >= 0)
		close(all->wake_fd);
	uv_rwlock_destroy(&all->permit_lock);
	uv_mutex_destroy(&all->source_lock);
	free(all);
}

static size_t send_batch(struct sender *sender, struct bw_tx *batch, size_t count)
{
	struct senders *all = sender->all;
	size_t done;

	uv_rwlock_rdlock(&all->permit_lock);
	done = netio_send(all->netio, (unsigned)(sender - all->list), batch, count);
	uv_rwlock_rdunlock(&all->permit_lock);
	return done;
}

static void observe(struct senders *all, struct bw_mono now)
{
	struct netio_rings rings = netio_rings(all->netio);
	uint64_t arrived = rings.frames.arrived, taken = rings.frames.taken;
	struct packet_ring ring = {
		.room = rings.room,
		.waiting = arrived > taken ? arrived - taken : 0,
		.lost = rings.frames.dropped,
		.unread_ns = bw_mono_since(now, rings.read),
	};

	all->source.ops->observe(all->source.self, now, &ring);
	all->observed = now;
}

static void wait_until(struct senders *all, struct bw_mono now, struct bw_mono until)
{
	struct pollfd poll = {.fd = all->wake_fd, .events = POLLIN};
	int64_t ns = until.ns - now.ns;
	struct timespec timeout;

	ns = ns < SLEEP_MIN_NS ? SLEEP_MIN_NS : ns > SLEEP_MAX_NS ? SLEEP_MAX_NS : ns;
	timeout = (struct timespec){0, ns};
	ppoll(&poll, 1, &timeout, NULL);
}

/* A full queue empties itself: what it did not take is tried again. */
static void send_all(struct sender *sender, size_t count)
{
	struct senders *all = sender->all;
	size_t done = 0;

	while (done < count && !atomic_load_explicit(&all->stopping, memory_order_relaxed)) {
		struct bw_mono now = clock_now().mono;

		done += send_batch(sender, sender->batch + done, count - done);
		if (done < count)
			wait_until(all, now, now);
	}
	for (; done < count; done++)
		sender->batch[done].status = -EINTR;
}

/* Claims packets. False: there are none before *RET_UNTIL. */
static bool claim(struct sender *sender, struct bw_mono now, struct bw_mono *ret_until)
{
	struct senders *all = sender->all;
	const struct packet_source *source = &all->source;
	size_t count;

	uv_mutex_lock(&all->source_lock);
	if (bw_mono_since(now, all->observed) >= PACKET_OBSERVE_NS)
		observe(all, now);
	/* Two senders that read the clock one after the other may come in the other order. */
	if (bw_mono_before(now, all->claimed))
		now = all->claimed;
	all->claimed = now;
	count = source->ops->claim(source->self, now, BW_BATCH_MAX, &sender->claim);
	if (count == 0)
		*ret_until = source->ops->deadline(source->self, now);
	uv_mutex_unlock(&all->source_lock);
	return count > 0;
}

static void serve_claim(struct sender *sender)
{
	struct senders *all = sender->all;
	const struct packet_source *source = &all->source;
	size_t count = source->ops->build(source->self, &sender->claim, sender->batch);

	send_all(sender, count);
	uv_mutex_lock(&all->source_lock);
	source->ops->sent(source->self, &sender->claim, sender->batch, count);
	uv_mutex_unlock(&all->source_lock);
}

static void run_sender(void *self)
{
	struct sender *sender = (struct sender *)self;
	struct senders *all = sender->all;

	prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
	while (!atomic_load_explicit(&all->stopping, memory_order_relaxed)) {
		struct bw_mono now = clock_now().mono, until;

		if (claim(sender, now, &until))
			serve_claim(sender);
		else
			wait_until(all, now, until);
	}
}

int senders_start(struct senders *all, struct bw_err *err)
{
	all->stopping = false;
	for (unsigned i = 0; i < all->count; i++) {
		struct sender *sender = &all->list[i];
		int r;

		sender->all = all;
		r = uv_thread_create(&sender->thread, run_sender, sender);
		sender->started = r == 0;
		if (r < 0 && i == 0)
			return bw_err_set(err, r, "cannot start a thread: %s", strerror(-r));
	}
	return 0;
}

void senders_stop(struct senders *all)
{
	uint64_t one = 1;

	atomic_store(&all->stopping, true);
	/* Cannot fail: the counter is far from full. */
	if (all->wake_fd >= 0 && write(all->wake_fd, &one, sizeof(one)) < 0)
		assert(errno == EAGAIN);
	for (unsigned i = 0; all->list && i < all->count; i++) {
		if (all->list[i].started)
			uv_thread_join(&all->list[i].thread);
		all->list[i].started = false;
	}
}

const struct prefix_set *senders_set_blocklist(struct senders *all,
					       const struct prefix_set *blocklist)
{
	const struct prefix_set *before;

	uv_rwlock_wrlock(&all->permit_lock);
	before = all->permit->blocklist;
	all->permit->blocklist = blocklist;
	uv_rwlock_wrunlock(&all->permit_lock);
	return before;
}
