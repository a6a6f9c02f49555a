/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_RECORDS_H
#define COLLECT_API_API_RECORDS_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/* POST /v1/records: access has been checked. */
void api_take_records(struct collector *collector, const struct api_request *request,
		      struct bw_wall now, struct api_answer *answer);

#endif
