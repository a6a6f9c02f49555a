/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_MERGE_MERGE_BOUNDS_H
#define INFER_MERGE_MERGE_BOUNDS_H

#include <stddef.h>

#include <blockwatch/time.h>

/*
 * Each vantage bounds the moment of a change: it saw the state before until EARLIEST, and the state
 * behind from LATEST on. Several vantages see one change, so it lies in the intersection of their
 * bounds. Times are nanoseconds since 1970; EARLIEST is at most LATEST.
 */
struct merge_bounds {
	int64_t earliest_ns, latest_ns;
};

/* Bounds that miss each other by less are those of one change: the clocks of vantages differ. */
#define MERGE_BOUNDS_CLOCKS_NS (60 * BW_S)

/*
 * When a block went dark, from the bounds of the vantages that say so (COUNT from 1): no earlier
 * than the last answer that any of them got, and no later than the first silence.
 *
 * An answer proves that the block was up. A vantage whose bounds end before the last answer of
 * another one lost sight of the block earlier, and its silence bounds nothing. Where it misses that
 * answer by at most MERGE_BOUNDS_CLOCKS_NS, the bounds begin earlier by the difference.
 */
struct merge_bounds merge_bounds_dark(const struct merge_bounds *list, size_t count);

/*
 * When a block came back, of which the first answer came at ANSWER: no earlier than the last
 * silence before it. LIST has the bounds of the return of each vantage to which it was dark; those
 * that begin behind the first answer bound nothing.
 */
struct merge_bounds merge_bounds_back(const struct merge_bounds *list, size_t count,
				      int64_t answer_ns);

#endif
