/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_SEQ_SET_H
#define COLLECT_SEQ_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which sequence numbers of one boot of a vantage were taken, as ranges: one range where
 * nothing is missing.
 */
struct seq_range {
	uint64_t first, last; /* both are in it */
};

struct seq_set {
	struct seq_range *list; /* ascending, with a gap between each two */
	size_t count, room;
};

#define SEQ_SET_MAX ((size_t)1 << 22) /* ranges of one boot; a sink that filters makes gaps */

bool seq_set_has(const struct seq_set *set, uint64_t seq);

/*
 * Adds FIRST to LAST. Returns 0; BW_ERR_LIMIT when that were one range too many; -ENOMEM.
 */
int seq_set_add(struct seq_set *set, uint64_t first, uint64_t last);

/* Makes *set equal to FROM. Returns 0 or -ENOMEM. */
int seq_set_copy(struct seq_set *set, const struct seq_set *from);

/* Accepts {0}. */
void seq_set_fini(struct seq_set *set);

#endif
