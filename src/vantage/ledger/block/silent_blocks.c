/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/silent_blocks.h"

#include "base/huge_array.h"
#include "infer/block.h"

struct silent_block *silent_blocks_new(uint32_t count)
{
	return huge_array_new(count, sizeof(struct silent_block));
}

void silent_blocks_free(struct silent_block *list)
{
	huge_array_free(list);
}

/* Turns BLOCK_NEVER_ANSWERED into 0, which new memory is full of, and back. */
static int64_t turn(int64_t ns)
{
	return ns ^ INT64_MIN;
}

void silent_block_note(struct silent_block *block, struct bw_mono since, uint16_t rest)
{
	block->since = turn(since.ns);
	block->rest = rest;
}

struct bw_mono silent_block_since(const struct silent_block *block)
{
	return (struct bw_mono){turn(block->since)};
}
