/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_STATE_H
#define VANTAGE_STATE_H

#include "base/permutation.h"
#include "base/rng.h"
#include "base/wheel.h"
#include "infer/block.h"
#include "infer/condition/condition.h"
#include "infer/condition/extra.h"
#include "infer/evidence/silence.h"
#include "infer/flap.h"
#include "infer/group.h"
#include "infer/health.h"
#include "infer/history.h"
#include "infer/verdict.h"
#include "probe/budget.h"
#include "probe/engine.h"
#include "vantage/vantage.h"

/* The inside of a vantage, for the files of this folder only. */

#define TALLY_RTTS 16
#define WITNESSES 2

/* What a round of probes to one block gave, for its record. */
struct tally {
	uint32_t sent, replies;
	int64_t rtt_ns[TALLY_RTTS]; /* of the first replies */
};

/* A block on round: its round is under way and its record not out. */
struct round {
	struct evidence_log x;
	struct tally tally;
	bool was_suspect;           /* its record with this condition is out */
	uint8_t explores;           /* so many cold hosts will be asked beside the hot one, ... */
	struct extra wish;          /* ... after these, ... */
	uint32_t wished;            /* ... who are these of its probes: a bit each */
	uint16_t cold;       /* the share of cold hosts that answer, before they were asked */
	bool juror;          /* it was made due for another one: how its first probe fares counts */
	bool jurors;         /* others were made due for this one, ... */
	struct bw_mono jury; /* ... then; BW_NEVER: not yet */
	struct budget_spent spent; /* of the pace */
};

/*
 * By the same number: which block that is, and the next in its list, of those on round with
 * this head or of the free ones. Apart, so that looking for a round meets no other one's.
 */
struct round_link {
	uint32_t block;
	uint32_t next; /* NO_ROUND: none */
};

/*
 * What rounds remember of a block beside its state; there is none in a check. It is as long
 * as a line of the processor's cache, for each round needs nearly all of it.
 */
struct watch {
	struct bw_mono last_round; /* when its last excursion ended */
	struct bw_mono slot;       /* its place in the round, before jitter */
	struct budget_spent spent; /* of the hour */
	struct condition condition;
	uint32_t first_s;      /* watched since, in seconds of wall time */
	uint32_t srtt_us : 26; /* smoothed round-trip time; 0: not known */
	uint32_t urgent : 1;   /* its next round waits for nothing, ... */
	uint32_t juror : 1;    /* ... and is that of a juror */
	/* Numbers of its struct outage and struct condition_evidence; 0: it has none. */
	uint64_t past : 25, unrest : 25;
	uint64_t paced : BUDGET_NOTE_BITS; /* what its last round spent of the pace */
};
#define WATCH_PLACE_MAX ((1U << 25) - 1)
#define WATCH_SRTT_MAX_US ((1U << 26) - 1) /* longer than anything is listened for */

_Static_assert(sizeof(struct watch) <= 64, "a watch takes more than 64 bytes");
_Static_assert(ROSTER_BLOCKS_MAX <= WATCH_PLACE_MAX, "each block may have a past and unrest");

/* Where the unrest of a block is kept, or will be. */
union condition_evidence_place {
	struct condition_evidence unrest;
	uint32_t next_free;
};

/* What is remembered of a block that was in trouble. */
struct outage {
	struct silence silence; /* of this outage */
	struct bw_mono scared;  /* when it last looked dark for a while and was not */
	struct bw_mono dark_earliest, dark_latest; /* bounds of the start of the outage */
	struct bw_mono dark_decided;
	struct flap_phases phases;        /* while it flaps */
	uint64_t event_seq;               /* of the event that made it dark */
	struct history history;
};

/* A network or a target: the sum of its blocks and what was said of it. */
struct sum {
	struct group group;
	enum bw_verdict verdict;
	struct bw_mono since;
	struct bw_mono dark_earliest, dark_latest;
	uint64_t event_seq;
	struct history history;
	struct loss line;       /* of a target: how its blocks that are there answer */
	uint64_t round;         /* of a target */
	struct bw_mono hurried; /* a target: when its blocks were last made due at once */
	uint32_t placed;        /* a target: blocks that have their place in its round */
};

/* A host of a block that is up, asked again while others are in question. */
struct witness {
	struct bw_addr addr;
	struct bw_method method;
	uint8_t egress;
};

struct vantage {
	struct vantage_config config;
	struct engine *engine;
	struct bw_now now, awake; /* awake: started, or woke up from a sleep */
	uint64_t seq;
	struct rng rng;

	struct block *blocks;  /* by number, as in the roster */
	struct watch *watches; /* the same; NULL in a check, as are pasts and unrests */
	struct outage *pasts;
	uint32_t past_count;
	union condition_evidence_place *unrests;
	uint32_t condition_evidence_count;
	uint32_t free_unrest; /* 0: none */
	struct sum *networks, *targets;
	struct round *rounds;
	struct round_link *round_links;
	uint32_t *round_heads; /* of chains of those on round, by block number and mask */
	uint32_t round_mask;
	uint32_t round_count, rounds_used; /* those behind have never been touched */
	uint32_t free_round, under_way;
	uint32_t suspects; /* of those on round */
	/* The next step of each block; then the next round of each target. */
	struct wheel *wheel;
	struct permutation order; /* of first probes */
	uint32_t begun, known;
	struct budget pace;         /* that nobody may exceed: no block, sentinel or witness */
	struct budget *hourly;      /* of the blocks of each target; NULL in a check */
	struct budget_spent *spent; /* by sentinels, then by witnesses */
	struct bw_mono expected;    /* the deadline that was last given out */

	struct record_vantage counted; /* by the vantages before a reload */
	struct loss line;              /* how all blocks that are there answer */
	struct loss jury;              /* how jurors answer their first probe */
	struct health health;
	unsigned blind_reasons; /* why nothing can be told now; 0: all is well */
	bool blind_held;        /* the owner said so and will lift it */
	struct bw_mono blind_since;
	struct bw_mono sentinels_at;
	struct witness witnesses[WITNESSES];
	uint32_t witness_count, witness_next; /* the newest that answered */
};

#define NO_ROUND UINT32_MAX

static inline bool vantage_has_rounds(const struct vantage *v)
{
	return v->config.plans != NULL;
}

static inline uint32_t vantage_network_of(const struct vantage *v, uint32_t block)
{
	return v->config.roster->blocks[block].network;
}

static inline uint32_t vantage_target_of(const struct vantage *v, uint32_t block)
{
	return v->config.roster->networks[vantage_network_of(v, block)].target;
}

/* NULL: the block is not on round. */
static inline struct round *round_of(const struct vantage *v, uint32_t block)
{
	uint32_t i = v->round_heads[block & v->round_mask];

	while (i != NO_ROUND && v->round_links[i].block != block)
		i = v->round_links[i].next;
	return i == NO_ROUND ? NULL : &v->rounds[i];
}

/* round.c: a round of one block, from its first probe to its record. */
void round_begin(struct vantage *v, uint32_t block);
void round_advance(struct vantage *v, uint32_t block);
void round_abort(struct vantage *v, uint32_t block); /* no record, nothing learned */
void round_stop(struct vantage *v, uint32_t block, unsigned reason);
void round_sent(struct vantage *v, const struct probe *probe, struct bw_mono sent);
void round_outcome(struct vantage *v, const struct outcome *outcome);
bool round_is_free(const struct vantage *v); /* for one more block */

/* asking.c: how a host is asked, by its method number TURN. */
unsigned request_turn(const struct vantage *v, uint32_t block, uint16_t host);
struct probe request_probe(const struct vantage *v, uint32_t block, uint16_t host, unsigned turn);
/* The chance that it answers. In rounds: learned, and aged while the block is dark. */
float request_availability(const struct vantage *v, uint32_t block, uint16_t host, unsigned turn);
void request_doubt_after(struct vantage *v, uint32_t block, int64_t elapsed_ns); /* a gap */

/* dating.c: when a change happened. */
void bounds_bound(const struct vantage *v, uint32_t block, struct verdict_decision *decision);
/* The silences of a block's round before T, in the order of sending, each with its weight. */
void bounds_note(const struct vantage *v, uint32_t block, struct bw_mono t,
		 struct silence *silence);
int64_t bounds_longest_rtt(const struct tally *tally);

/* schedule.c: when blocks are due. */
int schedule_init(struct vantage *v);
void schedule_fini(struct vantage *v);
void schedule_due(struct vantage *v, uint32_t id);      /* a number of the wheel expired */
void schedule_next(struct vantage *v, uint32_t block);  /* its round is over */
void schedule_hurry(struct vantage *v, uint32_t block); /* it looks dark: its siblings are due */
/* Its siblings: all blocks of its target, of a large one those around. */
struct roster_range roster_siblings(const struct vantage *v, uint32_t block);
void schedule_spread(struct vantage *v); /* all anew, over one round: after a gap */
/* A block that is up has its round at once, if its hour has room for that. */
bool schedule_urge(struct vantage *v, uint32_t block);
/* Whether the hour has room for a probe to a dark block that ASKED were sent to this round. */
bool schedule_can_spare(const struct vantage *v, uint32_t block, unsigned asked);
bool schedule_can_widen(const struct vantage *v, uint32_t block);   /* the same in an excursion */
bool schedule_can_explore(const struct vantage *v, uint32_t block); /* the same for a cold host */
int64_t schedule_pace_ns(const struct vantage *v, uint32_t block);  /* from probe to probe */
/* Whether the hour has a probe for the block now; else when. And that it was taken. */
bool schedule_can_ask(const struct vantage *v, uint32_t block, struct bw_mono *ret_at);
void schedule_asked(struct vantage *v, uint32_t block);

/* outages.c: of a block, to read (a blank one, if it has none) and to write. */
int outages_init(struct vantage *v);
void outages_fini(struct vantage *v);
const struct outage *outages_of(const struct vantage *v, uint32_t block);
struct outage *outages_for(struct vantage *v, uint32_t block);
struct history outages_history(const struct vantage *v, uint32_t block);

/* unrest.c: of a block, a copy (that of a calm one, if it has none); kept unless it is calm. */
int condition_store_init(struct vantage *v);
void condition_store_fini(struct vantage *v);
struct condition_evidence condition_store_of(const struct vantage *v, uint32_t block);
void condition_store_keep(struct vantage *v, uint32_t block,
			  const struct condition_evidence *unrest);

/* manners.c: how blocks answer. In rounds, before and after all else has learned from a round: */
void conditions_learn(struct vantage *v, uint32_t block);
void conditions_settle(struct vantage *v, uint32_t block);
/* Takes any outcome; true for a reply that is the border's and no evidence for the block. */
bool conditions_hear(struct vantage *v, const struct outcome *outcome);
/* A block went dark: the address that most borders have is asked next of the cold ones. */
void conditions_seek_border(struct vantage *v, uint32_t block);
void conditions_wish(struct vantage *v, uint32_t block, double chance); /* whom to ask beside, */
bool conditions_pick(struct vantage *v, uint32_t block, uint16_t *ret_host); /* one by one */
unsigned conditions_parts(const struct vantage *v, uint32_t block);          /* silent ones: bits */
/* The part of the block (infer/condition/parts.h) that an address of it is in. */
unsigned conditions_part_of(const struct vantage *v, uint32_t block, const struct bw_addr *addr);

/* current_loss.c: the share of expected replies that come at all just now. */
void current_loss_count(struct vantage *v, uint32_t block, const struct evidence_log *x);
float current_loss_quality(const struct vantage *v, uint32_t block);
bool current_loss_is_bad(const struct vantage *v, uint32_t block);
void current_loss_forget(struct vantage *v); /* what was counted while nothing could be heard */

/* jury.c: others are asked before a block is called dark. */
void control_group_summon(struct vantage *v, uint32_t block);
void control_group_hear(struct vantage *v, struct round *round, const struct outcome *outcome);
bool control_group_is_out(const struct vantage *v,
			  const struct round *round); /* it may yet answer */

/* company.c: a silent block beside its siblings. */
/* Of so few hosts that their silence may be their own: judged beside its siblings only. */
bool siblings_is_needed(const struct vantage *v, uint32_t block);
bool siblings_is_lacking(const struct vantage *v, uint32_t block); /* needed, and they answer */
/* Over how long its silence must reach, in rounds: as the bursts of loss that are feared. */
int64_t siblings_confirm_ns(const struct vantage *v, uint32_t block);
/* Tells its excursion that; and, unless they are silent, too, to ask cold hosts meanwhile. */
void siblings_adjust(const struct vantage *v, uint32_t block, struct evidence_log *x);

/* events.c: from verdicts to events, from blocks to networks and targets. */
void events_decide(struct vantage *v, uint32_t block, const struct verdict_decision *decision);
void events_restore(struct vantage *v, uint32_t block); /* its verdict was put in place */
void events_settle(struct vantage *v, uint32_t block);
void events_withdraw(struct vantage *v, uint32_t block, const struct outcome *reply);

/* sentinels.c: is the vantage itself online? */
void sentinels_tick(struct vantage *v);
void sentinels_outcome(struct vantage *v, const struct outcome *outcome);
void sentinels_add_witness(struct vantage *v, const struct outcome *outcome);
unsigned sentinels_judge(struct vantage *v, struct bw_mono since); /* set of enum bw_reason */
void sentinels_blind(struct vantage *v, unsigned reasons);
void sentinels_release(struct vantage *v); /* the owner holds it blind no more */

/* records.c: records. */
void records_block(struct vantage *v, uint32_t block, const struct tally *tally);
void records_target(struct vantage *v, uint32_t target);
void records_vantage(struct vantage *v);
struct record_vantage records_counters(const struct vantage *v);
void records_probe(struct vantage *v, const struct outcome *outcome);
uint64_t records_event(struct vantage *v, struct record_event *event); /* its seq */

#endif
