/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/board.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/board/index.h"

enum { TARGETS, NETWORKS, BLOCKS };

void board_init(struct board *board)
{
	*board = (struct board){
		.terms = array_of(sizeof(struct board_term)),
		.targets = array_of(sizeof(struct board_target)),
		.networks = array_of(sizeof(struct board_network)),
		.blocks = array_of(sizeof(struct board_block)),
	};
}

static struct board_view *view_at(const struct board_block *block, uint32_t n)
{
	return array_at(&block->views, n);
}

static void free_block(struct board_block *block)
{
	for (uint32_t n = 0; n < block->views.count; n++)
		claims_fini(&view_at(block, n)->claims);
	array_fini(&block->views);
	timeline_fini(&block->merged);
}

void board_fini(struct board *board)
{
	for (uint32_t n = 0; n < board->targets.count; n++) {
		free(board_target(board, n)->name);
		free(board_target(board, n)->title);
		timeline_fini(&board_target(board, n)->merged);
	}
	for (uint32_t n = 0; n < board->networks.count; n++)
		timeline_fini(&board_network(board, n)->merged);
	for (uint32_t n = 0; n < board->blocks.count; n++)
		free_block(board_block(board, n));
	for (uint32_t n = 0; n < board->vantage_count; n++) {
		heard_fini(&board->vantages[n].heard);
		array_fini(&board->vantages[n].upstreams);
		timeline_fini(&board->vantages[n].cut_off);
	}
	for (int n = 0; n < 3; n++)
		index_fini(&board->index[n]);
	array_fini(&board->terms);
	array_fini(&board->targets);
	array_fini(&board->networks);
	array_fini(&board->blocks);
	board->vantage_count = 0;
}

static struct index_key target_key(const char *name)
{
	return (struct index_key){.name = (char *)(uintptr_t)name};
}

static int64_t make_target(struct board *board, const char *name)
{
	struct index_key key = target_key(name);
	struct board_target target = {.name = strdup(name), .dirty_ns = INT64_MAX};
	int added;

	if (!target.name)
		return -ENOMEM;
	timeline_init(&target.merged);
	added = array_add(&board->targets, &target);
	if (added < 0) {
		free(target.name);
		return -ENOMEM;
	}
	key.number = (uint32_t)added;
	return index_put(&board->index[TARGETS], &key) < 0 ? -ENOMEM : added;
}

static int64_t get_target(struct board *board, const char *name)
{
	const struct index_key key = target_key(name);
	const int64_t found = index_find(board->index[TARGETS], &key);

	return found >= 0 ? found : make_target(board, name);
}

static int64_t get_network(struct board *board, uint32_t target, const struct bw_prefix *prefix)
{
	struct index_key key = {.owner = target, .prefix = *prefix};
	struct board_network network = {
		.target = target,
		.prefix = *prefix,
		.next = board_target(board, target)->networks,
	};
	const int64_t found = index_find(board->index[NETWORKS], &key);
	int added;

	if (found >= 0)
		return found;
	timeline_init(&network.merged);
	added = array_add(&board->networks, &network);
	if (added < 0)
		return -ENOMEM;
	board_target(board, target)->networks = (uint32_t)added + 1;
	key.number = (uint32_t)added;
	return index_put(&board->index[NETWORKS], &key) < 0 ? -ENOMEM : added;
}

static void enter(const struct board *board, uint32_t number, uint32_t network)
{
	struct board_block *block = board_block(board, number);
	struct board_network *entered = board_network(board, network);

	block->network = network;
	block->next = entered->first;
	entered->first = number + 1;
	entered->blocks++;
}

static void leave(const struct board *board, uint32_t number)
{
	const struct board_block *block = board_block(board, number);
	struct board_network *left = board_network(board, block->network);
	uint32_t *place = &left->first;

	while (*place != number + 1)
		place = &board_block(board, *place - 1)->next;
	*place = block->next;
	left->blocks--;
}

static int64_t make_block(struct board *board, struct index_key *key, const struct bw_prefix *in)
{
	struct board_block block = {
		.target = key->owner,
		.prefix = key->prefix,
		.views = array_of(sizeof(struct board_view)),
		.network_ns = INT64_MAX,
		.dirty_ns = INT64_MAX,
		.wake_ns = INT64_MAX,
	};
	const int64_t network = get_network(board, key->owner, in);
	int added;

	if (network < 0)
		return network;
	timeline_init(&block.merged);
	added = array_add(&board->blocks, &block);
	if (added < 0)
		return -ENOMEM;
	enter(board, (uint32_t)added, (uint32_t)network);
	key->number = (uint32_t)added;
	return index_put(&board->index[BLOCKS], key) < 0 ? -ENOMEM : added;
}

/* A new one is in the network IN. */
static int64_t get_block(struct board *board, const char *name, const struct bw_prefix *prefix,
			 const struct bw_prefix *in)
{
	const int64_t target = get_target(board, name);
	struct index_key key = {.owner = (uint32_t)target, .prefix = *prefix};
	int64_t found;

	if (target < 0)
		return target;
	found = index_find(board->index[BLOCKS], &key);
	if (found >= 0)
		return found;
	if (board->blocks.count == BOARD_BLOCKS_MAX)
		return BW_ERR_LIMIT;
	return make_block(board, &key, in);
}

/* The first block of this network (from 1; 0: none), or of one behind it. */
static uint32_t first_from(const struct board *board, uint32_t network)
{
	while (network > 0 && board_network(board, network - 1)->first == 0)
		network = board_network(board, network - 1)->next;
	return network > 0 ? board_network(board, network - 1)->first : 0;
}

uint32_t board_first_block(const struct board *board, uint32_t target)
{
	return first_from(board, board_target(board, target)->networks);
}

uint32_t board_next_block(const struct board *board, uint32_t number)
{
	const struct board_block *block = board_block(board, number - 1);

	return block->next ? block->next
			   : first_from(board, board_network(board, block->network)->next);
}

struct board_target *board_find_target(const struct board *board, const char *name)
{
	const struct index_key key = target_key(name);
	const int64_t found = index_find(board->index[TARGETS], &key);

	return found < 0 ? NULL : board_target(board, (uint32_t)found);
}

struct board_view *board_view(const struct board_block *block, uint32_t vantage)
{
	for (uint32_t n = 0; n < block->views.count; n++)
		if (view_at(block, n)->vantage == vantage)
			return view_at(block, n);
	return NULL;
}

static struct board_view *make_view(struct board_block *block, uint32_t vantage)
{
	struct board_view view = {.vantage = (uint16_t)vantage, .last_ns = INT64_MIN};
	uint32_t place = block->views.count;

	claims_init(&view.claims);
	if (array_add(&block->views, &view) < 0)
		return NULL;
	for (; place > 0 && view_at(block, place - 1)->vantage > vantage; place--)
		*view_at(block, place) = *view_at(block, place - 1);
	return memcpy(view_at(block, place), &view, sizeof(view));
}

/* The number of a prefix of a target in a tree, or -1. */
static int64_t find_prefix(const struct board *board, int tree, const char *target,
			   const struct bw_prefix *prefix)
{
	const struct index_key name = target_key(target);
	const int64_t owner = index_find(board->index[TARGETS], &name);
	const struct index_key key = {.owner = (uint32_t)owner, .prefix = *prefix};

	return owner < 0 ? -1 : index_find(board->index[tree], &key);
}

struct board_network *board_find_network(const struct board *board, const char *target,
					 const struct bw_prefix *prefix)
{
	const int64_t found = find_prefix(board, NETWORKS, target, prefix);

	return found < 0 ? NULL : board_network(board, (uint32_t)found);
}

struct board_block *board_find_block(const struct board *board, const char *target,
				     const struct bw_prefix *prefix)
{
	const int64_t found = find_prefix(board, BLOCKS, target, prefix);

	return found < 0 ? NULL : board_block(board, (uint32_t)found);
}

/* Whether the block is placed before, or at the same time in a network of a smaller text. */
static bool is_placed(const struct board *board, const struct board_block *block,
		      const struct board_place *place)
{
	char known[BW_PREFIX_TEXT], said[BW_PREFIX_TEXT];

	if (place->said_ns != block->network_ns)
		return place->said_ns > block->network_ns;
	bw_prefix_format(&board_network(board, block->network)->prefix, known);
	return strcmp(known, bw_prefix_format(&place->network, said)) <= 0;
}

bool board_knows_place(const struct board *board, const struct board_place *place)
{
	const struct board_block *block = board_find_block(board, place->target, &place->block);

	return block && is_placed(board, block, place);
}

int board_place(struct board *board, const struct board_place *place)
{
	const int64_t number = get_block(board, place->target, &place->block, &place->network);
	struct board_block *block;
	int64_t network;

	if (number < 0)
		return (int)number;
	block = board_block(board, (uint32_t)number);
	if (is_placed(board, block, place))
		return 0;
	network = get_network(board, block->target, &place->network);
	if (network < 0)
		return (int)network;
	block->network_ns = place->said_ns;
	if (block->network == (uint32_t)network)
		return 0;
	leave(board, (uint32_t)number);
	enter(board, (uint32_t)number, (uint32_t)network);
	board_mark(&board_target(board, block->target)->dirty_ns, 0);
	return 0;
}

int board_take(struct board *board, const struct board_fact *fact)
{
	const int64_t number = get_block(board, fact->target, &fact->block, &fact->block);
	struct board_block *block;
	struct board_view *view;
	uint32_t count;
	int64_t from;

	if (number < 0)
		return (int)number;
	block = board_block(board, (uint32_t)number);
	view = board_view(block, fact->vantage);
	if (!view) {
		view = make_view(block, fact->vantage);
		board->vantages[fact->vantage].blocks++;
	}
	if (!view)
		return -ENOMEM;
	if (fact->has_conditions && fact->claim.said_ns >= view->last_ns) {
		view->last_ns = fact->claim.said_ns;
		view->conditions = fact->conditions;
	}
	count = view->claims.said.count;
	from = claims_add(&view->claims, &fact->claim);
	if (from < 0)
		return (int)from;
	board->vantages[fact->vantage].claims += view->claims.said.count - count;
	board_mark(&block->dirty_ns, from);
	for (uint32_t n = 0; n < block->views.count; n++)
		board_mark(&board->vantages[view_at(block, n)->vantage].dirty_ns, from);
	return 0;
}

int board_title(struct board *board, const char *name, const char *title)
{
	const int64_t number = get_target(board, name);
	struct board_target *target = number < 0 ? NULL : board_target(board, (uint32_t)number);
	char *copy;

	if (!target)
		return (int)number;
	if (target->title && strcmp(target->title, title) == 0)
		return 0;
	copy = strdup(title);
	if (!copy)
		return -ENOMEM;
	free(target->title);
	target->title = copy;
	return 0;
}
