/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_UNITS_H
#define VANTAGE_PATH_UNITS_H

#include "infer/path/path_break.h"
#include "vantage/ledger/ledger.h"

/*
 * What has a baseline: each block of a target with up to PATH_BLOCKS_MAX blocks, each network of
 * a larger one. These are the units, numbered from 0, target by target in the order of the roster.
 * Memory of a unit that was never traced is not touched.
 */
#define PATH_BLOCKS_MAX 256

struct path_unit {
	struct baseline baseline;
	uint32_t block; /* that its latest baseline goes to */
	uint16_t host;
	uint8_t method; /* index, as in the roster */
	uint8_t flow;   /* of the latest trace; 0: there was none */
};

_Static_assert(sizeof(struct path_unit) <= 256, "a baseline takes more than 256 bytes a network");

enum path_search {
	PATH_NOT_SOUGHT,
	PATH_SOUGHT, /* a trace is to be made, or under way */
	PATH_FOUND,
};

/* Where the path to a unit that is dark ends. */
struct path_result {
	struct path_break at;
	struct bw_mono made;
	uint64_t event; /* seq of the event that it was made for */
	uint32_t block;
	uint8_t search; /* enum path_search */
	bool is_late;   /* the event went out without its path, which the record of the trace has */
	/* The last unreachable that a probe of a round has met, from outside the block: */
	uint8_t refusal; /* enum path_kind */
	uint32_t refused; /* number of that block */
	struct bw_addr refused_by;
	struct bw_mono refused_at; /* ns 0: never */
};

struct path_units {
	const struct ledger *ledger; /* borrowed */
	struct path_unit *list;
	struct path_result *results; /* by unit */
	uint32_t *first;             /* by target; one more than targets */
	uint32_t count;
	struct hop_table hops;
	struct path_break *breaks; /* room for those of all networks of a target, for path_tell() */
};

/* 0 or -ENOMEM; fini may be called in both cases. */
int path_units_init(struct path_units *units, const struct ledger *ledger);
void path_units_fini(struct path_units *units);

/* The unit of a block; the target of a unit; the units of a network, and of a target. */
uint32_t path_units_of_block(const struct path_units *units, uint32_t block);
uint32_t path_units_target(const struct path_units *units, uint32_t unit);
struct roster_range path_units_of_network(const struct path_units *units, uint32_t network);
struct roster_range path_units_of_target(const struct path_units *units, uint32_t target);

/* The first block of a unit; all its blocks have numbers from there on. */
struct roster_range path_units_blocks(const struct path_units *units, uint32_t unit);

/* A block of the unit that is up and can be traced; UINT32_MAX: there is none. */
uint32_t path_units_find_up(const struct path_units *units, uint32_t unit);

/* The first block of the unit that is dark; UINT32_MAX: there is none. */
uint32_t path_units_find_dark(const struct path_units *units, uint32_t unit);

/* Whether the unit has no block that is up, and it was found where its path ends. */
bool path_units_ends(const struct path_units *units, uint32_t unit);

/* The event with this seq goes out before the trace to its block is done, which has the path. */
void path_units_set_late(struct path_units *units, uint32_t block, uint64_t event);

/*
 * A probe of a round to a block has met an error that says KIND. If it is from outside the block,
 * it is kept for what a trace to that block finds.
 */
void path_units_hear(struct path_units *units, const struct outcome *error, enum path_kind kind);

/*
 * Gives what a trace of the unit has just found, if it is only silent, the kind of what was heard
 * of its block in the last minute: routers limit how often they say unreachable. Only a hop of the
 * baseline behind the first OWN_HOPS counts: those may have to stay hidden.
 */
void path_units_add_refusal(struct path_units *units, uint32_t unit, uint8_t own_hops,
			    struct bw_mono now);

#endif
