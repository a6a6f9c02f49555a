/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_TELL_OUTAGE_FRACTION_H
#define COLLECT_TELL_OUTAGE_FRACTION_H

#include "collect/tell/outage_book.h"

/*
 * How much of a network or target an outage took: the largest share of its blocks that were dark at
 * one moment of the outage, 0..1. Blocks of which nothing but `unknown` was ever said do not count.
 * That of a block is 1. NOW ends an outage that lasts. Negative: nothing is known of its blocks any
 * more, or the memory ran out.
 */
double outage_fraction(const struct board *board, const struct outage_entry *entry, int64_t now_ns);

#endif
