/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/memory.h"

#include <errno.h>
#include <stdlib.h>

#include "infer/evidence/fading.h"
#include "report/state/state_write.h"

#define DAY_NS (86400 * BW_S)
#define AGE_MAX_NS (FADING_MAX_DAYS * DAY_NS)
#define ROOM_MIN 64

void memory_fini(struct memory *memory)
{
	free(memory->blocks);
	*memory = (struct memory){0};
}

static int append(struct memory *memory, const struct memory_block *block)
{
	if (memory->count == memory->room) {
		size_t room = memory->room ? 2 * memory->room : ROOM_MIN;
		struct memory_block *blocks =
			realloc(memory->blocks, room * sizeof(struct memory_block));

		if (!blocks)
			return -ENOMEM;
		memory->blocks = blocks;
		memory->room = room;
	}
	memory->blocks[memory->count++] = *block;
	return 0;
}

/*
 * The blocks of a target that overlap PREFIX. Networks and their blocks are in ascending order, and
 * no two blocks of a target overlap.
 */
static struct roster_range find_blocks(const struct roster *roster, uint32_t target,
				       const struct bw_prefix *prefix)
{
	struct roster_range range = roster_target_blocks(roster, target);
	uint32_t low = range.first, high = range.end;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct bw_prefix there = roster_prefix(roster, middle);

		if (!bw_prefix_overlaps(&there, prefix) && bw_prefix_compare(&there, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (high = low; high < range.end; high++) {
		struct bw_prefix there = roster_prefix(roster, high);

		if (!bw_prefix_overlaps(&there, prefix))
			break;
	}
	return (struct roster_range){low, high};
}

static bool is_wanted(const struct roster *roster, const struct bw_prefix *prefix)
{
	for (uint32_t t = 0; roster && t < roster->target_count; t++) {
		struct roster_range range = find_blocks(roster, t, prefix);

		if (range.first < range.end)
			return true;
	}
	return !roster;
}

/* The hosts that are the surest are the last of the list. */
static int take_block(void *self, const struct state_block *state)
{
	const struct memory_reader *reader = self;
	uint32_t skip = state->hot_count > HOTLIST_MAX ? state->hot_count - HOTLIST_MAX : 0;
	struct memory_block block = {
		.block = state->block,
		.last_answer = state->last_answer,
		.hot = (float)state->hot_availability,
		.cold = (float)state->cold_availability,
		.again = (float)state->again_availability,
		.count = (uint8_t)(state->hot_count - skip),
		.methods = (uint16_t)(state->hot_methods >> 2 * skip),
	};

	if (state->last_answer.ns == 0 || !is_wanted(reader->roster, &state->block))
		return 0;
	for (unsigned i = 0; i < block.count; i++)
		block.hosts[i] = state->hot[skip + i];
	return append(reader->memory, &block);
}

struct state_handlers memory_handlers(struct memory_reader *reader)
{
	return (struct state_handlers){.block = take_block, .self = reader};
}

static int compare_age(const struct memory_block *a, const struct memory_block *b)
{
	return (a->last_answer.ns < b->last_answer.ns) - (a->last_answer.ns > b->last_answer.ns);
}

/* By prefix; of one prefix the latest answer first. */
static int compare_block(const void *left, const void *right)
{
	const struct memory_block *a = left, *b = right;
	int order = bw_prefix_compare(&a->block, &b->block);

	return order ? order : compare_age(a, b);
}

static int compare_latest(const void *left, const void *right)
{
	return compare_age(left, right);
}

static bool is_too_old(const struct memory_block *block, struct bw_wall now)
{
	return now.ns - block->last_answer.ns > AGE_MAX_NS;
}

static void sort(struct memory *memory, int (*compare)(const void *, const void *))
{
	if (memory->count > 1)
		qsort(memory->blocks, memory->count, sizeof(*memory->blocks), compare);
}

void memory_tidy(struct memory *memory, struct bw_wall now)
{
	struct memory_block *blocks = memory->blocks;
	size_t kept = 0;

	/* Else what the clock was ahead of would never age. */
	for (size_t i = 0; i < memory->count; i++)
		if (blocks[i].last_answer.ns > now.ns)
			blocks[i].last_answer = now;
	sort(memory, compare_block);
	for (size_t i = 0; i < memory->count; i++) {
		if (is_too_old(&blocks[i], now) ||
		    (kept > 0 && bw_prefix_compare(&blocks[kept - 1].block, &blocks[i].block) == 0))
			continue;
		blocks[kept++] = blocks[i];
	}
	memory->count = kept;
	if (kept <= MEMORY_BLOCKS_MAX)
		return;
	sort(memory, compare_latest);
	memory->count = MEMORY_BLOCKS_MAX;
	sort(memory, compare_block);
}

/* A time ahead of the clock, which was set back, counts as now. */
static struct bw_mono mono_of(struct bw_now now, struct bw_wall t)
{
	int64_t age = now.wall.ns > t.ns ? now.wall.ns - t.ns : 0;

	return (struct bw_mono){now.mono.ns - age};
}

/* Adds the hosts that are candidates of the block. Returns whether there are any. */
static bool recall_hosts(struct ledger *l, uint32_t number, const struct memory_block *known)
{
	struct hotlist *hot = &l->blocks[number].hot;
	bool any = false;

	for (unsigned i = 0; i < known->count; i++)
		for (uint16_t h = 0; h < l->blocks[number].hosts; h++) {
			struct bw_addr addr = roster_host_addr(l->config.roster, number, h);

			if (!bw_addr_equal(&addr, &known->hosts[i]))
				continue;
			any = true;
			(void)hotlist_add(hot, h, known->methods >> 2 * i & (HOTLIST_METHODS - 1));
			break;
		}
	return any;
}

static void recall_block(struct ledger *l, uint32_t number, const struct memory_block *known)
{
	struct block *block = &l->blocks[number];
	struct bw_prefix prefix = roster_prefix(l->config.roster, number);
	struct bw_mono last = mono_of(l->now, known->last_answer);
	bool is_first = block->last_answer.ns == BLOCK_NEVER_ANSWERED.ns;

	if (block->hosts == 0 || is_too_old(known, l->now.wall) ||
	    (!is_first && bw_mono_since(block->last_answer, last) > DAY_NS))
		return;
	if (is_first || bw_mono_since(last, block->last_answer) > DAY_NS)
		hotlist_restore(&block->hot, known->hot, known->cold, known->again);
	if (!recall_hosts(l, number, known) && prefix.length > known->block.length)
		return;
	if (is_first || bw_mono_before(block->last_answer, last))
		block->last_answer = last;
	block->known = true;
	block_set_condition(block, BW_LONE, block->hosts == 1);
}

void memory_recall(const struct memory *memory, struct ledger *l)
{
	const struct roster *roster = l->config.roster;

	for (size_t i = 0; i < memory->count; i++)
		for (uint32_t t = 0; t < roster->target_count; t++) {
			struct roster_range range =
				find_blocks(roster, t, &memory->blocks[i].block);

			for (uint32_t b = range.first; b < range.end; b++)
				recall_block(l, b, &memory->blocks[i]);
		}
}

static struct memory_block learned(const struct ledger *l, uint32_t number)
{
	const struct block *block = &l->blocks[number];
	struct memory_block learned = {
		.block = roster_prefix(l->config.roster, number),
		.last_answer = bw_wall_of(l->now, block->last_answer),
		.hot = hotlist_hot_rate(&block->hot),
		.cold = hotlist_cold_rate(&block->hot),
		.again = hotlist_retry_rate(&block->hot),
		.count = block->hot.count,
		.methods = block->hot.methods,
	};

	for (unsigned i = 0; i < learned.count; i++)
		learned.hosts[i] = roster_host_addr(l->config.roster, number, block->hot.hosts[i]);
	return learned;
}

int memory_learn(struct memory *memory, const struct ledger *l, struct bw_mono began)
{
	for (uint32_t i = 0; i < l->config.roster->block_count; i++) {
		const struct block *block = &l->blocks[i];
		struct memory_block entry;

		if (block->last_answer.ns == BLOCK_NEVER_ANSWERED.ns ||
		    bw_mono_before(block->last_answer, began))
			continue;
		entry = learned(l, i);
		if (append(memory, &entry) < 0)
			return -ENOMEM;
	}
	memory_tidy(memory, l->now.wall);
	return 0;
}

/* The name of a target is needed by the form; here it is that of the block. */
static int save_block(const struct memory_block *block, struct state_writer *writer)
{
	char text[BW_PREFIX_TEXT];
	struct state_block state = {
		.target = bw_prefix_format(&block->block, text),
		.block = block->block,
		.verdict = BW_UNKNOWN,
		.told = BW_UNKNOWN,
		.since = block->last_answer,
		.last_answer = block->last_answer,
		.known = true,
		.hot_availability = (double)block->hot,
		.cold_availability = (double)block->cold,
		.again_availability = (double)block->again,
		.hot_count = block->count,
		.hot_methods = block->methods,
	};

	for (unsigned i = 0; i < block->count; i++)
		state.hot[i] = block->hosts[i];
	return state_writer_put_block(writer, &state);
}

int memory_save(const struct memory *memory, FILE *file, const struct state_head *head,
		struct bw_err *err)
{
	struct state_head counted = *head;
	struct state_writer writer;

	counted.blocks = (uint32_t)memory->count;
	counted.groups = 0;
	(void)state_writer_begin(&writer, file, &counted, err);
	for (size_t i = 0; i < memory->count; i++)
		(void)save_block(&memory->blocks[i], &writer);
	return state_writer_end(&writer);
}
