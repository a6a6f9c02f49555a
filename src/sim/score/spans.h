/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCORE_SPANS_H
#define SIM_SCORE_SPANS_H

#include "report/record/record.h"

/*
 * The times for which records state a verdict other than up, made from events. Times are
 * nanoseconds on the world's clock.
 */

struct bounds {
	int64_t earliest, latest; /* earliest INT64_MIN: not known */
};

struct span {
	uint32_t subject;
	uint8_t verdict; /* enum bw_verdict: unknown, flapping or dark */
	uint8_t after;   /* the verdict that followed */
	bool withdrawn, over;
	int64_t from, to; /* when decided; to: INT64_MAX while it lasts */
	struct bounds start, end;
	double confidence, end_confidence;
	int64_t outage_start, outage_end, uncertainty; /* as stated; 0: not */
	uint64_t seq;
	uint32_t before; /* 1 + the span of the same subject that ended with its start, 0: none */
};

struct spans {
	struct span *list;
	size_t count, room;
	uint32_t *open; /* by subject: 1 + its last span, 0: none */
	bool failed;    /* out of memory: spans are missing */
};

/* For subjects numbered below SUBJECTS. Returns 0 or -ENOMEM. */
int spans_init(struct spans *spans, size_t subjects);
void spans_fini(struct spans *spans);

/* Takes the event of a record about a subject; NOW is when the record came. */
void spans_take(struct spans *spans, uint32_t subject, const struct record *record,
		struct bw_now now);

/* Sorts the spans by subject and time. No event may be taken afterwards. */
void spans_sort(struct spans *spans);

#endif
