/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_REFUSED_H
#define SYS_SPOOL_REFUSED_H

#include <stddef.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * What a receiver refuses for good, and what is damaged, is set aside in the folder `refused`
 * of the spool: SINK-TIME-N.jsonl with the records as they were, and SINK-TIME-N.json, which says
 * why. The folder is not emptied by the program. REFUSED_FILES batches at most are kept; what
 * comes then is counted and not written.
 */
#define REFUSED_FILES 10000

struct refused {
	int folder; /* of the spool; borrowed */
	const char *sink;
	uint64_t count; /* files since the start */
};

/* NOW names the files. Returns 0 or -errno. */
int refused_put(struct refused *refused, const char *lines, size_t length, const char *reason,
		struct bw_now now);

#endif
