/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_TOLD_BLOCK_H
#define VANTAGE_LEDGER_BLOCK_TOLD_BLOCK_H

#include <stdbool.h>

#include "report/record/record.h"

/* What the last record of a block said, and when. All zeros: there was none. */
struct told_block {
	uint32_t digest;
	uint32_t at_s; /* monotonic seconds, from 1 */
};

/*
 * True when a record of the block must be written: verdict, conditions, parts, reasons or since
 * have changed, or the last record is a day old. Then RECORD counts as written at NOW.
 */
bool told_block_is_news(struct told_block *told, const struct record_block *record,
			struct bw_mono now);

#endif
