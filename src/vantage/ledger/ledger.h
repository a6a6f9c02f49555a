/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_LEDGER_H
#define VANTAGE_LEDGER_LEDGER_H

#include "infer/usual.h"
#include "infer/verdict.h"
#include "report/record/record.h"
#include "vantage/ledger/block/condition_store.h"
#include "vantage/ledger/block/joint.h"
#include "vantage/ledger/block/outages.h"
#include "vantage/ledger/block/silent_blocks.h"
#include "vantage/ledger/block/told_block.h"
#include "vantage/ledger/block/track.h"
#include "vantage/ledger/fitness/current_loss.h"
#include "vantage/ledger/fitness/ways.h"
#include "vantage/ledger/sums.h"
#include "vantage/roster.h"

/*
 * What is known of the blocks, networks and targets of one vantage, whoever asks them. The
 * ledger does not send probes and does not know when a block is due. The parts that it is
 * made of have headers of their own and take their own struct:
 *
 *   outages.h   silent_blocks.h   condition_store.h   sums.h   current_loss.h   ways.h   track.h
 *   joint.h
 *
 * The modules above it take a ledger:
 *
 *   events.h     writes verdicts; makes events of them; networks and targets follow
 *   records.h    puts out records
 *   blindness.h  enters and leaves the state in which nothing can be judged
 *   ranges.h     compares loss and delay with what is usual
 *   persist.h    saves and restores it
 *
 * Users: the watch (live, simulated) and replay.
 */
struct ledger_config {
	const char *name;               /* of the vantage, in each record */
	const char *boot;               /* id of this start, in each record */
	const char *version;            /* of the program */
	const struct roster *roster;    /* borrowed */
	const struct bw_egress *egress; /* table of the ways out, borrowed; NULL: see ways.h */
	struct infer_params params;
	/*
	 * True: blocks are watched for long. Verdicts become events, networks and targets
	 * follow, outages are remembered, availability is learned. False: one check, in which
	 * each block gets its verdict once.
	 */
	bool keeps_events;
	/*
	 * A record of a block only when something but counts and measures has changed since the
	 * last one, and when that is a day old.
	 */
	bool tells_changes;
	uint64_t first_seq;  /* records that are out already: 0, or those before a reload */
	uint8_t privacy_ttl; /* routers so near are hidden in records of probes; 0: none */
	struct record_sink sink;
	/* Fills in the counters of the record of the vantage. */
	void (*counters)(void *self, struct record_vantage *ret_counters);
	/*
	 * Why a way that is not blind is not fit either, for the record of the vantage: a set of
	 * enum bw_reason. NULL: for nothing.
	 */
	unsigned (*unfit)(void *self, unsigned way);
	void *self; /* of counters() and unfit() */
};

struct ledger {
	struct ledger_config config;
	struct bw_now now; /* set by the owner before each call */
	uint64_t seq;      /* of the last record */
	bool restored;     /* what it holds comes from a state: see ledger_cannot_tell() */

	struct block *blocks;        /* by number, as in the roster */
	struct track *tracks;        /* the same; NULL unless keeps_events, as are the next five */
	struct usual *usuals;        /* by number */
	struct silent_block *silent; /* by number */
	float *unanswered; /* by number: replies expected in rounds without any, since the last */
	struct lateness *lateness; /* by number */
	struct joint *joints;      /* by number of the target */
	struct hearing *heard;     /* by number of the network; blank for those of few blocks */
	struct told_block *told_blocks; /* by number; NULL unless tells_changes */
	struct outages outages;
	struct condition_store conditions;
	struct sums sums;
	struct current_loss loss;
	struct ways ways;
};

/*
 * All blocks are unknown, with as many hosts as the roster has. Returns 0 or -ENOMEM with a
 * message.
 */
int ledger_new(const struct ledger_config *config, struct bw_now now, struct ledger **ret_ledger,
	       struct bw_err *err);
void ledger_free(struct ledger *ledger);

/*
 * The first hosts to be asked: HOSTS, COUNT of them, answer with the chance HOT, all others
 * with the chance COLD. What was learned of the block's hosts before is forgotten.
 */
void ledger_seed_hosts(struct ledger *ledger, uint32_t block, const uint16_t *hosts, unsigned count,
		       float hot, float cold);

/* Until learned: the chance that an address answers that did so last time. */
#define LEDGER_HOT_GUESS 0.9F

static inline uint32_t ledger_target_of(const struct ledger *ledger, uint32_t block)
{
	return roster_target_of(ledger->config.roster, block);
}

/* The way out that a block is on. */
static inline unsigned ledger_way_of(const struct ledger *ledger, uint32_t block)
{
	return ways_of_block(&ledger->ways, ledger->config.roster, block);
}

/* Why its way is blind: a set of enum bw_reason; 0 when it is fit. */
static inline unsigned ledger_blind(const struct ledger *ledger, uint32_t block)
{
	return ledger->ways.of[ledger_way_of(ledger, block)].reasons;
}

/*
 * Why nothing may be told of the block now: a set of enum bw_reason, 0 when something may. Its way
 * is blind; or its verdict comes from a state, and nothing has been heard by that way since then.
 * Of a block that is never asked no way can tell anything: 0.
 */
unsigned ledger_cannot_tell(const struct ledger *ledger, uint32_t block);

static inline struct current_loss_of ledger_loss_of(const struct ledger *ledger, uint32_t block)
{
	return (struct current_loss_of){ledger_target_of(ledger, block),
					ledger_way_of(ledger, block)};
}

/* The history of the block's trouble, to read; to write. Only when keeps_events. */
static inline const struct outage_memory *ledger_outage_of(const struct ledger *ledger,
							   uint32_t block)
{
	return outages_of(&ledger->outages, &ledger->tracks[block]);
}

static inline struct outage_memory *ledger_outage_for(struct ledger *ledger, uint32_t block)
{
	return outages_for(&ledger->outages, &ledger->tracks[block]);
}

/*
 * The block has not answered a probe that was sent at SINCE. Keeps the first such moment since its
 * last answer.
 */
void ledger_note_silence(struct ledger *ledger, uint32_t block, struct bw_mono since);

/* The same by its present evidence. One lost packet of a block that is up is no silence. */
void ledger_note_silences(struct ledger *ledger, uint32_t block, const struct evidence_log *x);

/* When its present silence began; BLOCK_NEVER_ANSWERED: it answers, or has not been asked. */
struct bw_mono ledger_silent_since(const struct ledger *ledger, uint32_t block);

/*
 * How long answers of the block are waited for, if many of its own or of its target come late;
 * until then a silence says nothing, and no other host is asked for it. 0: they come in time.
 */
int64_t ledger_late_ns(const struct ledger *ledger, uint32_t block);

/* The share of expected replies that arrive just now, for this block. */
static inline float ledger_delivered(const struct ledger *ledger, uint32_t block)
{
	struct current_loss_of of = ledger_loss_of(ledger, block);

	return current_loss_delivered(&ledger->loss, &ledger->ways.of[of.way].health.loss, of,
				      ledger->now.mono);
}

/* True when so much is lost just now that nothing new is called dark. */
static inline bool ledger_is_lossy(const struct ledger *ledger, uint32_t block)
{
	return current_loss_is_bad(ledger_delivered(ledger, block));
}

#endif
