/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/trace/trace_queue.h"

#include <errno.h>
#include <stdlib.h>

#include "base/addr/addr_key.h"
#include "base/huge_array.h"
#include "base/rng.h"

#define NONE UINT32_MAX
/* A TTL is limited from so many losses on, if fewer than so many answers came for each. */
#define LOST_LEAST 3
#define ANSWERED_PER_LOST 4

int trace_queue_init(struct trace_queue *queue, uint32_t slots, uint8_t max_ttl)
{
	*queue = (struct trace_queue){.room = max_ttl + 1U, .max_ttl = max_ttl};
	for (unsigned ttl = 0; ttl <= TRACE_TTL_MAX; ttl++)
		queue->lanes[ttl].head = queue->lanes[ttl].tail = NONE;
	queue->next = huge_array_new((size_t)slots * queue->room, sizeof(*queue->next));
	return queue->next ? 0 : -ENOMEM;
}

void trace_queue_fini(struct trace_queue *queue)
{
	huge_array_free(queue->next);
	*queue = (struct trace_queue){0};
}

static uint8_t ttl_of(const struct trace_queue *queue, uint32_t number)
{
	return (uint8_t)(number % queue->room);
}

void trace_queue_put(struct trace_queue *queue, uint32_t number)
{
	uint8_t ttl = ttl_of(queue, number);
	struct trace_lane *lane = &queue->lanes[ttl];

	queue->next[number] = NONE;
	if (lane->head == NONE)
		lane->head = number;
	else
		queue->next[lane->tail] = number;
	lane->tail = number;
	queue->waiting |= UINT64_C(1) << (ttl - 1);
	queue->count++;
}

void trace_queue_put_back(struct trace_queue *queue, uint32_t number)
{
	uint8_t ttl = ttl_of(queue, number);
	struct trace_lane *lane = &queue->lanes[ttl];

	queue->next[number] = lane->head;
	if (lane->head == NONE)
		lane->tail = number;
	lane->head = number;
	queue->waiting |= UINT64_C(1) << (ttl - 1);
	queue->count++;
}

static bool is_limited(const struct trace_lane *lane, struct bw_mono now)
{
	return bw_mono_before(now, lane->limited_until);
}

static bool may_send(const struct trace_queue *queue, uint8_t ttl, struct bw_mono now)
{
	const struct trace_lane *lane = &queue->lanes[ttl];

	if (ttl == queue->max_ttl)
		return true;
	if (is_limited(lane, now) && bw_mono_before(now, lane->next_at))
		return false;
	return lane->flying < TRACE_QUEUE_FIRST + 2 * (lane->answered + lane->lost + lane->missed);
}

/* The next TTL after the last one that has a probe which may be sent; 0: none. */
static uint8_t find_turn(const struct trace_queue *queue, struct bw_mono now)
{
	uint8_t turn = queue->turn;
	/* Those after the last one first, then all. */
	uint64_t left = turn < TRACE_TTL_MAX ? queue->waiting >> turn << turn : 0;

	for (unsigned pass = 0; pass < 2; pass++, left = queue->waiting) {
		while (left) {
			uint8_t ttl = (uint8_t)(__builtin_ctzll(left) + 1);

			if (may_send(queue, ttl, now))
				return ttl;
			left &= left - 1;
		}
	}
	return 0;
}

struct bw_mono trace_queue_due(const struct trace_queue *queue, struct bw_mono now)
{
	struct bw_mono due = BW_NEVER;

	if (find_turn(queue, now))
		return now;
	for (uint64_t left = queue->waiting; left; left &= left - 1) {
		const struct trace_lane *lane = &queue->lanes[__builtin_ctzll(left) + 1];

		if (is_limited(lane, now) && bw_mono_before(now, lane->next_at))
			due = bw_mono_min(due, bw_mono_min(lane->next_at, lane->limited_until));
	}
	return due;
}

bool trace_queue_take(struct trace_queue *queue, struct bw_mono now, uint32_t *ret_number)
{
	uint8_t ttl = find_turn(queue, now);
	struct trace_lane *lane = &queue->lanes[ttl];
	uint32_t number;

	if (ttl == 0)
		return false;
	number = lane->head;
	lane->head = queue->next[number];
	if (lane->head == NONE) {
		lane->tail = NONE;
		queue->waiting &= ~(UINT64_C(1) << (ttl - 1));
	}
	if (is_limited(lane, now))
		lane->next_at =
			bw_mono_add(now, TRACE_QUEUE_PACE_NS / __builtin_popcountll(lane->routers));
	queue->count--;
	lane->flying++;
	queue->turn = ttl;
	*ret_number = number;
	return true;
}

void trace_queue_landed(struct trace_queue *queue, uint8_t ttl)
{
	queue->lanes[ttl].flying--;
}

void trace_queue_answered(struct trace_queue *queue, uint8_t ttl, const struct bw_addr *from)
{
	struct trace_lane *lane = &queue->lanes[ttl];
	struct addr_key key = addr_key_of(from);

	lane->flying--;
	lane->answered++;
	lane->routers |= UINT64_C(1) << (rng_mix(rng_mix(key.hi) ^ key.lo) & 63);
}

void trace_queue_lost(struct trace_queue *queue, uint8_t ttl, bool expected, struct bw_mono now)
{
	struct trace_lane *lane = &queue->lanes[ttl];

	lane->flying--;
	if (expected) {
		lane->missed++;
		return;
	}
	lane->lost++;
	if (lane->limited_until.ns == 0 && lane->answered > 0 && lane->lost >= LOST_LEAST &&
	    lane->lost * ANSWERED_PER_LOST > lane->answered)
		lane->limited_until = bw_mono_add(now, TRACE_QUEUE_LIMITED_NS);
}
