/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_VANTAGES_H
#define COLLECT_API_API_VANTAGES_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/* GET /v1/vantages */
void api_list_vantages(struct collector *collector, const struct api_request *request,
		       struct bw_wall now, struct api_answer *answer);

#endif
