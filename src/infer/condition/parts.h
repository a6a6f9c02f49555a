/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_CONDITION_PARTS_H
#define INFER_CONDITION_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>

/*
 * The condition partial: which quarters of a block's prefix (parts) are silent while others
 * answer. A part is numbered by the two bits after the prefix, so that 0 and 1 are the lower
 * half. In a set of parts bit n is part n. All zeros: nothing is known.
 */
#define PARTS 4

struct parts {
	uint16_t silent[PARTS]; /* hosts silent since the part answered, a bit each, modulo 16 */
	uint8_t nats[PARTS];    /* weight of those that used to answer, in 1/4 nats */
	uint8_t sure[PARTS];    /* how many used to answer; the others are cold */
	uint8_t rounds[PARTS];  /* since the first silence; of a gone part: until it is back */
	/* For each half: cold hosts up and down there since a host is missing in the other half. */
	uint8_t ups[2], downs[2];
	uint8_t inhabited : 4; /* set of parts that have ever answered */
	uint8_t gone : 4;      /* set of parts that are silent */
};

_Static_assert(PARTS <= 4, "a set of parts has 4 bits in struct parts");

/* The part that ADDR is in. LENGTH: of the prefix of its block; if that has no quarters, 0. */
unsigned parts_of(const struct bw_addr *addr, unsigned length);

/*
 * A host of a part answered (COLD: it is not on the hot list), or HOST was silent. SURE_NATS: the
 * weight of its silence if it used to answer, else 0.
 */
void parts_hear(struct parts *parts, unsigned part, bool cold);
void parts_miss(struct parts *parts, unsigned part, uint16_t host, float sure_nats);

/* A round ended in which the block answered and hosts of the parts MISSED were silent. */
void parts_age(struct parts *parts, unsigned missed);

/*
 * Updates `gone`. HEARD: the parts of which another host than the last one answered in this
 * round; without an answer from a part that is not gone, nothing changes. COLD: the rate at
 * which cold hosts of the block answer.
 */
void parts_judge(struct parts *parts, unsigned heard, float cold);

/* Whether no host is missing, so that only `inhabited` is known. */
bool parts_are_calm(const struct parts *parts);

/* Whether some parts are gone and others are not. */
bool parts_are_partial(const struct parts *parts);

/*
 * The set of parts of which a host should be probed: those that are gone, to see them return,
 * and those that may be gone. *ret_compare: a cold host elsewhere should be probed too.
 */
unsigned parts_wanted(const struct parts *parts, float cold, bool *ret_compare);

/* Whether this candidate may be probed: it was not silent since its part answered. */
bool parts_are_news(const struct parts *parts, unsigned part, uint16_t host);

#endif
