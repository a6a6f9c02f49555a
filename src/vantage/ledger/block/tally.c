/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/tally.h"

#include <stdlib.h>
#include <string.h>

#include <blockwatch/time.h>

#define SRTT_SHIFT 3 /* RFC 6298: a new sample weighs 1/8 */

void tally_reply(struct tally *tally, int64_t rtt_ns)
{
	if (tally->replies < TALLY_RTTS)
		tally->rtt_ns[tally->replies] = rtt_ns;
	tally->replies++;
}

uint32_t tally_rtt_count(const struct tally *tally)
{
	return tally->replies < TALLY_RTTS ? tally->replies : TALLY_RTTS;
}

static int compare_ns(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

struct tally_rtts tally_rtts(const struct tally *tally)
{
	uint32_t count = tally_rtt_count(tally);
	int64_t sorted[TALLY_RTTS];

	if (count == 0)
		return (struct tally_rtts){-1, -1, -1};
	memcpy(sorted, tally->rtt_ns, count * sizeof(sorted[0]));
	qsort(sorted, count, sizeof(sorted[0]), compare_ns);
	return (struct tally_rtts){
		.min_ns = sorted[0],
		.median_ns = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2,
		.max_ns = sorted[count - 1],
	};
}

uint32_t tally_smooth(const struct tally *tally, uint32_t srtt_us)
{
	for (uint32_t i = 0; i < tally_rtt_count(tally); i++) {
		int32_t rtt_us = (int32_t)(tally->rtt_ns[i] / BW_US) + 1;
		int32_t old = (int32_t)srtt_us;

		srtt_us = (uint32_t)(old ? old + (rtt_us - old) / (1 << SRTT_SHIFT) : rtt_us);
	}
	return srtt_us;
}

int64_t tally_longest_rtt(const struct tally *tally)
{
	int64_t longest = 0;

	for (uint32_t i = 0; i < tally_rtt_count(tally); i++)
		if (tally->rtt_ns[i] > longest)
			longest = tally->rtt_ns[i];
	return longest;
}
