/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_ROSTER_WEIGH_H
#define VANTAGE_ROSTER_WEIGH_H

#include "vantage/roster.h"

/* The most that a listed availability counts of a host that nobody has seen answer. */
#define ROSTER_GUESS 0.05F

/*
 * Weighs what the targets say of their hosts by its origin and its age, for a check. `run` does
 * not need it, because it learns how often hosts answer.
 *
 * A host with a date (`seen`) that is not older than FADING_MAX_DAYS (infer/evidence/fading.h)
 * counts as listed, less the chance that it is gone since. The availability of any other host is
 * a guess and counts at most ROSTER_GUESS. A block without a dated host is not known. Within a
 * block the hosts are put in order anew. Call it before the roster is used. Returns 0 or
 * -ENOMEM; the roster is as before then.
 */
int roster_weigh(struct roster *roster, struct bw_wall now);

/* 0..1: the chance that a host is gone since it was seen. 0 of a guess, or if not weighed. */
float roster_gone(const struct roster *roster, uint32_t block, uint16_t host);

/* Whether a host is known to answer: it was seen, or if not weighed, listed. */
bool roster_is_seen(const struct roster *roster, uint32_t block, uint16_t host);

/* Whether a block is known to have hosts that answer: one was seen, or if not weighed, listed. */
bool roster_is_known(const struct roster *roster, uint32_t block);

#endif
