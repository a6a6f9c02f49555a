/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/spool/plan.h"

#include <string.h>

#define SEGMENT_SIZE_MIN ((uint64_t)64 << 10)
#define SEGMENT_SIZE_MAX ((uint64_t)16 << 20)
#define SEGMENT_AGE_MAX_NS (6 * 3600 * BW_S)
#define PARTS 16 /* of the size; of the age four times as many */

#define EVENTS (1U << SPOOL_EVENT)
#define ALL_TYPES ((1U << SPOOL_TYPES) - 1)

uint64_t plan_segment_size(const struct plan_limits *limits)
{
	uint64_t size = limits->size / PARTS;

	if (size < SEGMENT_SIZE_MIN)
		return SEGMENT_SIZE_MIN;
	return size < SEGMENT_SIZE_MAX ? size : SEGMENT_SIZE_MAX;
}

int64_t plan_segment_age_ns(const struct plan_limits *limits)
{
	int64_t age_ns = limits->age_ns / (4 * PARTS);

	return age_ns < SEGMENT_AGE_MAX_NS ? age_ns : SEGMENT_AGE_MAX_NS;
}

/* A spool that holds more is full. */
static uint64_t full_size(const struct plan_limits *limits)
{
	uint64_t spare = plan_segment_size(limits);

	return limits->size > 2 * spare ? limits->size - spare : limits->size / 2;
}

static unsigned types_in(const struct plan_segment *segment)
{
	unsigned types = 0;

	for (unsigned type = 0; type < SPOOL_TYPES; type++)
		if (segment->all.sums.records[type] > 0)
			types |= 1U << type;
	return types;
}

static struct plan_step drop(const struct plan *plan, size_t number, unsigned types)
{
	struct plan_step step = {.action = PLAN_REWRITE, .segment = number, .types = types};

	if (number + 1 == plan->count)
		step.action = PLAN_BEGIN;
	else if ((types_in(&plan->list[number]) & ~types) == 0)
		step.action = PLAN_DELETE;
	return step;
}

static struct plan_step drop_old(const struct plan *plan, const struct plan_limits *limits,
				 struct bw_mono now)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_segment *segment = &plan->list[i];
		bool old = bw_mono_before(bw_mono_add(segment->last_write, limits->age_ns), now);

		if (old && (types_in(segment) & ~EVENTS)) {
			struct plan_step step = drop(plan, i, ALL_TYPES & ~EVENTS);

			step.for_age = true;
			return step;
		}
	}
	return (struct plan_step){.action = PLAN_NOTHING};
}

/* Segments in which nothing is counted, such as one of damaged lines, go first. */
static struct plan_step drop_first_type(const struct plan *plan)
{
	for (size_t i = 0; i + 1 < plan->count; i++)
		if (types_in(&plan->list[i]) == 0)
			return drop(plan, i, ALL_TYPES);
	for (unsigned type = 0; type < SPOOL_TYPES; type++)
		for (size_t i = 0; i < plan->count; i++)
			if (plan->list[i].all.sums.records[type] > 0)
				return drop(plan, i, 1U << type);
	return (struct plan_step){.action = PLAN_NOTHING};
}

uint64_t plan_reserve_size(const struct plan_limits *limits)
{
	return plan_segment_size(limits) / 2;
}

/* Whether the segment has records of TYPES, and at most ROOM bytes of others. */
static bool can_lose(const struct plan_segment *segment, unsigned types, uint64_t room)
{
	uint64_t left = segment->all.length;

	for (unsigned type = 0; type < SPOOL_TYPES; type++)
		if (types & 1U << type)
			left -= segment->all.sums.bytes[type];
	return (types_in(segment) & types) && (left <= room || !(types_in(segment) & ~types));
}

struct plan_step plan_make_room(const struct plan *plan, unsigned type, uint64_t room)
{
	for (unsigned last = 0; last <= type && last < SPOOL_EVENT; last++)
		for (size_t i = 0; i < plan->count; i++)
			if (can_lose(&plan->list[i], (2U << last) - 1, room))
				return drop(plan, i, (2U << last) - 1);
	return (struct plan_step){.action = PLAN_NOTHING};
}

struct plan_step plan_next(const struct plan *plan, const struct plan_limits *limits,
			   struct bw_mono now)
{
	struct plan_step step = drop_old(plan, limits, now);

	if (step.action == PLAN_NOTHING && plan_is_full(plan, limits))
		step = drop_first_type(plan);
	return step;
}

bool plan_is_full(const struct plan *plan, const struct plan_limits *limits)
{
	return plan->bytes > full_size(limits);
}

bool plan_admits(const struct plan *plan, const struct plan_limits *limits, unsigned type,
		 size_t length)
{
	uint64_t after = plan->bytes + length, full = full_size(limits);
	unsigned before = (2U << type) - 1; /* the type itself and those that go before it */

	if (after <= full)
		return true;
	if (type == SPOOL_EVENT)
		return after <= limits->size;
	if (after > full + (limits->size - full) / 2)
		return false;
	for (size_t i = 0; i + 1 < plan->count; i++)
		if (types_in(&plan->list[i]) & before)
			return true;
	return false;
}

size_t plan_delivered(const struct plan *plan, uint64_t segment, const char *boot, uint64_t seq)
{
	size_t count = 0;

	while (count + 1 < plan->count && plan->list[count].number < segment)
		count++;
	if (count + 1 < plan->count && plan->list[count].number == segment &&
	    plan->list[count].all.last_seq == seq &&
	    strcmp(plan->list[count].all.last_boot, boot) == 0)
		count++;
	return count;
}
