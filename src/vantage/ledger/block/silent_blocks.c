/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/silent_blocks.h"

#include "base/huge_array.h"
#include "infer/block.h"
#include "infer/evidence/rest.h"

struct silent_block *silent_blocks_new(uint32_t count)
{
	return huge_array_new(count, sizeof(struct silent_block));
}

void silent_blocks_free(struct silent_block *list)
{
	huge_array_free(list);
}

#define MAX_US ((INT64_C(1) << 50) - 1)

static int64_t floor_us(int64_t ns)
{
	int64_t us = ns / BW_US - (ns % BW_US < 0);

	return us > MAX_US ? MAX_US : us < -MAX_US ? -MAX_US : us;
}

void silent_block_note(struct silent_block *block, struct bw_mono since, uint16_t rest)
{
	block->noted = since.ns != BLOCK_NEVER_ANSWERED.ns;
	block->since_us = block->noted ? floor_us(since.ns) : 0;
	block->rest = rest & REST_BITS;
}

struct bw_mono silent_block_since(const struct silent_block *block)
{
	return block->noted ? (struct bw_mono){block->since_us * BW_US} : BLOCK_NEVER_ANSWERED;
}
