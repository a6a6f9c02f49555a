/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_TIMELINE_H
#define COLLECT_PAGE_PAGE_TIMELINE_H

#include "collect/page/page_rows.h"
#include "report/timeline/picture.h"

/* Writes the picture of the rows. PICTURE needs no height. */
void page_timeline_picture(const struct page_view *view, const struct page_rows *rows,
			   struct picture picture);

/* Writes the part of a page with the picture, its legend and its table. */
void page_timeline(const struct page_view *view, const struct page_rows *rows);

#endif
