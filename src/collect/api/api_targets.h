/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_TARGETS_H
#define COLLECT_API_API_TARGETS_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/* GET /v1/targets: merged verdicts of all targets as they stand. */
void api_list_targets(struct collector *collector, const struct api_request *request,
		      struct bw_wall now, struct api_answer *answer);

/* GET /v1/targets/NAME: the same of one, with its networks and blocks. */
void api_show_target(struct collector *collector, const struct api_request *request,
		     struct bw_wall now, struct api_answer *answer);

#endif
