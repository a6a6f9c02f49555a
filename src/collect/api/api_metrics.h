/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_METRICS_H
#define COLLECT_API_API_METRICS_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/* GET /metrics: Prometheus text */
void api_metrics(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer);

/* GET /healthz: 200 while records can be stored */
void api_health(struct collector *collector, const struct api_request *request, struct bw_wall now,
		struct api_answer *answer);

#endif
