/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_TIMELINE_H
#define COLLECT_API_API_TIMELINE_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/* GET /v1/targets/NAME/timeline?from=&until=: intervals of merged verdict, none in the future. */
void api_timeline(struct collector *collector, const struct api_request *request,
		  struct bw_wall now, struct api_answer *answer);

#endif
