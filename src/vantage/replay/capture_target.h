/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_CAPTURE_TARGET_H
#define VANTAGE_REPLAY_CAPTURE_TARGET_H

#include <blockwatch/target.h>

#include "vantage/replay/capture_index.h"

/*
 * A target whose networks are the blocks that the vantage asked; INDEX is chosen. The caller frees
 * it with bw_target_free(). NULL: out of memory.
 */
struct bw_target *capture_target(const struct capture_index *index, const char *name);

#endif
