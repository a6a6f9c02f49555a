/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_OUTAGES_H
#define COLLECT_PAGE_PAGE_OUTAGES_H

#include "collect/page/page_view.h"

/*
 * Writes the part of a page with the outages of the target in the time of its pictures: those of
 * the target first, then of networks, then of blocks, the youngest first.
 */
void page_outages(const struct page_view *view);

#endif
