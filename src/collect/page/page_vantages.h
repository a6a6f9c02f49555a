/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_VANTAGES_H
#define COLLECT_PAGE_PAGE_VANTAGES_H

#include "collect/page/page_view.h"

/* Writes the part of a page that says what each vantage sees of the target. */
void page_vantages(const struct page_view *view);

#endif
