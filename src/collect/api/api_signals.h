/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_SIGNALS_H
#define COLLECT_API_API_SIGNALS_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/*
 * GET /v1/signals/{type}/{code}?from=&until=&maxPoints=: the merged verdicts as numbers over time,
 * in the form of IODA: of a `country` (the target that is named by its code), a `target`, a
 * `network` or a `block` (a prefix; all targets that have it count). Each signal has a value a
 * bucket of `step` seconds; null where nothing is known. The last bucket may be incomplete, and
 * none is in the future.
 */
#define API_SIGNALS_POINTS 400 /* buckets, unless the request wants another number */

void api_signals(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer);

#endif
