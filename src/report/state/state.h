/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_H
#define REPORT_STATE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/method.h>
#include <blockwatch/prefix.h>
#include <blockwatch/time.h>
#include <blockwatch/verdict.h>

/*
 * What a vantage keeps over a restart, as plain structs and as JSON Lines
 * (state.schema.json): a head, a line for each block, network, target and usual path, and an end
 * with the number of lines and a checksum over all of them. A file is accepted as a whole or
 * not at all.
 *
 * A time of ns 0 means never or not known. All other times lie between 1970 and
 * STATE_WALL_MAX, all spans between 0 and STATE_SPAN_MAX, so that a sum of a few cannot
 * overflow.
 */
#define STATE_SCHEMA "blockwatch/state/5"
/*
 * Read, too: 4 had no hearing, lateness and bounds of returns, 3 no paths either, 2 no usual
 * ranges, rest and joint silence, 1 no never_seen.
 */
#define STATE_SCHEMA_4 "blockwatch/state/4"
#define STATE_SCHEMA_3 "blockwatch/state/3"
#define STATE_SCHEMA_2 "blockwatch/state/2"
#define STATE_SCHEMA_1 "blockwatch/state/1"
#define STATE_LINE_MAX 8192                 /* bytes of a line with its end */
#define STATE_NAME_MAX 255                  /* bytes of a name, valid UTF-8 */
#define STATE_HOT_MAX 16                    /* hosts of a hot list */
#define STATE_RETURNS_MAX 16                /* returns in one outage */
#define STATE_HOPS_MAX 26                   /* hops of a path */
#define STATE_TTL_MAX 64
#define STATE_FLOWS 2                                  /* flows in which a path is traced */
#define STATE_WALL_MAX (INT64_C(7258118400) * BW_S)    /* 2200-01-01, in ns */
#define STATE_SPAN_MAX (INT64_C(36525) * 86400 * BW_S) /* 100 years, in ns */

struct state_head {
	const char *vantage; /* its name */
	const char *program; /* version of the program that wrote it */
	uint32_t boots;      /* starts of the vantage so far, from 1 */
	struct bw_wall saved;
	uint32_t blocks, groups; /* lines that follow */
	bool references;         /* a reference has answered: its silence is news */
	uint32_t paths;          /* lines that follow */
};

/*
 * An outage that is open. The event that announced it is not kept: only a late reply
 * withdraws an event, and a reply to a probe of an earlier start proves nothing.
 */
struct state_outage {
	bool open;
	struct bw_wall earliest, latest; /* bounds of its start; earliest ns 0: not known */
};

/*
 * An outage that was over at least once and goes on, or that may go on because it ended just now.
 * count 0 and ended ns 0: there is none.
 */
struct state_returns {
	struct bw_wall earliest, latest; /* bounds of the start of the whole outage */
	struct bw_wall ended;            /* when it was over last */
	uint32_t count;
	struct bw_wall list[2 * STATE_RETURNS_MAX]; /* start and end of each return, by time */
	/* In truth it was over, and each return came and went, up to so many seconds earlier. */
	uint32_t ended_within_s, within_s[STATE_RETURNS_MAX];
};

/* The completed down phases of a flapping block; downs 0: none. */
struct state_phases {
	uint32_t downs;
	int64_t down_ns, longest_ns; /* all of them together; the longest */
};

/* What was learned from completed outages. */
struct state_history {
	struct bw_wall first; /* the start of the history */
	uint32_t outages;     /* 0: what follows is 0 too */
	int64_t longest_ns;
	int64_t dark_ns; /* of all outages together */
	struct bw_wall last_end;
};

/* The usual loss and delay of a block (infer/usual.h). rounds 0: nothing was learned. */
struct state_usual {
	uint32_t rounds;
	double loss, loss_now;       /* shares, 0..1; four decimals */
	int64_t rtt_ns, rtt_now_ns;  /* 0: not known */
	double spread;               /* of the round-trip time, in octaves; four decimals */
};

/* Times in which a block of few hosts was silent by itself. */
struct state_absences {
	uint32_t count;
	int64_t total_ns;
	uint32_t heard_hours; /* in which it answered */
};

/*
 * When any block of a target or network answered last, in the time in which the program ran.
 * heard_ns 0: nothing was heard yet.
 */
struct state_hearing {
	int64_t heard_ns;   /* for so long, as of `saved`, answers have been noted */
	int64_t silent_ns;  /* so long before `saved` came the last one; 0: not known */
	int64_t longest_ns; /* the longest time without any answer */
	double nats;        /* weight of the silence since the last one, of a network */
	/* Half hours of the day in UTC, the first lowest: ... */
	uint64_t heard_half_hours;  /* ... in which there was an answer on some day, ... */
	uint64_t silent_half_hours; /* ... and that passed without any */
};

/* How late answers come. answers 0: nothing was learned, the others are 0. */
struct state_lateness {
	uint32_t answers; /* on which the next two rest */
	double late;      /* share of answers that came late, 0..1; four decimals */
	int64_t late_ns;  /* how late they came; 0: none did */
};

/* The silence of all blocks of a target together, and the loss on the way to it. */
struct state_joint {
	double nats;                    /* weight of the silence since any of them answered */
	bool down;                      /* all are down ... */
	struct bw_wall since;           /* ... or not, since then; ns 0: not known */
	struct state_phases phases;
	double expected, replied;       /* replies, as of counted */
	struct bw_wall counted;         /* never ns 0 with these */
	struct state_lateness lateness; /* of all answers */
};

struct state_block {
	const char *target;
	struct bw_prefix block;
	enum bw_verdict verdict;
	enum bw_verdict told; /* by the last event; unknown: there was none */
	struct bw_wall since; /* never ns 0 */
	struct bw_wall last_answer;
	double log_odds;           /* nats, within +-STATE_LOG_ODDS_MAX; six decimals are kept */
	unsigned conditions;       /* set of enum bw_condition */
	bool known;                /* its hosts are known to answer while it is up */
	bool never_seen;           /* of an unknown block: no host has ever answered */
	bool down;                 /* of a flapping block: the phase */
	double penalty;            /* for flapping, as of penalty_at; six decimals */
	struct bw_wall penalty_at; /* never ns 0 with a penalty */
	bool few_hosts;            /* of an unknown block: its few hosts may be off */
	struct bw_wall silent_since; /* its first unanswered probe behind an answer */
	struct bw_wall false_alarm;  /* its last suspicion that came to nothing */
	bool rests;                /* what follows was learned */
	uint32_t rest;             /* belief that its hosts are at rest: rest_pack() */
	uint32_t evening;          /* when that began last: rest_hour(); 0: never */
	struct state_absences absences;
	uint32_t moves;            /* how often all its known hosts had new addresses */
	struct state_usual usual;
	struct state_lateness lateness;
	struct bw_wall out_since[BW_RANGES]; /* by enum bw_range; ns 0: in its usual range */
	struct bw_wall unstable;   /* the last sign of instability */
	double hot_availability;   /* that a hot host answers one probe, 0..1; four decimals; */
	double cold_availability;  /* that another host does; */
	double again_availability; /* that a host does after one silence; negative: not learned */
	uint32_t hot_count;
	struct bw_addr hot[STATE_HOT_MAX]; /* in the block, none twice, the next to probe first */
	uint32_t hot_methods; /* the method index of each: two bits, the first lowest */
	struct state_phases phases;
	struct state_outage outage; /* never open while the verdict is up */
	struct bw_wall dark_until, dark_until_before; /* it was surely dark then; ns 0: not known */
	struct state_returns returns;
	struct state_history history;
};

#define STATE_LOG_ODDS_MAX 1000.0
#define STATE_SCORE_MAX 1e6 /* of penalty */

/* A network or a target. */
struct state_group {
	enum bw_scope scope; /* not a block */
	const char *target;
	struct bw_prefix network; /* of a network */
	enum bw_verdict verdict;
	enum bw_verdict told; /* by the last event; unknown: there was none */
	struct bw_wall since; /* never ns 0 */
	struct bw_wall out_since[BW_RANGES]; /* as that of a block */
	struct state_joint joint;            /* of a target */
	struct state_hearing hearing;
	struct state_outage outage;
	struct state_returns returns;
	struct state_history history;
};

struct state_hop {
	struct bw_addr from; /* of the family of the destination */
	uint8_t ttl;         /* below STATE_TTL_MAX */
	uint8_t flows;       /* the flows that it was seen in, as a set; never empty */
	uint8_t rate;        /* the share of probes that it answered, of 255 */
	uint16_t age_min;    /* minutes from its last answer to the last trace */
};

/* The usual path to a block, or to a network of a large target (infer/path/baseline.h). */
struct state_path {
	const char *target;
	struct bw_addr destination; /* of the last trace, a host of the block */
	struct bw_method method;    /* by which it was traced */
	uint32_t flow;              /* of the last trace, from 1 to STATE_FLOWS */
	uint32_t traces;            /* that it was learned from, from 1 to UINT16_MAX */
	uint32_t end;               /* TTL of the destination, from 1 to STATE_TTL_MAX */
	struct bw_wall traced;      /* never ns 0 */
	uint32_t hop_count;
	struct state_hop hops[STATE_HOPS_MAX]; /* in the order of TTLs; no hop twice at one */
};

#define STATE_NATS_MAX 1e6
#define STATE_SPREAD_MAX 32.0 /* octaves */
#define STATE_REST_MAX 4095
#define STATE_EVENING_MAX 12
#define STATE_HALF_HOURS 48 /* of a day */

#endif
