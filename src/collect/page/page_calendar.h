/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_CALENDAR_H
#define COLLECT_PAGE_PAGE_CALENDAR_H

#include "collect/page/page_coverage.h"
#include "collect/page/page_view.h"

/*
 * Writes the part of a page with the calendar of a target: the five weeks before the end of its
 * timeline, in the local time of the country, with a table.
 */
void page_calendar(const struct page_view *view, const struct page_coverage *coverage);

#endif
