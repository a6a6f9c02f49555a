/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TRUTH_FAULTS_H
#define SIM_TRUTH_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

#include "base/array.h"
#include "sim/topology/blocks.h"
#include "sim/topology/paths.h"
#include "sim/topology/profile.h"

/*
 * Faults: what is wrong, when and for whom. This module stores them and finds those that
 * concern a block. truth/fault_effect tells what a probe meets, truth/block_truth when a block
 * is dark.
 */

/* Whom a fault concerns. */
enum sim_scope {
	SIM_WORLD, /* all networks; with a router: those whose path has it */
	SIM_NETWORK,
	SIM_BLOCK,
};

enum sim_fault_kind {
	SIM_SILENT,      /* packets vanish behind the router */
	SIM_UNREACHABLE, /* the router sends net (the last one: host) unreachable */
	SIM_LOOP,        /* packets bounce between the router and the one before it */
	SIM_PROHIBITED,  /* the router sends administratively prohibited */
	SIM_DEGRADED,    /* packets get through, with loss and delay */
};

#define SIM_LAST_ROUTER (-1)

/*
 * A fault on the path to blocks. It is in effect for probes that reach it in
 * [start, end). All but DEGRADED make blocks dark when they concern the whole block and all
 * vantages; PROHIBITED does not where the router is inside the block. They end the path at the
 * router of that number, which still answers for itself, or at the last one before the block
 * (SIM_LAST_ROUTER: the block's border still answers). Of several faults the one nearest to the
 * vantage counts. Routers at the same hop fail together. A network without a path has no router
 * that could send unreachable. Blocks of a LAN profile have only faults of their own.
 */
struct sim_fault {
	enum sim_scope scope;
	uint32_t subject; /* number of the network or block */
	enum sim_fault_kind kind;
	struct bw_mono start, end;
	int router;
	uint16_t vantages;     /* bit n: seen by vantage n; 0: by all */
	struct bw_prefix part; /* only these addresses; family 0: all */
	struct sim_loss loss;  /* DEGRADED */
	int64_t delay_ns;      /* DEGRADED: added to the round trip */
};

/* A fault that comes and goes from start to end of `fault`, and is down first. */
struct sim_flap {
	struct sim_fault fault;
	int64_t down_ns, up_ns; /* mean lengths */
	double spread;          /* 0: always the mean, 1: exponential */
};

/* A stored fault, 32 bytes. Rare properties are in a table of details. */
struct fault {
	int64_t start_ns, end_ns;
	int64_t reach_ns; /* the latest end of this fault and those before it in its run */
	uint32_t subject;
	uint16_t detail;
	uint8_t scope, kind; /* enum sim_scope, enum sim_fault_kind */
};

struct fault_detail {
	int router;
	uint16_t vantages;
	struct bw_prefix part;
	struct sim_loss loss;
	int64_t delay_ns;
};

struct faults {
	uint64_t seed;
	const struct blocks *blocks;
	const struct profiles *profiles;
	const struct paths *paths;
	unsigned vantages;    /* how many the world has; its owner counts them */
	struct array list;    /* struct fault; sealed: by scope, subject and start */
	struct array details; /* struct fault_detail; the first is the default */
};

/* The tables are borrowed; they may still grow. Returns 0 or -ENOMEM. */
int faults_init(struct faults *faults, uint64_t seed, const struct blocks *blocks,
		const struct profiles *profiles, const struct paths *paths);
void faults_fini(struct faults *faults);

/*
 * Adds a fault. Returns 0, or -ENOMEM, BW_ERR_VALUE, BW_ERR_MISSING (no such subject or
 * router) or BW_ERR_LIMIT (too many different details).
 */
int faults_add(struct faults *faults, const struct sim_fault *fault, struct bw_err *err);

/* Adds the faults of a flap. Returns how many they are, or what faults_add() returns. */
int faults_add_flap(struct faults *faults, const struct sim_flap *flap, struct bw_err *err);

/* Ends the adding: sorts the faults. The functions below need it. */
void faults_seal(struct faults *faults);

/* The details of a fault. */
static inline const struct fault_detail *faults_detail(const struct faults *faults,
						       const struct fault *fault)
{
	return (const struct fault_detail *)array_at(&faults->details, fault->detail);
}

/*
 * The widest scope whose faults concern a block: SIM_BLOCK for one beside the vantage,
 * which is on no network's path, else SIM_WORLD. Readers look at this scope and all
 * narrower ones.
 */
int faults_first_scope(const struct faults *faults, const struct sim_block *block);

/* The faults of one scope that concern a block, by start. */
struct fault_run {
	const struct fault *first, *end;
};

struct fault_run faults_run(const struct faults *faults, int scope, const struct sim_block *block);

/* An iteration over the faults of one scope that are in effect at a time. */
struct fault_walk {
	const struct fault *first, *at; /* at: just behind the next one to look at */
	int64_t at_ns;
};

struct fault_walk faults_walk(const struct faults *faults, int scope, const struct sim_block *block,
			      int64_t at_ns);

/* The next one of them; NULL: no more. */
const struct fault *faults_walk_next(struct fault_walk *walk);

#endif
