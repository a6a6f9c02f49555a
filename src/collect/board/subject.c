/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct subject target_subject(const struct board *board, uint32_t n)
{
	return (struct subject){
		.scope = BW_SCOPE_TARGET,
		.number = n,
		.target = n,
		.merged = &board_target(board, n)->merged,
	};
}

static struct subject network_subject(const struct board *board, uint32_t n)
{
	struct board_network *network = board_network(board, n);

	return (struct subject){
		.scope = BW_SCOPE_NETWORK,
		.number = n,
		.target = network->target,
		.merged = &network->merged,
		.prefix = &network->prefix,
	};
}

static struct subject block_subject(const struct board *board, uint32_t n)
{
	struct board_block *block = board_block(board, n);

	return (struct subject){
		.scope = BW_SCOPE_BLOCK,
		.number = n,
		.target = block->target,
		.merged = &block->merged,
		.prefix = &block->prefix,
		.block = block,
	};
}

/* A network that no block is in any more counts until what it said is withdrawn. */
static bool is_gone(const struct board_network *network)
{
	return network->blocks == 0 && network->merged.intervals.count == 0 &&
	       network->merged.changed_ns == INT64_MAX;
}

int subject_each(const struct board *board, int (*look)(void *arg, const struct subject *subject),
		 void *arg)
{
	int result = 0;

	for (uint32_t n = 0; n < board->targets.count && result >= 0; n++) {
		const struct subject subject = target_subject(board, n);

		result = look(arg, &subject);
	}
	for (uint32_t n = 0; n < board->networks.count && result >= 0; n++) {
		const struct subject subject = network_subject(board, n);

		if (!is_gone(board_network(board, n)))
			result = look(arg, &subject);
	}
	for (uint32_t n = 0; n < board->blocks.count && result >= 0; n++) {
		const struct subject subject = block_subject(board, n);

		result = look(arg, &subject);
	}
	return result;
}

struct named {
	const char *name;
	uint32_t number;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

uint32_t *subject_targets(const struct board *board)
{
	const uint32_t count = board->targets.count;
	struct named *list = calloc(count + 1, sizeof(*list));
	uint32_t *numbers = calloc(count + 1, sizeof(*numbers));

	for (uint32_t n = 0; list && n < count; n++)
		list[n] = (struct named){board_target(board, n)->name, n};
	if (list)
		qsort(list, count, sizeof(*list), by_name);
	for (uint32_t n = 0; list && numbers && n < count; n++)
		numbers[n] = list[n].number;
	if (!list) {
		free(numbers);
		numbers = NULL;
	}
	free(list);
	return numbers;
}

struct subject subject_get(const struct board *board, enum bw_scope scope, uint32_t number)
{
	switch (scope) {
	case BW_SCOPE_TARGET:
		return target_subject(board, number);
	case BW_SCOPE_NETWORK:
		return network_subject(board, number);
	case BW_SCOPE_BLOCK:
		break;
	}
	return block_subject(board, number);
}

static int rank(enum bw_scope scope)
{
	return scope == BW_SCOPE_TARGET ? 0 : scope == BW_SCOPE_NETWORK ? 1 : 2;
}

int subject_compare(const struct subject *a, const struct subject *b)
{
	if (a->scope != b->scope)
		return rank(a->scope) - rank(b->scope);
	return a->prefix && b->prefix ? bw_prefix_compare(a->prefix, b->prefix) : 0;
}

static int compare(const void *a, const void *b)
{
	return subject_compare(a, b);
}

/* By prefix: numbers depend on what was said first. */
static int look_in_order(struct array *list, int (*look)(void *arg, const struct subject *subject),
			 void *arg)
{
	int result = 0;

	if (list->count > 0)
		qsort(list->items, list->count, list->size, compare);
	for (uint32_t n = 0; n < list->count && result >= 0; n++)
		result = look(arg, array_at(list, n));
	return result;
}

/* Adds the networks and blocks of a target. */
static int list_members(const struct board *board, uint32_t target, struct array *list)
{
	uint32_t n = board_target(board, target)->networks;
	int result = 0;

	for (; n > 0 && result >= 0; n = board_network(board, n - 1)->next) {
		const struct subject subject = network_subject(board, n - 1);

		if (!is_gone(board_network(board, n - 1)))
			result = array_add(list, &subject);
	}
	for (n = board_first_block(board, target); n > 0 && result >= 0;
	     n = board_next_block(board, n)) {
		const struct subject subject = block_subject(board, n - 1);

		result = array_add(list, &subject);
	}
	return result;
}

int subject_each_of(const struct board *board, uint32_t target,
		    int (*look)(void *arg, const struct subject *subject), void *arg)
{
	struct array list = array_of(sizeof(struct subject));
	const struct subject whole = target_subject(board, target);
	int result = look(arg, &whole);

	if (result >= 0)
		result = list_members(board, target, &list);
	if (result >= 0)
		result = look_in_order(&list, look, arg);
	array_fini(&list);
	return result;
}

struct timeline *subject_find(const struct board *board, enum bw_scope scope, const char *target,
			      const char *subject)
{
	struct board_target *found;
	struct board_network *network;
	struct board_block *block;
	struct bw_prefix prefix;

	if (scope == BW_SCOPE_TARGET) {
		found = board_find_target(board, target);
		return found ? &found->merged : NULL;
	}
	if (bw_prefix_parse(subject, &prefix, NULL) < 0)
		return NULL;
	if (scope == BW_SCOPE_NETWORK) {
		network = board_find_network(board, target, &prefix);
		return network ? &network->merged : NULL;
	}
	block = board_find_block(board, target, &prefix);
	return block ? &block->merged : NULL;
}

const char *subject_format(const struct board *board, const struct subject *subject,
			   char text[SUBJECT_TEXT])
{
	if (subject->prefix)
		return bw_prefix_format(subject->prefix, text);
	snprintf(text, SUBJECT_TEXT, "%s", board_target(board, subject->target)->name);
	return text;
}
