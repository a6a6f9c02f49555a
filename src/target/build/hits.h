/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BUILD_HITS_H
#define TARGET_BUILD_HITS_H

#include <blockwatch/target.h>

#include "base/array.h"

/*
 * Gathers hosts of hit lists for the networks of a target. Only hosts in one of its networks are
 * kept, so that a list of the whole Internet takes no memory.
 */
struct hits {
	const struct bw_target *target; /* its networks are complete; borrowed */
	struct array hosts;             /* struct bw_host */
	uint64_t outside;               /* hosts that no network has */
};

struct hits hits_of(const struct bw_target *target);
void hits_fini(struct hits *hits);

/* Returns 0 or -ENOMEM. */
int hits_add(struct hits *hits, const struct bw_host *host);

/*
 * Gives the hosts to their networks, each once: with the highest availability, the last day and
 * all methods that were given. Returns 0 or -ENOMEM.
 */
int hits_assign(struct hits *hits, struct bw_target *target);

#endif
