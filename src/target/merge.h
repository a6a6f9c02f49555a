/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_MERGE_H
#define TARGET_MERGE_H

#include <blockwatch/target.h>

/*
 * Merges hosts that a survey has seen, which ASKED by these methods, ascending by address, into a
 * target. A host that is listed gets the new availability and day, and keeps its methods, name and
 * source. One that is probed by other methods stays as it is: an answer to these does not say that
 * it answers those. Other hosts are added; an address in none of the networks makes one of its
 * block, or of itself if a network lies in that block. Hosts that were not seen stay as they are.
 * Returns 0 or -ENOMEM.
 */
int merge_hosts(struct bw_target *target, const struct bw_host *hosts, size_t count,
		const struct bw_methods *asked);

#endif
