/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_HANDLERS_H
#define COLLECT_API_HANDLERS_H

#include "collect/api.h"

/* Private to collect: what the table of paths in api.c calls. Access has been checked. */

/* Whose token came with the request; NULL: nobody's. */
const struct fleet_member *api_vantage(const struct collector *collector,
				       const struct api_request *request);

/* POST /v1/records */
void api_take_records(struct collector *collector, const struct api_request *request,
		      struct bw_wall now, struct api_answer *answer);

/* GET /v1/vantages */
void api_list_vantages(struct collector *collector, const struct api_request *request,
		       struct bw_wall now, struct api_answer *answer);

/* GET /metrics, Prometheus text; GET /healthz, 200 while it can store */
void api_metrics(struct collector *collector, const struct api_request *request,
		 struct bw_wall now, struct api_answer *answer);
void api_health(struct collector *collector, const struct api_request *request,
		struct bw_wall now, struct api_answer *answer);

#endif
