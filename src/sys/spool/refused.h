/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_REFUSED_H
#define SYS_SPOOL_REFUSED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * What a receiver refuses for good, and what is damaged, is set aside in the folder `refused`
 * of the spool, batch by batch: SINK-TIME-N.jsonl with the records as they were, and
 * SINK-TIME-N.json, which says why. The folder of all sinks together holds REFUSED_BATCHES batches
 * and `max` bytes; the oldest ones are removed to make room for a new one.
 */
#define REFUSED_BATCHES 10000

struct refused {
	int folder;    /* of the spool; borrowed */
	uint64_t max;  /* bytes in the folder */
	bool is_known; /* the two below; they are counted at the first batch */
	uint64_t batches, bytes;
	uint64_t made;    /* batches since the start */
	uint64_t removed; /* the same */
};

struct refused_batch {
	const char *sink;
	const char *lines; /* each with its newline */
	size_t length;
	const char *reason;         /* of all of them */
	const char *const *reasons; /* of each line, of which each may be NULL; NULL: none */
	size_t reason_count;
};

/* NOW names the files. Returns 0, -ENOMEM or -errno. */
int refused_put(struct refused *refused, const struct refused_batch *batch, struct bw_now now);

#endif
