/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_ASSET_H
#define COLLECT_PAGE_PAGE_ASSET_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/* GET /page/NAME: the style sheet, the script and the icon of the pages. */
void page_asset(struct collector *collector, const struct api_request *request, struct bw_wall now,
		struct api_answer *answer);

#endif
