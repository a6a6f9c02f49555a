/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_ASSETS_H
#define COLLECT_PAGE_PAGE_ASSETS_H

/*
 * The files in collect/page/assets as texts, each with its hash as a content security policy
 * names it. embed.py makes their definitions when the tree is built.
 */
extern const char page_assets_picture_css[], page_assets_picture_css_hash[];
extern const char page_assets_page_css[], page_assets_page_css_hash[];
extern const char page_assets_page_js[], page_assets_page_js_hash[];
extern const char page_assets_icon_svg[], page_assets_icon_svg_hash[];

#endif
