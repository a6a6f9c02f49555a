/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_ASSETS_H
#define COLLECT_PAGE_PAGE_ASSETS_H

/*
 * The files in collect/page/assets as texts. A hash is what a content security policy names: that
 * of the style that a picture alone has inside. embed.py makes the definitions when the tree is
 * built.
 */
extern const char page_assets_picture_css[], page_assets_picture_css_hash[];
extern const char page_assets_page_css[];
extern const char page_assets_page_js[];
extern const char page_assets_icon_svg[];

#endif
