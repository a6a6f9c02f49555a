/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_WATCH_OPS_H
#define VANTAGE_WATCH_WATCH_OPS_H

#include "infer/verdict.h"
#include "vantage/watch/round/request.h"
#include "vantage/watch/round/round_table.h"
#include "vantage/watch/watch.h"

/*
 * In what a check and long watching differ. Two tables: one_shot_ops (one_shot.h) for a
 * check, in which each block has one round; recurring_ops (recurring.h) for the daemon, in
 * which rounds come for ever. ROUND is the round of BLOCK that is under way. A function may be
 * NULL where that is said: then nothing is done.
 */
struct watch_ops {
	/* All is set up, nothing has begun. May be NULL. */
	void (*start)(struct watch *watch);

	/* Time has come; what the wheel holds is done after this. */
	void (*tick)(struct watch *watch, bool slept);

	/* This number of the wheel has expired. */
	void (*due)(struct watch *watch, uint32_t id);

	/* ledger->ways.found is true, and no function of a round is under way. May be NULL. */
	void (*found_blind)(struct watch *watch);

	/* A sentinel has answered, the ledger knows it. May be NULL. */
	void (*sentinel_answered)(struct watch *watch);

	/* The owner no longer holds a way blind. May be NULL. */
	void (*released)(struct watch *watch, unsigned way);

	/* Blocks have another egress than in BEFORE, by block. May be NULL. */
	void (*rerouted)(struct watch *watch, const uint8_t *before);

	/* Each block has its record. May be NULL: it never ends. */
	bool (*is_done)(const struct watch *watch);

	/* Ends early: a block that is not known yet is unknown for REASON. May be NULL. */
	void (*stop)(struct watch *watch, unsigned reason);

	/* The last records of targets are next. May be NULL. */
	void (*finish)(struct watch *watch);

	/* A round begins: fills in what is not zero, and opens the evidence log. */
	void (*prepare)(struct watch *watch, uint32_t block, struct round *round);

	/* How HOST is to be asked next. */
	struct request (*request)(const struct watch *watch, uint32_t block,
				  const struct round *round, uint16_t host);

	/* A probe was handed to the engine. May be NULL. */
	void (*asked)(struct watch *watch, uint32_t block, struct round *round);

	/* Silence nears dark: says how long it must last and whether others are asked. NULL: no. */
	void (*nears_dark)(struct watch *watch, uint32_t block, struct round *round);

	/* Any outcome of a block. True: the border's reply, which is no evidence. May be NULL. */
	bool (*is_border)(struct watch *watch, const struct outcome *outcome);

	/* An outcome is in the log. False: the vantage is blind, the round waits. May be NULL. */
	bool (*took)(struct watch *watch, uint32_t block, struct round *round,
		     const struct outcome *outcome);

	/* A reply that belongs to no round under way. */
	void (*late_reply)(struct watch *watch, const struct outcome *reply);

	/* Fills in the bounds of a decision. */
	void (*bound)(const struct watch *watch, uint32_t block, const struct round *round,
		      struct verdict_decision *decision);

	/* The block is up: ends the round, or waits for answers that may still come. */
	void (*up)(struct watch *watch, uint32_t block, struct round *round);

	/* All demands of dark are met: decides and ends the round, or waits. */
	void (*silent)(struct watch *watch, uint32_t block, struct round *round);

	/*
	 * All was asked, and the evidence is too little by itself: whether the block is dark by
	 * that of its siblings. May be NULL: no.
	 */
	bool (*is_dark_with_siblings)(struct watch *watch, uint32_t block,
				      const struct round *round);

	/*
	 * Why a block stays undecided: for REASONS, or for others that explain more. A vantage that
	 * is unfit does, but only one of which its own record says so.
	 */
	unsigned (*undecided)(struct watch *watch, uint32_t block, unsigned reasons);

	/* The round ends: learns from it; its record comes next. */
	void (*learn)(struct watch *watch, uint32_t block, struct round *round);

	/* The round has ended and its record is out. May be NULL. */
	void (*ended)(struct watch *watch, uint32_t block);
};

#endif
