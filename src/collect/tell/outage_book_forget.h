/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_TELL_OUTAGE_BOOK_FORGET_H
#define COLLECT_TELL_OUTAGE_BOOK_FORGET_H

#include "collect/tell/outage_book.h"

/*
 * Forgets the outages that are FORGOTTEN: the others get new numbers, also in the timelines of the
 * board.
 */
void outage_book_forget(struct outage_book *book, const struct board *board);

#endif
