/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_NOTES_H
#define APP_COMMON_NOTES_H

#include <blockwatch/target.h>

#include "base/addr/prefix_set.h"

/* Logs the notes of a target (merged entries, sampled networks), one warning each. */
void notes_log(const struct bw_target *target);

/*
 * Logs one warning when entries of a sealed block list, into which ADDED were put, are there
 * twice or lie in another.
 */
void notes_log_merged(const struct prefix_set *blocklist, size_t added);

#endif
