/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/probe_queue.h"

#include <errno.h>
#include <stdlib.h>

#include <blockwatch/err.h>

#define NONE UINT32_MAX
#define PAUSE_MIN_NS BW_MS
#define PAUSE_MAX_NS (64 * BW_MS)

struct probe_queue_entry {
	struct probe probe;
	uint32_t next; /* in the list of its way, or of the free ones */
	uint64_t number;
};

int probe_queue_init(struct probe_queue *queue, uint32_t max)
{
	*queue = (struct probe_queue){.max = max, .entries = calloc(max, sizeof(*queue->entries))};
	if (!queue->entries)
		return -ENOMEM;
	for (uint32_t i = 0; i < max; i++)
		queue->entries[i].next = i + 1 < max ? i + 1 : NONE;
	for (unsigned e = 0; e < BW_EGRESS_MAX; e++) {
		struct probe_queue_way *way = &queue->ways[e];

		way->first = way->last = way->next = NONE;
		way->held_until.ns = INT64_MIN;
	}
	return 0;
}

void probe_queue_fini(struct probe_queue *queue)
{
	free(queue->entries);
	queue->entries = NULL;
}

int probe_queue_add(struct probe_queue *queue, const struct probe *probe)
{
	struct probe_queue_way *way = &queue->ways[probe->egress];
	uint32_t at = queue->first_free;

	if (queue->count == queue->max || (way->pause_ns > 0 && way->count >= queue->max / 2))
		return BW_ERR_LIMIT;
	queue->first_free = queue->entries[at].next;
	queue->entries[at] = (struct probe_queue_entry){*probe, NONE, queue->added++};
	if (way->count == 0)
		way->first = at;
	else
		queue->entries[way->last].next = at;
	way->last = at;
	way->count++;
	queue->count++;
	if (queue->way_count <= probe->egress)
		queue->way_count = probe->egress + 1U;
	return 0;
}

uint32_t probe_queue_count(const struct probe_queue *queue)
{
	return queue->count;
}

static bool is_held(const struct probe_queue_way *way, struct bw_mono now)
{
	return bw_mono_before(now, way->held_until);
}

uint32_t probe_queue_ready(const struct probe_queue *queue, struct bw_mono now)
{
	uint32_t ready = 0;

	for (unsigned e = 0; e < queue->way_count; e++)
		if (!is_held(&queue->ways[e], now))
			ready += queue->ways[e].count;
	return ready;
}

void probe_queue_rewind(struct probe_queue *queue)
{
	for (unsigned e = 0; e < queue->way_count; e++)
		queue->ways[e].next = queue->ways[e].first;
}

const struct probe *probe_queue_next(struct probe_queue *queue, struct bw_mono now)
{
	struct probe_queue_way *oldest = NULL;
	const struct probe_queue_entry *entry = NULL;

	for (unsigned e = 0; e < queue->way_count; e++) {
		struct probe_queue_way *way = &queue->ways[e];

		if (way->next == NONE || is_held(way, now))
			continue;
		if (entry && entry->number < queue->entries[way->next].number)
			continue;
		oldest = way;
		entry = &queue->entries[way->next];
	}
	if (!entry)
		return NULL;
	oldest->next = entry->next;
	return &entry->probe;
}

void probe_queue_remove(struct probe_queue *queue, unsigned egress)
{
	struct probe_queue_way *way = &queue->ways[egress];
	uint32_t at = way->first;

	way->first = queue->entries[at].next;
	way->count--;
	way->pause_ns = 0;
	way->held_until.ns = INT64_MIN;
	queue->entries[at].next = queue->first_free;
	queue->first_free = at;
	queue->count--;
}

void probe_queue_hold(struct probe_queue *queue, unsigned egress, struct bw_mono now)
{
	struct probe_queue_way *way = &queue->ways[egress];

	way->pause_ns = way->pause_ns ? way->pause_ns * 2 : PAUSE_MIN_NS;
	if (way->pause_ns > PAUSE_MAX_NS)
		way->pause_ns = PAUSE_MAX_NS;
	way->held_until = bw_mono_add(now, way->pause_ns);
}

struct bw_mono probe_queue_held_until(const struct probe_queue *queue, unsigned egress)
{
	return queue->ways[egress].held_until;
}

struct bw_mono probe_queue_at(const struct probe_queue *queue)
{
	struct bw_mono at = BW_NEVER;

	for (unsigned e = 0; e < queue->way_count; e++)
		if (queue->ways[e].count > 0)
			at = bw_mono_min(at, queue->ways[e].held_until);
	return at;
}
