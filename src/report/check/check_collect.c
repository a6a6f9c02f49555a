/* SPDX-License-Identifier: Apache-2.0 */
#include "report/check/check_collect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64

void check_collect_init(struct check_collect *collect)
{
	*collect = (struct check_collect){0};
}

static void free_block(struct check_block *block)
{
	free((char *)block->record.network_name);
}

static void free_target(struct check_target *target)
{
	for (size_t n = 0; n < target->block_count; n++)
		free_block(&target->blocks[n]);
	free(target->blocks);
	free(target->name);
	free(target->title);
	free(target->path);
}

void check_collect_fini(struct check_collect *collect)
{
	for (size_t n = 0; n < collect->target_count; n++)
		free_target(&collect->targets[n]);
	free(collect->targets);
	*collect = (struct check_collect){0};
}

/* The list with room for more entries of SIZE bytes, or NULL; LIST stays valid then. */
static void *grow(void *list, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : FIRST_ROOM;
	void *grown = reallocarray(list, more, size);

	if (grown)
		*room = more;
	return grown;
}

static int copy_text(const char *text, char **ret_copy)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		return -ENOMEM;
	*ret_copy = copy;
	return 0;
}

static int make_target_room(struct check_collect *collect)
{
	struct check_target *targets = collect->targets;

	if (collect->target_count < collect->target_room)
		return 0;
	targets = grow(targets, &collect->target_room, sizeof(*targets));
	if (!targets)
		return -ENOMEM;
	collect->targets = targets;
	return 0;
}

static struct check_target *add_target(struct check_collect *collect, const char *name)
{
	struct check_target target = {0};

	collect->error = make_target_room(collect);
	if (!collect->error)
		collect->error = copy_text(name, &target.name);
	if (collect->error)
		return NULL;
	target.record.target = target.name;
	target.record.verdict = BW_UNKNOWN;
	target.record.reasons = BW_WHY_INTERRUPTED;
	target.arrival = UINT64_MAX;
	collect->targets[collect->target_count] = target;
	return &collect->targets[collect->target_count++];
}

/* Records of one target come in runs: the last one first. */
static struct check_target *find_target(struct check_collect *collect, const char *name)
{
	for (size_t n = collect->target_count; n > 0; n--)
		if (strcmp(collect->targets[n - 1].name, name) == 0)
			return &collect->targets[n - 1];
	return add_target(collect, name);
}

static int compare_place(const struct check_block *a, const struct check_block *b)
{
	int order = bw_prefix_compare(&a->record.network, &b->record.network);

	return order ? order : bw_prefix_compare(&a->record.block, &b->record.block);
}

static int compare_blocks(const void *left, const void *right)
{
	const struct check_block *a = left, *b = right;
	int order = compare_place(a, b);

	return order ? order : a->arrival < b->arrival ? -1 : a->arrival > b->arrival;
}

/* Sorts, and keeps the latest of each block. */
static void compact(struct check_target *target)
{
	struct check_block *blocks = target->blocks;
	size_t count = target->block_count, kept = 0;

	if (count)
		qsort(blocks, count, sizeof(*blocks), compare_blocks);
	for (size_t n = 0; n < count; n++) {
		if (n + 1 < count && compare_place(&blocks[n], &blocks[n + 1]) == 0)
			free_block(&blocks[n]);
		else
			blocks[kept++] = blocks[n];
	}
	target->block_count = kept;
}

/* Repetitions go first; only when the rest fills more than half does the list grow. */
static int make_block_room(struct check_target *target)
{
	struct check_block *blocks;

	if (target->block_count < target->block_room)
		return 0;
	compact(target);
	if (target->block_count < target->block_room / 2)
		return 0;
	blocks = grow(target->blocks, &target->block_room, sizeof(*blocks));
	if (!blocks)
		return -ENOMEM;
	target->blocks = blocks;
	return 0;
}

static int add_block(struct check_collect *collect, struct check_target *target,
		     const struct record_block *record)
{
	struct check_block block = {.record = *record, .arrival = collect->arrivals++};
	char *name;
	int error = make_block_room(target);

	if (!error)
		error = copy_text(record->network_name, &name);
	if (error)
		return error;
	block.record.target = NULL;
	block.record.network_name = name;
	target->blocks[target->block_count++] = block;
	return 0;
}

static int set_target(struct check_target *target, const struct record_target *record)
{
	char *title, *path = NULL;
	int error = copy_text(record->title, &title);

	if (!error && record->path)
		error = copy_text(record->path->text, &path);
	if (error)
		return error;
	free(target->title);
	free(target->path);
	target->title = title;
	target->path = path;
	target->record = *record;
	target->record.path = NULL;
	target->record.target = target->name;
	target->record.title = title;
	target->decided = true;
	return 0;
}

static void put_block(struct check_collect *collect, const struct record *record)
{
	struct check_target *target = find_target(collect, record->block.target);

	if (!target)
		return;
	target->at = record->head.time;
	collect->error = add_block(collect, target, &record->block);
}

static void put_target(struct check_collect *collect, const struct record *record)
{
	struct check_target *target = find_target(collect, record->target.target);

	if (!target)
		return;
	target->at = record->head.time;
	if (!target->decided)
		target->arrival = collect->arrivals++;
	collect->error = set_target(target, &record->target);
}

void check_collect_put(struct check_collect *collect, const struct record *record)
{
	if (collect->error)
		return;
	switch (record->type) {
	case RECORD_BLOCK:
		put_block(collect, record);
		break;
	case RECORD_TARGET:
		put_target(collect, record);
		break;
	case RECORD_VANTAGE:
		collect->vantage = record->vantage;
		collect->vantage.version = NULL;
		break;
	case RECORD_PROBE:
	case RECORD_SURVEY:
	case RECORD_EVENT:
	case RECORD_CONDITION:
	case RECORD_TRACE:
		break;
	}
}

static void count_blocks(struct check_target *target)
{
	struct record_counts *counts = &target->record.blocks;

	*counts = (struct record_counts){.total = (uint32_t)target->block_count};
	for (size_t n = 0; n < target->block_count; n++)
		counts->of[target->blocks[n].record.verdict]++;
}

static int compare_targets(const void *left, const void *right)
{
	const struct check_target *a = left, *b = right;

	if (a->arrival != b->arrival)
		return a->arrival < b->arrival ? -1 : 1;
	return strcmp(a->name, b->name);
}

void check_collect_sort(struct check_collect *collect)
{
	if (collect->target_count)
		qsort(collect->targets, collect->target_count, sizeof(*collect->targets),
		      compare_targets);
	for (size_t n = 0; n < collect->target_count; n++) {
		compact(&collect->targets[n]);
		if (!collect->targets[n].decided)
			count_blocks(&collect->targets[n]);
	}
}

size_t check_collect_network_end(const struct check_target *target, size_t first)
{
	const struct bw_prefix *network = &target->blocks[first].record.network;
	size_t end = first + 1;

	while (end < target->block_count &&
	       bw_prefix_compare(network, &target->blocks[end].record.network) == 0)
		end++;
	return end;
}
