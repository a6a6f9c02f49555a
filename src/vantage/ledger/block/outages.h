/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_OUTAGES_H
#define VANTAGE_LEDGER_BLOCK_OUTAGES_H

#include <stdbool.h>

#include <blockwatch/verdict.h>

#include "infer/evidence/silence.h"
#include "infer/flap.h"
#include "infer/history.h"
#include "vantage/ledger/block/track.h"

/* A time in an outage in which the subject was back, too short to end it. */
struct outage_return {
	struct bw_mono start, end;
};

#define RETURNS_MAX 16 /* in one outage: one more ends it */

struct returns {
	struct outage_return list[RETURNS_MAX]; /* in the order of time */
	uint32_t within_s[RETURNS_MAX]; /* its true start and end are up to so much earlier */
	uint32_t count;
};

/*
 * The outage of a block, network or target that is open or was the last, and its history. One that
 * was over goes on when the subject is dark again after a short return: then the bounds of its
 * start are `began`, and `earliest` and `latest` are those of its last part.
 */
struct outage {
	struct bw_mono earliest, latest; /* bounds of its start */
	struct outage_return began;      /* the same of the whole: start is the earliest */
	struct bw_mono ended;            /* when it was over last; 0: never, or not known */
	uint32_t ended_within_s;         /* in truth up to so much earlier */
	uint32_t returns;                /* index in the store of outages; 0: none */
	uint64_t event_seq;              /* of the last event of the subject, if it can be undone */
	enum bw_verdict from;            /* what the subject was before that event */
	bool goes_on;                    /* it was over before its last event to dark */
	bool undone;                     /* the last event was withdrawn */
	struct history history;
};

/*
 * Silences of a block of few hosts that ended with an answer, while its siblings answered. The
 * total has those that ended as dark, too: as an absence each was longer than that.
 */
struct absences {
	int64_t total_ns;
	uint32_t count;
	uint32_t heard_hours; /* hours in which it answered */
};

/* Of a block that had a false alarm, was down or was dark at least once, or has few hosts. */
struct outage_memory {
	struct outage outage;
	struct silence silence;      /* probes without an answer in this outage */
	struct bw_mono false_alarm;  /* evidence_is_false_alarm() last held; else long ago */
	struct bw_mono decided;      /* when it was last called dark; 0 also after a restart */
	struct bw_mono up_since;     /* of the last verdict of up before that */
	struct flap_phases phases;   /* its down phases while it flaps */
	struct absences absences;
	uint32_t moves;              /* how often all its known hosts had moved */
	/* Of watch/schedule/moves.h: */
	uint16_t moved;  /* belief that they have, in the present silence, by rest_pack() */
	uint16_t asked;  /* addresses in this silence that nobody is known at */
	uint8_t awaited; /* so many silences of its former hosts show that they have */
};

/*
 * The memories of all blocks that have one, in the order in which they were made. Entry 0 is
 * blank and stands for all other blocks.
 */
struct outages {
	struct outage_memory *list;
	uint32_t count;
	/* Returns of the outages of blocks, networks and targets. Entry 0 is empty. */
	struct returns *returns;
	uint32_t return_count;
};

/*
 * Room for each of BLOCKS blocks, and for the returns of so many and of SUMS networks and targets.
 * Memory is used only for those that need it. 0 or -ENOMEM.
 */
int outages_init(struct outages *outages, uint32_t blocks, uint32_t sums);
void outages_fini(struct outages *outages);

/* To read: the block's memory, or the blank one. Valid as long as OUTAGES. */
const struct outage_memory *outages_of(const struct outages *outages, const struct track *track);

/*
 * To write: the block's memory. When there is none yet, a blank one is made and TRACK refers to
 * it from then on.
 */
struct outage_memory *outages_for(struct outages *outages, struct track *track);

/* The returns of an outage, to read; to write, for which it gets a list of its own. */
const struct returns *outages_returns(const struct outages *outages, const struct outage *outage);
struct returns *outages_returns_for(struct outages *outages, struct outage *outage);

/* Whether OUTAGE was over before and is under way at NOW, or ended so short a time ago. */
bool outage_can_go_on(const struct outage *outage, struct bw_mono now);

/*
 * OUTAGE is over, and its subject is dark again since T at the latest: whether the return was so
 * short that the outage goes on, less than an hour and less than a tenth of the outage so far.
 */
bool outage_goes_on(const struct outages *outages, const struct outage *outage, struct bw_mono t);

/* The history of a block, which begins at track->first_s, whether it has a memory or not. */
struct history outages_history(const struct outages *outages, const struct track *track);

#endif
