/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_STALENESS_H
#define APP_COMMON_STALENESS_H

#include <blockwatch/target.h>
#include <blockwatch/time.h>

/* Logs a warning, one line, if the target was updated longer ago than STALE_AFTER_NS. */
void staleness_warn(const struct bw_target *target, int64_t stale_after_ns, struct bw_wall now);

#endif
