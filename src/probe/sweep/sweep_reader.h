/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_READER_H
#define PROBE_SWEEP_READER_H

#include "probe/sweep/sweep.h"
#include "probe/sweep/sweep_layout.h"
#include "probe/sweep/sweep_marks.h"
#include "probe/sweep/sweep_sender.h"

/*
 * The reading side of a sweep: which probe an answer belongs to, whether it is the first,
 * and how long it took. One thread at a time.
 */
struct sweep_reader {
	const struct sweep_config *config; /* borrowed, like all here */
	const struct sweep_layout *layout;
	const struct sweep_sender *sender;
	struct sweep_marks *marks;
	struct sweep_stats stats; /* of the reading side; the others stay 0 */
};

/* One captured frame: an answer, or a count of why it is none. */
void sweep_reader_receive(struct sweep_reader *reader, const struct bw_rx *rx);

/*
 * Marks the answers of an earlier run, given as a word of the marks, as if they had come
 * now. False when there is no such word, or no such address.
 */
bool sweep_reader_set_word(struct sweep_reader *reader, uint64_t n, uint64_t word);

#endif
