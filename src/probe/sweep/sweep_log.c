/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_log.h"

#include <errno.h>
#include <stdlib.h>

#define MARGIN 1024 /* points next to be overwritten, that a reader keeps off */

int sweep_log_init(struct sweep_log *log)
{
	atomic_init(&log->count, 0);
	log->points = calloc(SWEEP_LOG_POINTS, sizeof(*log->points));
	return log->points ? 0 : -ENOMEM;
}

void sweep_log_fini(struct sweep_log *log)
{
	free(log->points);
	log->points = NULL;
}

static struct sweep_log_point *point(const struct sweep_log *log, uint64_t n)
{
	return &log->points[n % SWEEP_LOG_POINTS];
}

static uint64_t place_of(const struct sweep_log *log, uint64_t n)
{
	return atomic_load_explicit(&point(log, n)->place, memory_order_relaxed);
}

static int64_t ns_of(const struct sweep_log *log, uint64_t n)
{
	return atomic_load_explicit(&point(log, n)->ns, memory_order_relaxed);
}

void sweep_log_add(struct sweep_log *log, uint64_t place, struct bw_mono now, bool must)
{
	uint64_t count = atomic_load_explicit(&log->count, memory_order_relaxed);

	if (count > 0 && !must && now.ns - ns_of(log, count - 1) < SWEEP_LOG_STEP_NS)
		return;
	atomic_store_explicit(&point(log, count)->place, place, memory_order_relaxed);
	atomic_store_explicit(&point(log, count)->ns, now.ns, memory_order_relaxed);
	atomic_store_explicit(&log->count, count + 1, memory_order_release);
}

static uint64_t oldest(uint64_t count)
{
	return count > SWEEP_LOG_POINTS - MARGIN ? count - (SWEEP_LOG_POINTS - MARGIN) : 0;
}

/* The last point whose place is not above PLACE; COUNT when there is none. */
static uint64_t point_before(const struct sweep_log *log, uint64_t place, uint64_t count)
{
	uint64_t low = oldest(count), high = count;

	if (low == high || place_of(log, low) > place)
		return count;
	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;

		if (place_of(log, middle) <= place)
			low = middle;
		else
			high = middle;
	}
	return low;
}

bool sweep_log_find(const struct sweep_log *log, uint64_t place, struct sweep_log_time *ret_time)
{
	uint64_t count = atomic_load_explicit(&log->count, memory_order_acquire);
	uint64_t n = point_before(log, place, count);
	uint64_t first, span;
	int64_t ns;

	if (n == count)
		return false;
	ns = ns_of(log, n);
	*ret_time = (struct sweep_log_time){{ns}, {ns}};
	if (n + 1 == count)
		return true;
	first = place_of(log, n);
	span = place_of(log, n + 1) - first;
	if (span > 0)
		ret_time->at.ns += (int64_t)((double)(ns_of(log, n + 1) - ns) *
					     (double)(place - first) / (double)span);
	return true;
}

uint64_t sweep_log_place(const struct sweep_log *log, struct bw_mono at)
{
	uint64_t count = atomic_load_explicit(&log->count, memory_order_acquire);
	uint64_t low = oldest(count), high = count;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (ns_of(log, middle) < at.ns)
			low = middle + 1;
		else
			high = middle;
	}
	if (low > oldest(count))
		low--; /* between two points: rather too early a place than too late */
	return low == count ? UINT64_MAX : place_of(log, low);
}
