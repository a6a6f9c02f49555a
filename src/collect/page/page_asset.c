/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_asset.h"

#include <string.h>

#include "collect/page/page_assets.h"
#include "collect/page/page_frame.h"

static const struct {
	const char *path, *type, *first, *second; /* second NULL: there is no more */
} assets[] = {
	{"/page/page.css", "text/css; charset=utf-8", page_assets_picture_css,
	 page_assets_page_css},
	{"/page/page.js", "text/javascript; charset=utf-8", page_assets_page_js, NULL},
	{"/page/icon.svg", PAGE_SVG, page_assets_icon_svg, NULL},
	{"/favicon.ico", PAGE_SVG, page_assets_icon_svg, NULL},
};

void page_asset(struct collector *collector, const struct api_request *request, struct bw_wall now,
		struct api_answer *answer)
{
	struct markup out = {.failed = false};

	(void)collector;
	(void)now;
	for (size_t n = 0; n < sizeof(assets) / sizeof(assets[0]); n++) {
		if (strcmp(request->path, assets[n].path) != 0)
			continue;
		markup_raw(&out, assets[n].first);
		if (assets[n].second)
			markup_raw(&out, assets[n].second);
		page_frame_send(answer, &out, assets[n].type, NULL);
		return;
	}
	page_frame_not_found(answer);
}
