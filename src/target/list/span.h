/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_SPAN_H
#define TARGET_SPAN_H

#include <blockwatch/prefix.h>

/* How a span was written. */
enum span_form {
	SPAN_PREFIX,
	SPAN_ADDRESS, /* without a length */
	SPAN_RANGE,   /* a part of a range of addresses */
};

/*
 * A prefix or an address with the place where it was read. A file is sorted into an array
 * of these to find duplicates and overlaps.
 */
struct span {
	struct bw_prefix prefix;
	uint8_t form;    /* enum span_form */
	uint32_t origin; /* line, or index in a JSON array */
};

/* By prefix (bw_prefix_compare), then by origin. */
void span_sort(struct span *spans, size_t count);

/*
 * In sorted spans, the first pair of which one covers the other, the earlier
 * origin first. Returns whether there is one.
 */
bool span_find_overlap(const struct span *spans, size_t count, struct span *ret_first,
		       struct span *ret_second);

/* What span_merge() removed. */
struct span_merged {
	size_t count;
	struct span first, in; /* the removed span that was read first, and what covers it */
};

/*
 * In sorted spans, removes each that another covers, so that what is left does not overlap.
 * Returns how many are left.
 */
size_t span_merge(struct span *spans, size_t count, struct span_merged *ret_merged);

/* "198.18.0.1" for what was written as an address, else "198.18.0.0/24". */
char *span_format(const struct span *span, char *buffer);

#endif
