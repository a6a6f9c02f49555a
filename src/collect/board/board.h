/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_BOARD_H
#define COLLECT_BOARD_BOARD_H

#include <blockwatch/prefix.h>

#include "collect/board/claims.h"
#include "collect/board/heard.h"
#include "collect/board/timeline.h"

/*
 * What all vantages have said, and the tables of what they spoke of: targets, networks, blocks.
 * Everything is a number; numbers are given in the order of appearance. The merged timelines
 * follow from the claims (board/revise.h).
 */
#define BOARD_VANTAGES_MAX 512
#define BOARD_BLOCKS_MAX 1000000

struct board_target {
	char *name, *title; /* title NULL: not told */
	uint32_t networks;  /* the number of one of them, from 1; 0: there is none */
	struct timeline merged;
	int64_t dirty_ns; /* merged is wrong from then on; INT64_MAX: it is right */
};

struct board_network {
	uint32_t target;
	uint32_t next;   /* another one of the target, from 1; 0: there is none */
	uint32_t first;  /* one of its blocks, likewise */
	uint32_t blocks; /* 0: all that were said to be in it are in others by now */
	struct bw_prefix prefix;
	struct timeline merged;
};

/* One vantage's view of one block. */
struct board_view {
	uint16_t vantage;
	uint16_t conditions; /* set of enum bw_condition, as of LAST */
	uint16_t saved;      /* the conditions that the store has, if IS_SAVED */
	bool is_saved;
	bool saves_claims, saves_conditions; /* the request that is saved says something new */
	uint32_t repeat; /* and its last record of it, from 1, when it says nothing new */
	int64_t last_ns; /* time of its youngest record */
	struct claims claims;
};

struct board_block {
	uint32_t target;
	uint32_t network;   /* board_place(); its own prefix until it is placed */
	uint32_t next;      /* another one of the network, from 1; 0: there is none */
	int64_t network_ns; /* when that was said; INT64_MAX: it is not placed */
	struct bw_prefix prefix;
	struct array views; /* struct board_view, at most one a vantage, by its number */
	struct timeline merged;
	int64_t dirty_ns;
	int64_t wake_ns; /* it is merged anew then, whatever is said; INT64_MAX: never */
};

/* What connects a vantage from FROM on. */
struct board_upstream {
	int64_t from_ns;
	uint64_t network; /* equal numbers are one network */
};

/* From FROM on dark takes so many different upstream networks. */
struct board_term {
	int64_t from_ns;
	unsigned quorum;
};

struct board_vantage {
	bool former;            /* not configured any more: what it said stays */
	struct array upstreams; /* struct board_upstream, by from_ns; the first holds before, too */
	int64_t round_ns;
	struct heard heard;
	uint32_t blocks;         /* of which it has said anything */
	uint64_t claims;         /* about these */
	struct timeline cut_off; /* BW_DARK while its darkness does not count, else BW_UP */
	int64_t dirty_ns;        /* of cut_off */
};

struct board {
	struct array targets, networks, blocks; /* of the structs above */
	struct board_vantage vantages[BOARD_VANTAGES_MAX];
	uint32_t vantage_count;
	unsigned quorum;      /* different upstream networks, of those that there are now */
	unsigned stale_after; /* rounds for which a record of a vantage counts */
	struct array terms;   /* struct board_term, by from_ns; the first holds before, too */
	void *index[3];       /* trees that find a number: of targets, networks, blocks */
	int64_t until_ns;     /* the timelines hold until then */
	uint32_t filled;      /* how often it was filled anew: all numbers are others then */
	int64_t needed_ns;    /* nothing is to be known of the time before, but what held then */
};

void board_init(struct board *board);
void board_fini(struct board *board);

static inline struct board_target *board_target(const struct board *board, uint32_t n)
{
	return (struct board_target *)array_at(&board->targets, n);
}

static inline struct board_network *board_network(const struct board *board, uint32_t n)
{
	return (struct board_network *)array_at(&board->networks, n);
}

static inline struct board_block *board_block(const struct board *board, uint32_t n)
{
	return (struct board_block *)array_at(&board->blocks, n);
}

/*
 * The blocks of a target, in no order: the number from 1 of the first one, and of the one behind
 * block NUMBER (from 1); 0: there is none.
 */
uint32_t board_first_block(const struct board *board, uint32_t target);
uint32_t board_next_block(const struct board *board, uint32_t number);

/* What is merged is wrong from FROM on, or earlier already. */
static inline void board_mark(int64_t *dirty_ns, int64_t from_ns)
{
	if (from_ns < *dirty_ns)
		*dirty_ns = from_ns;
}

/* NULL: there is none of this name. */
struct board_target *board_find_target(const struct board *board, const char *name);

/* NULL: nothing was said of it. */
struct board_block *board_find_block(const struct board *board, const char *target,
				     const struct bw_prefix *prefix);

struct board_network *board_find_network(const struct board *board, const char *target,
					 const struct bw_prefix *prefix);

/* NULL: this vantage has said nothing of the block. */
struct board_view *board_view(const struct board_block *block, uint32_t vantage);

/* One fact from a record, or from the store. */
struct board_fact {
	uint32_t vantage;
	const char *target;
	struct bw_prefix block;
	struct claim claim;
	bool has_conditions; /* a block record: they are those of the block now */
	uint16_t conditions;
};

/* What was said of the network of a block, and when. */
struct board_place {
	const char *target;
	struct bw_prefix network, block;
	int64_t said_ns;
};

/*
 * A block belongs to the network that was named first; of two that were named in one moment, to
 * the one whose text is smaller. So it does not matter in which order it comes. Returns 0;
 * -ENOMEM; BW_ERR_LIMIT for a block too many.
 */
int board_place(struct board *board, const struct board_place *place);

/* Whether board_place() would change nothing. */
bool board_knows_place(const struct board *board, const struct board_place *place);

/*
 * Takes a fact and marks what has to be merged anew. Returns 0; -ENOMEM; BW_ERR_LIMIT for a block
 * too many.
 */
int board_take(struct board *board, const struct board_fact *fact);

/* A target has this title. Returns 0 or -ENOMEM. */
int board_title(struct board *board, const char *target, const char *title);

#endif
