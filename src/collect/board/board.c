/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/board.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

enum { TARGETS, NETWORKS, BLOCKS };

/* What a tree holds: the key, and the number that it stands for. */
struct key {
	uint32_t owner; /* the target; 0 in the tree of targets */
	char *name;     /* of a target, else NULL */
	struct bw_prefix prefix;
	uint32_t number;
};

static int compare(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->name)
		return strcmp(x->name, y->name);
	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return bw_prefix_compare(&x->prefix, &y->prefix);
}

static void free_key(void *arg)
{
	free(((struct key *)arg)->name);
	free(arg);
}

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
		tdestroy(board->index[n], free_key);
	array_fini(&board->terms);
	array_fini(&board->targets);
	array_fini(&board->networks);
	array_fini(&board->blocks);
	board->vantage_count = 0;
	memset(board->index, 0, sizeof(board->index));
}

/* The number of a key, or -1. */
static int64_t find(const struct board *board, int tree, const struct key *key)
{
	void *found = tfind(key, &board->index[tree], compare);

	return found ? (int64_t)(*(struct key **)found)->number : -1;
}

static int put(struct board *board, int tree, const struct key *key)
{
	struct key *entry = malloc(sizeof(*entry));

	if (!entry)
		return -ENOMEM;
	*entry = *key;
	entry->name = key->name ? strdup(key->name) : NULL;
	if ((!key->name || entry->name) && tsearch(entry, &board->index[tree], compare))
		return 0;
	free_key(entry);
	return -ENOMEM;
}

static struct key target_key(const char *name)
{
	return (struct key){.name = (char *)(uintptr_t)name};
}

static int64_t make_target(struct board *board, const char *name)
{
	struct key key = target_key(name);
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
	return put(board, TARGETS, &key) < 0 ? -ENOMEM : added;
}

static int64_t get_target(struct board *board, const char *name)
{
	const struct key key = target_key(name);
	const int64_t found = find(board, TARGETS, &key);

	return found >= 0 ? found : make_target(board, name);
}

static int64_t get_network(struct board *board, uint32_t target, const struct bw_prefix *prefix)
{
	struct key key = {.owner = target, .prefix = *prefix};
	struct board_network network = {.target = target, .prefix = *prefix};
	const int64_t found = find(board, NETWORKS, &key);
	int added;

	if (found >= 0)
		return found;
	timeline_init(&network.merged);
	added = array_add(&board->networks, &network);
	if (added < 0)
		return -ENOMEM;
	key.number = (uint32_t)added;
	return put(board, NETWORKS, &key) < 0 ? -ENOMEM : added;
}

static int64_t make_block(struct board *board, struct key *key, const struct bw_prefix *in)
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
	block.network = (uint32_t)network;
	timeline_init(&block.merged);
	added = array_add(&board->blocks, &block);
	if (added < 0)
		return -ENOMEM;
	board_network(board, block.network)->blocks++;
	key->number = (uint32_t)added;
	return put(board, BLOCKS, key) < 0 ? -ENOMEM : added;
}

/* A new one is in the network IN. */
static int64_t get_block(struct board *board, const char *name, const struct bw_prefix *prefix,
			 const struct bw_prefix *in)
{
	const int64_t target = get_target(board, name);
	struct key key = {.owner = (uint32_t)target, .prefix = *prefix};
	int64_t found;

	if (target < 0)
		return target;
	found = find(board, BLOCKS, &key);
	if (found >= 0)
		return found;
	if (board->blocks.count == BOARD_BLOCKS_MAX)
		return BW_ERR_LIMIT;
	return make_block(board, &key, in);
}

struct board_target *board_find_target(const struct board *board, const char *name)
{
	const struct key key = target_key(name);
	const int64_t found = find(board, TARGETS, &key);

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
	int added;

	claims_init(&view.claims);
	added = array_add(&block->views, &view);
	return added < 0 ? NULL : array_at(&block->views, (uint32_t)added);
}

/* The number of a prefix of a target in a tree, or -1. */
static int64_t find_prefix(const struct board *board, int tree, const char *target,
			   const struct bw_prefix *prefix)
{
	const struct key name = target_key(target);
	const int64_t owner = find(board, TARGETS, &name);
	const struct key key = {.owner = (uint32_t)owner, .prefix = *prefix};

	return owner < 0 ? -1 : find(board, tree, &key);
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

bool board_knows(const struct board *board, const struct board_fact *fact)
{
	const struct board_block *block = board_find_block(board, fact->target, &fact->block);
	const struct board_view *view = block ? board_view(block, fact->vantage) : NULL;

	return view && claims_knows(&view->claims, &fact->claim);
}

static void mark(int64_t *dirty_ns, int64_t from_ns)
{
	if (from_ns < *dirty_ns)
		*dirty_ns = from_ns;
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
	board_network(board, block->network)->blocks--;
	board_network(board, (uint32_t)network)->blocks++;
	block->network = (uint32_t)network;
	mark(&board_target(board, block->target)->dirty_ns, 0);
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
	mark(&block->dirty_ns, from);
	for (uint32_t n = 0; n < block->views.count; n++)
		mark(&board->vantages[view_at(block, n)->vantage].dirty_ns, from);
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

/* All that hangs on this vantage is merged anew from T on. */
static void mark_blocks(struct board *board, uint32_t vantage, int64_t from_ns)
{
	for (uint32_t n = 0; n < board->blocks.count; n++)
		if (board_view(board_block(board, n), vantage))
			mark(&board_block(board, n)->dirty_ns, from_ns);
	for (uint32_t n = 0; n < board->vantage_count; n++)
		mark(&board->vantages[n].dirty_ns, from_ns);
}

static int note_heard(struct board *board, uint32_t number, int64_t from_ns, int64_t changed_ns)
{
	if (changed_ns < 0)
		return (int)changed_ns;
	/* That it goes on being heard of is no news for what was merged until now. */
	if (changed_ns <= from_ns || changed_ns <= board->until_ns)
		mark_blocks(board, number, changed_ns);
	return 0;
}

int board_hear(struct board *board, uint32_t number, int64_t from_ns, int64_t until_ns)
{
	return note_heard(board, number, from_ns,
			  heard_add(&board->vantages[number].heard, from_ns, until_ns));
}

int board_say_health(struct board *board, uint32_t number, int64_t at_ns, bool healthy)
{
	return note_heard(board, number, at_ns,
			  heard_say(&board->vantages[number].heard, at_ns, healthy));
}

void board_set_round(struct board *board, uint32_t number, int64_t round_ns)
{
	struct board_vantage *vantage = &board->vantages[number];

	if (vantage->round_ns == round_ns)
		return;
	vantage->round_ns = round_ns;
	mark_blocks(board, number, 0);
}
