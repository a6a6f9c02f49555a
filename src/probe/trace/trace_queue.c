/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/trace/trace_queue.h"

#include <errno.h>
#include <stdlib.h>

#include "base/huge_array.h"

#define NONE UINT32_MAX

int trace_queue_init(struct trace_queue *queue, uint32_t slots, uint8_t max_ttl)
{
	*queue = (struct trace_queue){.room = max_ttl + 1U, .max_ttl = max_ttl};
	for (unsigned ttl = 0; ttl <= TRACE_TTL_MAX; ttl++)
		queue->head[ttl] = queue->tail[ttl] = NONE;
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

	queue->next[number] = NONE;
	if (queue->head[ttl] == NONE)
		queue->head[ttl] = number;
	else
		queue->next[queue->tail[ttl]] = number;
	queue->tail[ttl] = number;
	queue->waiting |= UINT64_C(1) << (ttl - 1);
	queue->count++;
}

void trace_queue_put_back(struct trace_queue *queue, uint32_t number)
{
	uint8_t ttl = ttl_of(queue, number);

	queue->next[number] = queue->head[ttl];
	if (queue->head[ttl] == NONE)
		queue->tail[ttl] = number;
	queue->head[ttl] = number;
	queue->waiting |= UINT64_C(1) << (ttl - 1);
	queue->count++;
}

static bool may_send(const struct trace_queue *queue, uint8_t ttl)
{
	return ttl == queue->max_ttl ||
	       queue->flying[ttl] < TRACE_QUEUE_FIRST + 2 * queue->settled[ttl];
}

/* The next TTL after the last one that has a probe which may be sent; 0: none. */
static uint8_t find_turn(const struct trace_queue *queue)
{
	uint8_t turn = queue->turn;
	/* Those after the last one first, then all. */
	uint64_t left = turn < TRACE_TTL_MAX ? queue->waiting >> turn << turn : 0;

	for (unsigned pass = 0; pass < 2; pass++, left = queue->waiting) {
		while (left) {
			uint8_t ttl = (uint8_t)(__builtin_ctzll(left) + 1);

			if (may_send(queue, ttl))
				return ttl;
			left &= left - 1;
		}
	}
	return 0;
}

bool trace_queue_is_ready(const struct trace_queue *queue)
{
	return find_turn(queue) != 0;
}

bool trace_queue_take(struct trace_queue *queue, uint32_t *ret_number)
{
	uint8_t ttl = find_turn(queue);
	uint32_t number;

	if (ttl == 0)
		return false;
	number = queue->head[ttl];
	queue->head[ttl] = queue->next[number];
	if (queue->head[ttl] == NONE) {
		queue->tail[ttl] = NONE;
		queue->waiting &= ~(UINT64_C(1) << (ttl - 1));
	}
	queue->count--;
	queue->flying[ttl]++;
	queue->turn = ttl;
	*ret_number = number;
	return true;
}

void trace_queue_landed(struct trace_queue *queue, uint8_t ttl, bool settled)
{
	queue->flying[ttl]--;
	queue->settled[ttl] += settled;
}
