/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/told_block.h"

#include "infer/block.h"

#define DAY_S 86400

/* FNV-1a over whole numbers. */
static uint64_t mix(uint64_t digest, uint64_t value)
{
	return (digest ^ value) * UINT64_C(0x100000001b3);
}

static uint32_t digest_of(const struct record_block *record)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325);

	digest = mix(digest, record->verdict);
	digest = mix(digest, record->conditions);
	digest = mix(digest, record->parts);
	digest = mix(digest, record->reasons);
	digest = mix(digest, (uint64_t)(record->since.ns / BW_S));
	return (uint32_t)(digest ^ digest >> 32);
}

bool told_block_is_news(struct told_block *told, const struct record_block *record,
			struct bw_mono now)
{
	uint32_t digest = digest_of(record), now_s = block_seconds(now);

	if (told->at_s != 0 && told->digest == digest && now_s - told->at_s < DAY_S)
		return false;
	*told = (struct told_block){digest, now_s};
	return true;
}
