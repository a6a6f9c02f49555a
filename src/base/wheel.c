/* SPDX-License-Identifier: Apache-2.0 */
#include "base/wheel.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bit_ring.h"
#include "base/huge_array.h"

/*
 * Level 0 has a slot for each of the next 1024 ticks, level 1 a slot for each
 * 1024 ticks after that, and so on: four levels reach 2^40 ticks ahead. A number
 * goes to the level that the distance of its tick asks for. When the wheel comes to
 * the first tick of a slot above level 0, the slot is dealt out to the levels below.
 * So a number is moved at most once a level, and with a tick of 1 ms what lies less
 * than 17 minutes ahead is moved once.
 *
 * A slot of level 1 holds one second's worth, so that dealing never keeps
 * packets waiting for long. What it costs is memory: the nodes of a list lie
 * anywhere, and each must have come before it is known where the next one is.
 * So a slot is four lists, each for a quarter of its time, that are dealt out in
 * turn, and four nodes are on their way at once. (Between quarters no order has
 * to be kept: they have no tick in common.) Five million numbers in random order
 * cost half of what they cost with single lists, and so does the longest advance.
 *
 * Lists are circular, doubly linked, of 32-bit indices into one array. The list
 * heads are the first nodes of that array, so that unlinking needs no case for
 * the ends, growing moves nothing, and a list that unlinking leaves empty gives
 * its own index, whose bit is cleared. Index 0 is nobody's: a node of zeros is not
 * armed, and a large array costs nothing before it is used. A node has the lower 32
 * bits of its tick; what is above is known when its slot is dealt out, for the slots
 * of the highest level are 2^30 ticks long. A ring of bits for each level finds the next
 * list that holds anything without a walk over those that hold nothing: a long idle
 * time costs nothing.
 *
 * Order. Time only goes forward, so the distance to a given tick only shrinks,
 * and of two numbers for the same tick the one in the higher level was armed
 * first. Hence a slot is dealt out before anything of its first tick expires,
 * each list from its tail, each number put in front of what is there already;
 * and when slots of several levels begin at the same tick, the lowest is first.
 *
 * `current` is the tick that is being served; nothing armed lies before it.
 * `deal` is not after the first tick of any occupied slot above level 0 (it is
 * left too early when a cancel empties the slot). `next` is the tick at which
 * wheel_expire() has something to do, the first one due or `deal`. It is found when
 * nothing is due, which is most of the time, and kept while numbers are armed.
 */

#define LEVELS 4
#define LEVEL_BITS 10 /* a slot is as long as 2^10 slots of the level below */
#define LANE_BITS 2   /* and above level 0 it is 2^2 lists */
#define LANES (1u << LANE_BITS)
#define HEAD_BITS (LEVEL_BITS + LANE_BITS)
#define LEVEL_HEADS (1u << HEAD_BITS)
#define HEAD_MASK (LEVEL_HEADS - 1)
#define HEADS (LEVELS * LEVEL_HEADS)

#define NOBODY 0
#define FIRST_HEAD 1
#define FIRST_NUMBER (FIRST_HEAD + HEADS)
#define NO_TICK UINT64_MAX
#define UNKNOWN 0 /* of `next`: before every tick that is not served yet, or a tick found */
#define REACH ((UINT64_C(1) << LEVELS * LEVEL_BITS) - 1) /* ticks ahead, at most */

_Static_assert(LEVEL_HEADS == BIT_RING_SIZE, "a bit for each list of a level");

struct node {
	uint32_t next, prev; /* next is NOBODY: not armed */
	uint32_t tick;       /* modulo 2^32 */
};

_Static_assert(sizeof(struct node) == 12, "a number takes 12 bytes");
_Static_assert((LEVELS - 1) * LEVEL_BITS <= 32, "32 bits tell the ticks of any slot apart");

struct wheel {
	struct node *nodes; /* nobody, HEADS list heads, then the numbers */
	uint32_t count;
	int64_t tick_ns;
	struct bw_mono start;
	uint64_t current, deal;
	uint64_t next; /* UNKNOWN: must be found */
	uint64_t last;        /* the last tick that time can reach */
	struct bw_mono asked; /* the last time that was turned into a tick */
	uint64_t asked_tick;
	struct bit_ring levels[LEVELS]; /* a bit a list: holds something */
};

struct wheel *wheel_new(uint32_t count, int64_t tick_ns, struct bw_mono start)
{
	struct wheel *wheel = (struct wheel *)calloc(1, sizeof(*wheel));

	assert(tick_ns > 0);
	if (!wheel || count >= UINT32_MAX - FIRST_NUMBER)
		goto fail;
	wheel->tick_ns = tick_ns;
	wheel->start = wheel->asked = start;
	wheel->deal = NO_TICK;
	wheel->last = ((uint64_t)INT64_MAX - (uint64_t)start.ns) / (uint64_t)tick_ns;
	wheel->count = count;
	wheel->nodes =
		(struct node *)huge_array_new((size_t)FIRST_NUMBER + count, sizeof(struct node));
	if (!wheel->nodes)
		goto fail;
	for (uint32_t head = FIRST_HEAD; head < FIRST_NUMBER; head++)
		wheel->nodes[head] = (struct node){.next = head, .prev = head};
	return wheel;
fail:
	wheel_free(wheel);
	return NULL;
}

void wheel_free(struct wheel *wheel)
{
	if (!wheel)
		return;
	huge_array_free(wheel->nodes);
	free(wheel);
}

int wheel_grow(struct wheel *wheel, uint32_t count)
{
	struct node *nodes;

	if (count <= wheel->count)
		return 0;
	if (count >= UINT32_MAX - FIRST_NUMBER)
		return -ENOMEM;
	nodes = (struct node *)huge_array_new((size_t)FIRST_NUMBER + count, sizeof(*nodes));
	if (!nodes)
		return -ENOMEM;
	memcpy(nodes, wheel->nodes, ((size_t)FIRST_NUMBER + wheel->count) * sizeof(*nodes));
	huge_array_free(wheel->nodes);
	wheel->nodes = nodes;
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

static uint32_t head_of(unsigned level, uint32_t list)
{
	return FIRST_HEAD + (level << HEAD_BITS | (list & HEAD_MASK));
}

static void set_bit(struct wheel *wheel, uint32_t head)
{
	bit_ring_set(&wheel->levels[(head - FIRST_HEAD) >> HEAD_BITS],
		     (head - FIRST_HEAD) & HEAD_MASK);
}

static void clear_bit(struct wheel *wheel, uint32_t head)
{
	bit_ring_clear(&wheel->levels[(head - FIRST_HEAD) >> HEAD_BITS],
		       (head - FIRST_HEAD) & HEAD_MASK);
}

/* The list for TICK, as its head; a slot above level 0 is to be dealt out in time. */
static uint32_t head_for(struct wheel *wheel, uint64_t tick)
{
	uint64_t distance = tick - wheel->current, start;
	unsigned level, shift;

	if (distance >> LEVEL_BITS == 0)
		return head_of(0, (uint32_t)tick);
	level = (63 - (unsigned)__builtin_clzll(distance)) / LEVEL_BITS;
	shift = level * LEVEL_BITS;
	start = tick >> shift << shift;
	if (start < wheel->deal)
		wheel->deal = start;
	return head_of(level, (uint32_t)(tick >> (shift - LANE_BITS)));
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
	node->next = NOBODY;
}

static bool is_armed(const struct wheel *wheel, uint32_t index)
{
	return wheel->nodes[index].next != NOBODY;
}

/* Takes a number out that is armed. The next tick may have been its own. */
static void disarm(struct wheel *wheel, uint32_t index)
{
	if (wheel->nodes[index].tick == (uint32_t)wheel->next)
		wheel->next = UNKNOWN;
	unlink_node(wheel, index);
}

void wheel_arm(struct wheel *wheel, uint32_t id, struct bw_mono at)
{
	uint32_t index = FIRST_NUMBER + id, head;
	uint64_t tick = tick_due(wheel, at);

	assert(id < wheel->count);
	if (is_armed(wheel, index))
		disarm(wheel, index);
	if (tick < wheel->current)
		tick = wheel->current;
	else if (tick - wheel->current > REACH)
		tick = wheel->current + REACH;
	head = head_for(wheel, tick);
	wheel->nodes[index].tick = (uint32_t)tick;
	link_between(wheel, index, wheel->nodes[head].prev, head);
	set_bit(wheel, head);
	if (head < FIRST_HEAD + LEVEL_HEADS && tick < wheel->next)
		wheel->next = tick;
	if (wheel->deal < wheel->next)
		wheel->next = wheel->deal;
}

void wheel_cancel(struct wheel *wheel, uint32_t id)
{
	assert(id < wheel->count);
	if (is_armed(wheel, FIRST_NUMBER + id))
		disarm(wheel, FIRST_NUMBER + id);
}

bool wheel_is_armed(const struct wheel *wheel, uint32_t id)
{
	assert(id < wheel->count);
	return is_armed(wheel, FIRST_NUMBER + id);
}

static uint64_t first_due(const struct wheel *wheel)
{
	unsigned from = (unsigned)wheel->current & HEAD_MASK;

	if (wheel->levels[0].summary == 0)
		return NO_TICK;
	return wheel->current + ((bit_ring_next(&wheel->levels[0], from) - from) & HEAD_MASK);
}

/* The first tick of the next occupied slot of LEVEL, which is above 0. */
static uint64_t first_of_level(const struct wheel *wheel, unsigned level)
{
	unsigned shift = level * LEVEL_BITS, from, list;
	uint64_t slot = (wheel->current >> shift) + 1;

	if (wheel->levels[level].summary == 0)
		return NO_TICK;
	from = (unsigned)(slot << LANE_BITS) & HEAD_MASK;
	list = bit_ring_next(&wheel->levels[level], from);
	return (slot + (((list - from) & HEAD_MASK) >> LANE_BITS)) << shift;
}

/* Puts a number in front of a list further down; returns the one that stood before it. */
static uint32_t deal_node(struct wheel *wheel, uint32_t index)
{
	struct node *node = &wheel->nodes[index];
	uint64_t tick = wheel->current + (uint32_t)(node->tick - (uint32_t)wheel->current);
	uint32_t before = node->prev, head = head_for(wheel, tick);

	__builtin_prefetch(&wheel->nodes[before], 1);
	link_between(wheel, index, head, wheel->nodes[head].next);
	set_bit(wheel, head);
	return before;
}

/* Deals out the lists of a slot, the first of which is FIRST, one of each in turn. */
static void deal_slot(struct wheel *wheel, uint32_t first)
{
	uint32_t at[LANES], busy = 0;

	for (uint32_t lane = 0; lane < LANES; lane++) {
		uint32_t head = first + lane;

		at[lane] = wheel->nodes[head].prev;
		busy += at[lane] != head;
		wheel->nodes[head] = (struct node){.next = head, .prev = head};
		clear_bit(wheel, head);
	}
	while (busy > 0) {
		for (uint32_t lane = 0; lane < LANES; lane++) {
			if (at[lane] == first + lane)
				continue;
			at[lane] = deal_node(wheel, at[lane]);
			busy -= at[lane] == first + lane;
		}
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
		deal_slot(wheel, head_of(level, (uint32_t)(slot << LANE_BITS)));
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
	uint32_t index, head;

	if (now.ns < wheel->start.ns)
		return false;
	limit = tick_reached(wheel, now);
	if (limit < wheel->next) {
		if (limit > wheel->current)
			wheel->current = limit;
		return false;
	}
	for (due = first_due(wheel); wheel->deal <= due && wheel->deal <= limit;
	     due = first_due(wheel))
		deal_out(wheel);
	if (due > limit) {
		if (limit > wheel->current)
			wheel->current = limit;
		wheel->next = due < wheel->deal ? due : wheel->deal;
		return false;
	}
	wheel->current = due;
	wheel->next = UNKNOWN;
	head = head_of(0, (uint32_t)due);
	index = wheel->nodes[head].next;
	unlink_node(wheel, index);
	/* The next one is asked for soon: fetch it while the caller works on this one. */
	__builtin_prefetch(&wheel->nodes[wheel->nodes[head].next]);
	*ret_id = index - FIRST_NUMBER;
	return true;
}

bool wheel_coming(const struct wheel *wheel, uint32_t *ret_id)
{
	uint32_t head = head_of(0, (uint32_t)wheel->current), next = wheel->nodes[head].next;

	if (next == head)
		return false;
	*ret_id = next - FIRST_NUMBER;
	return true;
}

struct bw_mono wheel_next(const struct wheel *wheel)
{
	uint64_t tick = wheel->next;

	if (tick == UNKNOWN) {
		uint64_t due = first_due(wheel);

		tick = due < wheel->deal ? due : wheel->deal;
	}
	if (tick > wheel->last)
		return BW_NEVER;
	return (struct bw_mono){
		(int64_t)((uint64_t)wheel->start.ns + tick * (uint64_t)wheel->tick_ns)};
}
