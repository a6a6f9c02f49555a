/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_EVIDENCE_H
#define INFER_EVIDENCE_H

#include <stdbool.h>

#include <blockwatch/method.h>

#include "infer/params.h"

/*
 * An excursion is the time in which a block's verdict is in question: from the
 * first probe of a block of which nothing is known yet (or that was missed)
 * until it is decided. It keeps each probe as a piece of evidence, so that
 * the belief is a plain sum over the list: a late reply changes its own piece
 * and nothing has to be taken back.
 */
#define EVIDENCE_MAX 24

/*
 * An address asked again counts with at most this, because its silences are not
 * independent; unless more is known of that (`repeated`).
 */
#define EVIDENCE_REPEATED 0.5F

enum evidence_state {
	EVIDENCE_QUEUED,  /* asked for, not sent yet */
	EVIDENCE_WAITING, /* sent, nothing heard */
	EVIDENCE_SILENT,  /* timed out, or a router says: not reachable */
	EVIDENCE_REPLY,
	EVIDENCE_NEUTRAL, /* prohibited by a filter: says nothing about up or dark */
	EVIDENCE_VOID,    /* never left */
};

struct evidence {
	struct bw_mono sent;
	float availability; /* of the host, as it was counted */
	uint16_t host;
	uint8_t attempt;  /* how often this host had been asked before */
	uint8_t method;   /* which of the host's methods */
	uint8_t protocol; /* enum bw_protocol of that method */
	uint8_t part;     /* of the block, where the host is (parts.h) */
	uint8_t state;    /* enum evidence_state */
};

struct evidence_log {
	struct bw_mono opened; /* when its first probe was sent; BW_NEVER before */
	struct bw_mono asked;  /* when the last probe was asked for or sent */
	int64_t confirm_ns;    /* over so long dark must reach */
	float prior;           /* log-odds that it began with */
	bool resumed;          /* it goes on where an earlier one of the same silence ended */
	bool widens;           /* while it waits for confirmation others are asked, too */
	uint8_t widened;       /* so many of them */
	float repeated;        /* the most that an address asked again counts */
	float delivered;       /* share of expected replies that arrive at all now, 0..1 */
	uint8_t count;
	struct evidence list[EVIDENCE_MAX];
};

/* Empty, with quality 1, repeated EVIDENCE_REPEATED. */
void evidence_begin(struct evidence_log *x, float prior, int64_t confirm_ns);

/*
 * Which method the next probe to HOST is to use: the first one for the SAMPLE
 * probes of the beginning, then the hosts' methods in turn, so that a filter
 * against one method is not taken for silence.
 */
unsigned evidence_method(const struct evidence_log *x, uint16_t host, unsigned sample);

/*
 * Adds a probe: its host (candidates of a block are numbered from 0),
 * availability, turn, protocol and part are given, the rest is filled in. Returns
 * its index in the list, or BW_ERR_LIMIT.
 */
int evidence_ask(struct evidence_log *x, const struct evidence *probe, struct bw_mono now);

void evidence_sent(struct evidence_log *x, unsigned index, struct bw_mono sent);
void evidence_settle(struct evidence_log *x, unsigned index, enum evidence_state state);

/* How many pieces are in this state. */
unsigned evidence_count(const struct evidence_log *x, enum evidence_state state);

/* The belief; `hopeless`: what it will be if all that is waited for stays silent. */
float evidence_belief(const struct evidence_log *x, bool hopeless);

/*
 * When the next probe is wanted to decide between up and dark: BW_NEVER when
 * one is queued, when all are asked that were wanted, or when there is a reply.
 * HOSTS: how many candidates the block has.
 */
struct bw_mono evidence_next(const struct evidence_log *x, const struct infer_params *params,
			     unsigned hosts);

/*
 * True when the next probe is to widen the search while the silence waits for its confirmation:
 * all hot hosts may have moved, or a burst of loss may be over in a moment.
 */
bool evidence_is_widening(const struct evidence_log *x, const struct infer_params *params,
			  unsigned hosts);

/*
 * The same for a block that is dark: how many first probes there are, and when
 * the next is wanted. After a reply the goal is a second one, confirm_ns later.
 */
struct bw_mono evidence_next_recovery(const struct evidence_log *x,
				      const struct infer_params *params, unsigned hosts);

/* True when replies reach over confirm_ns: it is up. */
bool evidence_is_back(const struct evidence_log *x, const struct infer_params *params);

/* The first and the last probe in this state by the time of sending; NULL: none. */
const struct evidence *evidence_first(const struct evidence_log *x, enum evidence_state state);
const struct evidence *evidence_last(const struct evidence_log *x, enum evidence_state state);

/* Leaves out what was sent before T, and the prior: the belief is about the time since. */
void evidence_forget(struct evidence_log *x, struct bw_mono t);

/*
 * The moment after which the silence did not begin, in 199 of 200 cases: its first probes
 * may have been lost by chance, and after LAST_ANSWER it may have begun at any time.
 * BW_NEVER: nothing was silent.
 */
struct bw_mono evidence_began_by(const struct evidence_log *x, struct bw_mono last_answer,
				 struct bw_mono now);

/*
 * True when the silence is enough and wide enough if all that is waited for stays silent:
 * only then it matters how long it must last (confirm_ns).
 */
bool evidence_nears_dark(const struct evidence_log *x, const struct infer_params *params,
			 unsigned hosts);

/* True when the silence is enough, wide enough and confirmed: dark. */
bool evidence_is_dark(const struct evidence_log *x, const struct infer_params *params,
		      unsigned hosts);

/* True when several hosts were silent before one answered: a burst of loss looks like that. */
bool evidence_is_false_alarm(const struct evidence_log *x);

/* True while a probe is queued or waited for. */
bool evidence_is_open(const struct evidence_log *x);

#endif
