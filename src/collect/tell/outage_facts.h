/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_TELL_OUTAGE_FACTS_H
#define COLLECT_TELL_OUTAGE_FACTS_H

#include "collect/tell/outage_book.h"
#include "infer/merge/series.h"
#include "target/zone.h"
#include "json/json_out.h"

/* What of an outage follows from other outages and from the claims, when it is asked for. */

/*
 * Whether the outage with this number (from 0) in the book comes again at the same hours. ZONE is
 * that of its target; NULL: UTC.
 */
bool outage_facts_series(const struct outage_book *book, const struct board *board, uint32_t number,
			 const struct zone *zone, struct series *ret_series);

/* Writes the member "series": null, or "count", "local_from" and "local_until" as "01:00". */
void outage_facts_put_series(struct json_out *out, const struct series *series);

/*
 * The vantages that called the subject dark in the time of the outage, or a part of it where it is
 * a sum, and whose word counted. Returns how many; their numbers are in RET_NUMBERS.
 */
size_t outage_facts_vantages(const struct board *board, const struct outage_entry *entry,
			     int64_t now_ns, uint32_t ret_numbers[BOARD_VANTAGES_MAX]);

/*
 * The vantages whose word it is that a subject has this verdict at NOW. Of a block they say so; of
 * a sum that is up, a part of it is up to them and none is dark, and they are not cut off; of
 * another sum they are those that can tell. Returns how many numbers it has put into RET_NUMBERS.
 */
size_t outage_facts_saying(const struct board *board, const struct subject *subject,
			   enum bw_verdict verdict, int64_t now_ns,
			   uint32_t ret_numbers[BOARD_VANTAGES_MAX]);

#endif
