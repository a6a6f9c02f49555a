/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_LOAD_H
#define SYS_SPOOL_WRITE_SPOOL_LOAD_H

#include "ship/spool/plan.h"
#include "sys/spool/write/spool_home.h"

/* What was found in a segment that its index did not cover. */
struct spool_load {
	struct plan_segment segment;
	uint64_t cut;     /* bytes behind the last whole record, which were removed */
	uint64_t damaged; /* lines that are no records, and stay */
};

/*
 * Looks at segment NUMBER at the start. Of what its index covers nothing is read; the rest is read,
 * what stands behind the last whole record is removed, and the index is completed. NOW gives the
 * age of its records; a clock that was set back makes them new. Returns 0 or -errno.
 */
int spool_load_segment(const struct spool_home *home, uint64_t number, struct bw_now now,
		       struct spool_load *ret_load);

#endif
