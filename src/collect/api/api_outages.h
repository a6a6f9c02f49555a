/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_OUTAGES_H
#define COLLECT_API_API_OUTAGES_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/*
 * GET /v1/outages?target=&from=&until=&after=ID&limit=N: those that touch the time, by their ids;
 * without "from" all.
 */
void api_outages(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer);

#endif
