/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_CONDITION_H
#define INFER_CONDITION_H

#include <blockwatch/addr.h>
#include <blockwatch/verdict.h>

#include "infer/block.h"
#include "infer/parts.h"

/*
 * How a block answers, beside whether it does: what its conditions partial, proxy,
 * border-only and rate-limited rest on. Called parts are quarters (parts.h).
 */
#define CONDITION_CONDITIONS (BW_PARTIAL | BW_PROXY | BW_BORDER_ONLY | BW_RATE_LIMITED)
#define CONDITION_NO_HOST UINT16_MAX
#define CONDITION_ANY_HOST (UINT16_MAX - 1) /* after a restart: whoever answers first */

/* Of each block. Counts that are only compared with small numbers end at their limit. */
struct condition {
	uint32_t heard_s;  /* when the last answered probe was sent, in seconds; 0: never */
	uint32_t others_s; /* the same, of all addresses but `lone` */
	uint32_t alike;    /* who answered alike: a bit each, by number modulo 32 */
	uint16_t last_host; /* who answered last, CONDITION_NO_HOST; of border-only: the border */
	uint16_t router;   /* who said last that a host is unreachable: a hash */
	uint8_t ttl;       /* the usual one of replies: a majority vote (Boyer, Moore) */
	uint8_t last_ttl;  /* of the last reply */
	uint8_t unlike;    /* what speaks against one router for all */
	uint8_t missed;    /* share of spaced probes to sure hosts that are not answered */
	uint32_t ttl_votes : 4;
	uint32_t errors : 3;       /* of this router since anybody answered */
	uint32_t last_host_answers : 2; /* in a row; 0 as soon as it is silent itself */
	uint32_t other_answers : 2;     /* answers of others while the border is all that answers */
	uint32_t inhabited : 4;    /* parts that ever answered: a bit each */
	uint32_t conditions : 12;  /* of CONDITION_CONDITIONS */
};

_Static_assert(sizeof(struct condition) <= 24, "the manners of a block take more than 24 bytes");

/*
 * Of a block where somebody is missed. Of a calm one it is all zeros but for the parts that
 * are inhabited, so that it need not be kept (condition_evidence_is_empty()).
 */
struct condition_evidence {
	uint32_t quiet; /* who was silent since `others_s`: a bit each */
	float nats;     /* what that weighs */
	float ration;   /* CUSUM of the silences of probes that follow an answer closely */
	struct parts parts;
	uint8_t quiet_sure; /* of `quiet`: had answered when asked before */
};

_Static_assert(sizeof(struct condition_evidence) <= 40,
	       "the unrest of a block takes more than 40 bytes");

/* That of a calm block. */
struct condition_evidence condition_evidence_none(const struct condition *condition);

/* Nothing is lost when it is forgotten, and condition_evidence_none() is taken for it. */
bool condition_evidence_is_empty(const struct condition_evidence *unrest);

/* Nothing is known. */
void condition_init(struct condition *condition);

/*
 * After a restart, where these CONDITIONS held: whoever answers first is the border, if
 * that was all that answered. Which parts were silent is not known any more: they
 * must be found again.
 */
void condition_restore(struct condition *condition, struct condition_evidence *unrest,
		       unsigned conditions);

/* A reply, whatever it decides: the TTL that it came with, its time and the usual one (0: none). */
void condition_count_reply(struct condition *condition, uint16_t host, uint8_t ttl, int64_t rtt_ns,
			   int64_t usual_ns);

/* The router FROM said that a host of the block is unreachable. */
void condition_count_unreachable(struct condition *condition, const struct bw_addr *from);

/*
 * A block that is down and had many hosts hears from HOST. Whether that is the border,
 * newly met: an address that was not among those that answered, with a TTL that is not
 * theirs.
 */
bool condition_meets_border(struct condition *condition, const struct condition_evidence *unrest,
			    const struct block *block, uint16_t host, uint8_t ttl);

/* A reply of HOST is only the border's: no evidence that the block is up. */
bool condition_is_border(const struct condition *condition, uint16_t host);

/* What is known of the probes of a round, by their number in the excursion's list. */
struct condition_round {
	uint32_t extra; /* those that condition_extra_probes() asked for: a bit each */
	bool listed;    /* somebody said that the candidates are there: they may well answer */
};

/* Learns from a round's probes, before anything else has learned from it: `conditions`. */
void condition_learn(struct condition *condition, struct condition_evidence *unrest,
		     const struct block *block, const struct evidence_log *x,
		     const struct condition_round *asked);

/*
 * Makes neutral the silences of probes that were wished for, because whom they went to
 * was no fair choice; and where answers are rationed, those of probes that followed an
 * answer closely.
 */
void condition_neutralise(const struct condition *condition, const struct condition_round *asked,
			  struct evidence_log *x);

/* The share of its availability that a host has for a probe at NOW: less if rationed. */
float condition_rate_limit_factor(const struct condition *condition, struct bw_mono now);

/* The silent parts: bit n for part n, 0 unless partial. */
unsigned condition_silent_parts(const struct condition *condition,
				const struct condition_evidence *unrest);

/* Whom a round that was answered should ask beside: bits for parts, and how many. */
enum condition_extra_kind {
	EXTRA_COLD, /* whoever comes next */
	EXTRA_PART, /* candidates of `parts`, other than those in `silent` */
	EXTRA_HOT,  /* hosts that answered last time they were asked */
};

struct condition_extra {
	enum condition_extra_kind kind;
	uint8_t count;
	bool compares; /* EXTRA_PART: asks a cold host elsewhere too */
	unsigned parts;
};

/* CHANCE: 0..1, the round's lot; small values are left to those who look for hosts. */
struct condition_extra condition_extra_probes(const struct condition *condition,
					      const struct condition_evidence *unrest,
					      const struct block *block, double chance);

/* Whether this candidate of a part is news: it was not silent since the part answered. */
bool condition_is_new_host(const struct condition_evidence *unrest, unsigned part, uint16_t host);

#endif
