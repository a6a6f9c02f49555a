/* SPDX-License-Identifier: Apache-2.0 */
#include "base/wheel.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * Level 0 has a slot for each of the next 1024 ticks, level 1 a slot for each
 * 1024 ticks after that, and so on: seven levels hold any time there is. A
 * number goes to the level that the distance of its tick asks for. When the
 * wheel comes to the first tick of a slot above level 0, the slot is dealt out
 * to the levels below. So a number is moved at most once a level, and with a
 * tick of 1 ms what lies less than 17 minutes ahead is moved once. A slot of
 * level 1 holds one second's worth, so that dealing never stops the packets for
 * long: at five million numbers in ten minutes, for less than a millisecond.
 *
 * Slots are circular doubly linked lists of 32-bit indices into one array. The
 * list heads are the first nodes of that array, so that unlinking needs no case
 * for the ends, growing moves nothing, and a list that unlinking leaves empty
 * gives the slot's own index, whose bit is cleared. The bits (a word of bits
 * over 16 words a level) find the next slot that holds anything without a walk
 * over those that hold nothing: a long idle time costs nothing.
 *
 * Order. Time only goes forward, so the distance to a given tick only shrinks,
 * and of two numbers for the same tick the one in the higher level was armed
 * first. Hence a slot is dealt out before anything of its first tick expires,
 * from its tail, each number put in front of what is there already; and when
 * slots of several levels begin at the same tick, the lowest is dealt first.
 *
 * `current` is the tick that is being served; nothing armed lies before it.
 * `deal` is not after the first tick of any occupied slot above level 0 (it is
 * left too early when a cancel empties the slot).
 */

#define LEVEL_BITS 10
#define LEVELS 7
#define SLOTS (1u << LEVEL_BITS)
#define SLOT_MASK (SLOTS - 1)
#define WORDS (SLOTS / 64)
#define HEADS (LEVELS * SLOTS)
#define NONE UINT32_MAX
#define NO_TICK UINT64_MAX

struct node {
	uint32_t next, prev; /* next is NONE: not armed */
	uint64_t tick;
};

struct level {
	uint64_t words[WORDS]; /* a bit a slot: holds something */
	uint32_t summary;      /* a bit a word: is not 0 */
};

struct wheel {
	struct node *nodes; /* HEADS list heads, then the numbers */
	uint32_t count;
	int64_t tick_ns;
	struct bw_mono start;
	uint64_t current, deal, last;
	struct bw_mono asked; /* the last time that was turned into a tick */
	uint64_t asked_tick;
	struct level levels[LEVELS];
};

static void reset_nodes(struct wheel *wheel, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		wheel->nodes[i] = (struct node){.next = NONE, .prev = NONE};
}

struct wheel *wheel_new(uint32_t count, int64_t tick_ns, struct bw_mono start)
{
	struct wheel *wheel = (struct wheel *)calloc(1, sizeof(*wheel));

	assert(tick_ns > 0);
	if (!wheel)
		return NULL;
	wheel->tick_ns = tick_ns;
	wheel->start = wheel->asked = start;
	wheel->deal = NO_TICK;
	wheel->last = ((uint64_t)INT64_MAX - (uint64_t)start.ns) / (uint64_t)tick_ns;
	if (wheel_grow(wheel, count) < 0) {
		wheel_free(wheel);
		return NULL;
	}
	for (uint32_t head = 0; head < HEADS; head++)
		wheel->nodes[head] = (struct node){.next = head, .prev = head};
	return wheel;
}

void wheel_free(struct wheel *wheel)
{
	if (!wheel)
		return;
	free(wheel->nodes);
	free(wheel);
}

int wheel_grow(struct wheel *wheel, uint32_t count)
{
	struct node *nodes;

	if (wheel->nodes && count <= wheel->count)
		return 0;
	if (count >= NONE - HEADS)
		return -ENOMEM;
	nodes = (struct node *)realloc(wheel->nodes, ((size_t)HEADS + count) * sizeof(*nodes));
	if (!nodes)
		return -ENOMEM;
	wheel->nodes = nodes;
	reset_nodes(wheel, (size_t)HEADS + wheel->count, (size_t)HEADS + count);
	wheel->count = count;
	return 0;
}

/* The first tick at or after AT. */
static uint64_t tick_due(const struct wheel *wheel, struct bw_mono at)
{
	uint64_t tick_ns = (uint64_t)wheel->tick_ns, distance, tick;

	if (at.ns <= wheel->start.ns)
		return 0;
	distance = (uint64_t)at.ns - (uint64_t)wheel->start.ns;
	tick = distance / tick_ns;
	tick += tick * tick_ns != distance;
	return tick < wheel->last ? tick : wheel->last;
}

/* The last tick at or before NOW, which is not before the start. */
static uint64_t tick_reached(struct wheel *wheel, struct bw_mono now)
{
	if (now.ns != wheel->asked.ns) {
		wheel->asked = now;
		wheel->asked_tick =
			((uint64_t)now.ns - (uint64_t)wheel->start.ns) / (uint64_t)wheel->tick_ns;
	}
	return wheel->asked_tick;
}

static void set_bit(struct wheel *wheel, uint32_t head)
{
	struct level *level = &wheel->levels[head >> LEVEL_BITS];
	unsigned slot = head & SLOT_MASK;

	level->words[slot / 64] |= UINT64_C(1) << slot % 64;
	level->summary |= 1u << slot / 64;
}

static void clear_bit(struct wheel *wheel, uint32_t head)
{
	struct level *level = &wheel->levels[head >> LEVEL_BITS];
	unsigned slot = head & SLOT_MASK;

	level->words[slot / 64] &= ~(UINT64_C(1) << slot % 64);
	if (level->words[slot / 64] == 0)
		level->summary &= ~(1u << slot / 64);
}

/* The first occupied slot from FROM on, going round; the level has one. */
static unsigned next_slot(const struct level *level, unsigned from)
{
	unsigned word = from / 64;
	uint64_t bits = level->words[word] & UINT64_MAX << from % 64;

	if (bits == 0) {
		uint32_t behind = level->summary & UINT32_MAX << word << 1;

		word = (unsigned)__builtin_ctz(behind ? behind : level->summary);
		bits = level->words[word];
	}
	return word * 64 + (unsigned)__builtin_ctzll(bits);
}

/* The slot for TICK, as its list head; a slot above level 0 is to be dealt out in time. */
static uint32_t head_for(struct wheel *wheel, uint64_t tick)
{
	uint64_t distance = tick - wheel->current;
	unsigned level, shift;

	if (distance < SLOTS)
		return (uint32_t)tick & SLOT_MASK;
	level = (63 - (unsigned)__builtin_clzll(distance)) / LEVEL_BITS;
	shift = level * LEVEL_BITS;
	if (tick >> shift << shift < wheel->deal)
		wheel->deal = tick >> shift << shift;
	return level << LEVEL_BITS | ((uint32_t)(tick >> shift) & SLOT_MASK);
}

static void link_between(struct wheel *wheel, uint32_t index, uint32_t prev, uint32_t next)
{
	wheel->nodes[index].prev = prev;
	wheel->nodes[index].next = next;
	wheel->nodes[prev].next = index;
	wheel->nodes[next].prev = index;
}

static void unlink_node(struct wheel *wheel, uint32_t index)
{
	struct node *node = &wheel->nodes[index];

	wheel->nodes[node->prev].next = node->next;
	wheel->nodes[node->next].prev = node->prev;
	if (node->prev == node->next)
		clear_bit(wheel, node->prev);
	node->next = NONE;
}

void wheel_arm(struct wheel *wheel, uint32_t id, struct bw_mono at)
{
	uint32_t index = HEADS + id, head;
	uint64_t tick = tick_due(wheel, at);

	assert(id < wheel->count);
	if (wheel->nodes[index].next != NONE)
		unlink_node(wheel, index);
	if (tick < wheel->current)
		tick = wheel->current;
	head = head_for(wheel, tick);
	wheel->nodes[index].tick = tick;
	link_between(wheel, index, wheel->nodes[head].prev, head);
	set_bit(wheel, head);
}

void wheel_cancel(struct wheel *wheel, uint32_t id)
{
	assert(id < wheel->count);
	if (wheel->nodes[HEADS + id].next != NONE)
		unlink_node(wheel, HEADS + id);
}

bool wheel_is_armed(const struct wheel *wheel, uint32_t id)
{
	assert(id < wheel->count);
	return wheel->nodes[HEADS + id].next != NONE;
}

static uint64_t first_due(const struct wheel *wheel)
{
	unsigned from = (unsigned)wheel->current & SLOT_MASK;

	if (wheel->levels[0].summary == 0)
		return NO_TICK;
	return wheel->current + ((next_slot(&wheel->levels[0], from) - from) & SLOT_MASK);
}

/* The first tick of the next occupied slot of LEVEL, which is above 0. */
static uint64_t first_of_level(const struct wheel *wheel, unsigned level)
{
	unsigned shift = level * LEVEL_BITS;
	uint64_t from = (wheel->current >> shift) + 1;
	unsigned slot;

	if (wheel->levels[level].summary == 0)
		return NO_TICK;
	slot = next_slot(&wheel->levels[level], (unsigned)from & SLOT_MASK);
	return (from + ((slot - (unsigned)from) & SLOT_MASK)) << shift;
}

static void deal_slot(struct wheel *wheel, uint32_t head)
{
	uint32_t index = wheel->nodes[head].prev;

	wheel->nodes[head] = (struct node){.next = head, .prev = head};
	clear_bit(wheel, head);
	while (index != head) {
		uint32_t prev = wheel->nodes[index].prev;
		uint32_t to = head_for(wheel, wheel->nodes[index].tick);

		link_between(wheel, index, to, wheel->nodes[to].next);
		set_bit(wheel, to);
		index = prev;
	}
}

/* Goes to the tick `deal` and deals out each slot that begins there, the lowest first. */
static void deal_out(struct wheel *wheel)
{
	wheel->current = wheel->deal;
	for (unsigned level = 1; level < LEVELS; level++) {
		unsigned shift = level * LEVEL_BITS;
		uint64_t slot = wheel->current >> shift;

		if (slot << shift != wheel->current)
			break;
		deal_slot(wheel, level << LEVEL_BITS | ((uint32_t)slot & SLOT_MASK));
	}
	wheel->deal = NO_TICK;
	for (unsigned level = 1; level < LEVELS; level++) {
		uint64_t first = first_of_level(wheel, level);

		if (first < wheel->deal)
			wheel->deal = first;
	}
}

bool wheel_expire(struct wheel *wheel, struct bw_mono now, uint32_t *ret_id)
{
	uint64_t limit, due;
	uint32_t index;

	if (now.ns < wheel->start.ns)
		return false;
	limit = tick_reached(wheel, now);
	for (due = first_due(wheel); wheel->deal <= due && wheel->deal <= limit;
	     due = first_due(wheel))
		deal_out(wheel);
	if (due > limit) {
		if (limit > wheel->current)
			wheel->current = limit;
		return false;
	}
	wheel->current = due;
	index = wheel->nodes[due & SLOT_MASK].next;
	unlink_node(wheel, index);
	/* The next one is asked for soon: fetch it while the caller works on this one. */
	__builtin_prefetch(&wheel->nodes[wheel->nodes[due & SLOT_MASK].next]);
	*ret_id = index - HEADS;
	return true;
}

struct bw_mono wheel_next(const struct wheel *wheel)
{
	uint64_t due = first_due(wheel), tick = due < wheel->deal ? due : wheel->deal;
	uint64_t room = (uint64_t)INT64_MAX - (uint64_t)wheel->start.ns;

	if (tick > room / (uint64_t)wheel->tick_ns)
		return BW_NEVER;
	return (struct bw_mono){
		(int64_t)((uint64_t)wheel->start.ns + tick * (uint64_t)wheel->tick_ns)};
}
