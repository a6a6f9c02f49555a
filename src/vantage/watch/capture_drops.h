/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_CAPTURE_DROPS_H
#define VANTAGE_WATCH_CAPTURE_DROPS_H

#include "vantage/watch/watch.h"

/*
 * Reads the transport's counters and updates the share of packets that the capture drops
 * (infer/health.h). A recurring watch calls it when its sentinels are due, whether it is blind or
 * not, and each watch calls it before a silence is judged.
 */
void capture_drops_observe(struct watch *watch);

#endif
