/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_SUMS_H
#define COLLECT_API_API_SUMS_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/* GET /v1/targets/NAME/sums: the hourly sums of a target, or of one of its networks or blocks. */
void api_sums(struct collector *collector, const struct api_request *request, struct bw_wall now,
	      struct api_answer *answer);

#endif
