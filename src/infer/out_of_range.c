/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/out_of_range.h"

#define TURNED_UNIT_S 16

static void note_turn(struct out_of_range *range, uint32_t began_s)
{
	uint32_t after = (began_s - range->since_s) / TURNED_UNIT_S + 1;

	if (range->turned == 0)
		range->turned = (uint16_t)(after < UINT16_MAX ? after : UINT16_MAX);
}

static int clamp(int score)
{
	return score < 0 ? 0 : score > OUT_OF_RANGE_FULL ? OUT_OF_RANGE_FULL : score;
}

enum out_of_range_step out_of_range_round(struct out_of_range *range, int added, uint32_t began_s,
					  uint32_t now_s)
{
	int step = added > OUT_OF_RANGE_ROUND ? OUT_OF_RANGE_ROUND : added;
	int score = clamp(range->score + step);

	if (!range->is_out && range->score == 0)
		range->since_s = began_s < now_s ? began_s : now_s;
	range->score = (uint8_t)score;
	if (!range->is_out) {
		range->is_out = score == OUT_OF_RANGE_FULL;
		range->turned = 0;
		return range->is_out ? OUT_OF_RANGE_ENTERED : OUT_OF_RANGE_SAME;
	}
	if (score == OUT_OF_RANGE_FULL)
		range->turned = 0;
	else
		note_turn(range, began_s);
	if (score > OUT_OF_RANGE_BACK)
		return OUT_OF_RANGE_SAME;
	range->is_out = false;
	range->score = 0;
	return OUT_OF_RANGE_LEFT;
}

uint32_t out_of_range_until(const struct out_of_range *range, uint32_t now_s)
{
	uint64_t until = range->since_s;

	if (range->turned == 0 || range->turned == UINT16_MAX)
		return now_s;
	until += (uint64_t)(range->turned - 1) * TURNED_UNIT_S;
	return until < now_s ? (uint32_t)until : now_s;
}

void out_of_range_forget(struct out_of_range *range)
{
	*range = (struct out_of_range){0};
}

bool out_of_range_is_calm(const struct out_of_range *range)
{
	return !range->is_out && range->score == 0;
}
