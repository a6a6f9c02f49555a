/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_CONDITION_PARTS_H
#define INFER_CONDITION_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>

/*
 * The quarters of a block's prefix, and which of them are silent while the others
 * answer. They are numbered by the two bits that follow the prefix: 0 and 1 are the
 * lower half. Sets of them have bit n for quarter n. All zeros: nothing is known.
 */
#define PARTS 4

struct parts {
	uint16_t silent[PARTS]; /* since it answered, who was silent: a bit each, modulo 16, ... */
	uint8_t nats[PARTS];    /* ... what sure ones of them weigh, in 1/4, ... */
	uint8_t sure[PARTS];    /* ... so many of these, the others are cold */
	uint8_t rounds[PARTS];  /* since the first of them; of one that is gone: until it is back */
	/* Of each half: cold ones since somebody is missed in the other. */
	uint8_t ups[2], downs[2];
	uint8_t inhabited : 4;  /* the set of those that ever answered */
	uint8_t gone : 4;       /* the set of those that are silent */
};

/* The quarter that ADDR is in; LENGTH: of its block's prefix. 0 where that has no quarters. */
unsigned parts_of(const struct bw_addr *addr, unsigned length);

/* HOST of a part answered, or was silent; SURE_NATS: what that weighs of a sure one, else 0. */
void parts_hear(struct parts *parts, unsigned part, bool cold);
void parts_miss(struct parts *parts, unsigned part, uint16_t host, float sure_nats);

/* A round ended in which the block answered, and hosts of the parts MISSED were silent. */
void parts_age(struct parts *parts, unsigned missed);

/*
 * Moves `gone`, after an answer that is news from the parts HEARD; 0: there was none.
 * COLD: how often cold hosts of the block answer.
 */
void parts_judge(struct parts *parts, unsigned heard, float cold);

/* Nobody is missed anywhere: nothing is known but which parts are inhabited. */
bool parts_are_calm(const struct parts *parts);

/* Some are gone and others are not. */
bool parts_are_partial(const struct parts *parts);

/*
 * The set of those of which a host should be asked: gone ones, to see them return, and
 * such as may be. *ret_compare: a cold host elsewhere should be asked too.
 */
unsigned parts_wanted(const struct parts *parts, float cold, bool *ret_compare);

/* Whether to ask this candidate: it was not silent yet since its part answered. */
bool parts_are_news(const struct parts *parts, unsigned part, uint16_t host);

#endif
