/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_INDEX_H
#define COLLECT_PAGE_PAGE_INDEX_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/* GET /: all targets, the worst first, in words. */
void page_index(struct collector *collector, const struct api_request *request, struct bw_wall now,
		struct api_answer *answer);

#endif
