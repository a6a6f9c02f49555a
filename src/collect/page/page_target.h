/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_TARGET_H
#define COLLECT_PAGE_PAGE_TARGET_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/*
 * GET /t/NAME?from=&until=: the page of a target; GET /t/NAME.svg: its timeline alone, as a
 * picture that needs nothing else.
 */
void page_target(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer);

#endif
