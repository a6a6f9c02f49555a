/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_SILENT_BLOCKS_H
#define VANTAGE_LEDGER_BLOCK_SILENT_BLOCKS_H

#include <blockwatch/time.h>

/*
 * The present or last silence of each block. Nearly every block is silent at some time, if only
 * while its first hosts are looked for, so this is kept for all, in 8 bytes, apart from the
 * memories of the few that were in trouble (outages.h).
 */
struct silent_block {
	int64_t since_us : 51; /* its beginning, in monotonic microseconds: 35 years either way */
	uint64_t noted : 1;    /* there was a silence */
	uint64_t rest : 12;    /* block.rest when it began */
};

_Static_assert(sizeof(struct silent_block) <= 8, "a silence takes more than 8 bytes");

/* COUNT of them, by the number of the block; none was ever silent. NULL: out of memory. */
struct silent_block *silent_blocks_new(uint32_t count);
void silent_blocks_free(struct silent_block *list); /* accepts NULL */

/* A silence has begun; SINCE is rounded down to microseconds. */
void silent_block_note(struct silent_block *block, struct bw_mono since, uint16_t rest);

/* Its first unanswered probe behind an answer, if later; BLOCK_NEVER_ANSWERED: it was none. */
struct bw_mono silent_block_since(const struct silent_block *block);

#endif
