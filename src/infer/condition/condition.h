/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_CONDITION_CONDITION_H
#define INFER_CONDITION_CONDITION_H

#include <blockwatch/verdict.h>

#include "infer/block.h"
#include "infer/condition/parts.h"

/*
 * What the conditions partial, proxy, border-only and rate-limited of a block rest on: how it
 * answers, not whether it is up. Parts are the quarters of its prefix (parts.h). Hosts are the
 * numbers of a block's candidates.
 */
#define CONDITION_CONDITIONS (BW_PARTIAL | BW_PROXY | BW_BORDER_ONLY | BW_RATE_LIMITED)
#define CONDITION_NATS 64 /* steps of condition_evidence.quiet_nats in one nat */
#define CONDITION_NO_HOST UINT16_MAX
#define CONDITION_ANY_HOST (UINT16_MAX - 1) /* after a restart: the first that answers */

/* One for each block. Small counters stop at their limit. */
struct condition {
	uint32_t heard_s;   /* when the last answered probe was sent, in seconds; 0: never */
	uint32_t others_s;  /* the same without the answers of last_host */
	uint32_t alike;     /* proxy: hosts that answered alike, a bit each, by number modulo 32 */
	uint16_t last_host; /* the last that answered; when border-only: the border */
	uint16_t router;    /* the last that said host unreachable: a hash of its address */
	uint8_t ttl;        /* the usual one of replies: a majority vote (Boyer, Moore) */
	uint8_t last_ttl;   /* of the last reply */
	uint8_t unlike;     /* proxy: weight of what contradicts a single router */
	uint8_t missed;     /* share of spaced probes to responsive hosts that fail, in 1/255 */
	uint32_t ttl_votes : 4;
	uint32_t errors : 3;            /* of `router`, since any host answered */
	uint32_t last_host_answers : 2; /* in a row; 0 as soon as it is silent itself */
	uint32_t other_answers : 2;     /* of other hosts, while border-only */
	uint32_t inhabited : 4;         /* set of parts that have ever answered */
	uint32_t conditions : 12;       /* set of enum bw_condition, of CONDITION_CONDITIONS */
};

_Static_assert(sizeof(struct condition) <= 24, "the conditions of a block take over 24 bytes");
_Static_assert(PARTS <= 4, "a set of parts has 4 bits in struct condition");
_Static_assert(BW_CONDITIONS <= 12, "a set of conditions has 12 bits in struct condition");

/*
 * What is known of the missing hosts of a block. While no host is missing it is zero except for
 * the inhabited parts, so that it need not be kept (condition_evidence_is_empty()).
 */
struct condition_evidence {
	uint32_t quiet;      /* border-only: hosts silent since others_s, a bit each, modulo 32 */
	uint32_t quiet_sure; /* the same of those that used to answer: no cold one hides one */
	float rate_limit; /* CUSUM of the silences of probes that follow an answer closely, nats */
	struct parts parts;
	uint16_t quiet_nats; /* the weight of the silence of `quiet`, in 1/CONDITION_NATS nats */
};

_Static_assert(sizeof(struct condition_evidence) <= 40,
	       "the condition evidence of a block takes over 40 bytes");

/* Nothing is known. */
void condition_init(struct condition *cond);

/* The evidence of a block without a missing host. */
struct condition_evidence condition_evidence_none(const struct condition *cond);

/* Whether condition_evidence_none() can stand for it. */
bool condition_evidence_is_empty(const struct condition_evidence *ce);

/* Whether one of these conditions holds; and sets them all or clears them all. */
bool condition_has(const struct condition *cond, unsigned conditions);
void condition_set(struct condition *cond, unsigned conditions, bool on);

/* From the last answered probe to T; INT64_MAX when nothing has answered. */
int64_t condition_since_heard(const struct condition *cond, struct bw_mono t);

/* Whether this probe was a host's first of its round, and the host answers often enough. */
bool condition_is_telling(const struct evidence *e);

/* The silent parts: bit n for part n. 0 unless the block is partial. */
unsigned condition_silent_parts(const struct condition *cond, const struct condition_evidence *ce);

#endif
