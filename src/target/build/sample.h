/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BUILD_SAMPLE_H
#define TARGET_BUILD_SAMPLE_H

#include <blockwatch/target.h>

/*
 * Makes a large target smaller: of each AS (of a network whose AS is not known, of that) at most
 * about COUNT blocks stay, spread over its networks by their size and evenly over each network;
 * every network keeps one at least. Blocks with hosts come first; hosts of other blocks are
 * dropped. The same SEED gives the same blocks. Returns 0 or -ENOMEM.
 */
int sample_take(struct bw_target *target, uint64_t count, uint64_t seed);

#endif
