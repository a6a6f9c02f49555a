/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is remembered of blocks in trouble: outages, silences, false alarms, phases of
 * flapping. Most blocks never need it, so it lies apart from struct track, in an array that
 * fills in the order of first use. The array has room for all blocks, but memory that was
 * never written costs nothing (base/huge_array.h). So there is no limit to meet, and nothing is
 * allocated at the moment of an outage.
 */
#include "vantage/ledger/block/outages.h"

#include <errno.h>

#include "base/huge_array.h"
#include "infer/block.h"

#define RETURN_MAX_NS (3600 * BW_S)
#define RETURN_PART 10

static void make_blank(struct outage_memory *memory)
{
	*memory = (struct outage_memory){
		.outage.earliest = BLOCK_NEVER_ANSWERED,
		.false_alarm.ns = INT64_MIN / 2,
	};
	silence_init(&memory->silence);
}

int outages_init(struct outages *outages, uint32_t blocks, uint32_t sums)
{
	outages->list = huge_array_new(blocks + 1, sizeof(*outages->list));
	outages->returns = huge_array_new(blocks + sums + 1, sizeof(*outages->returns));
	if (!outages->list || !outages->returns)
		return -ENOMEM;
	outages->return_count = 1;
	make_blank(&outages->list[0]);
	outages->count = 1;
	return 0;
}

void outages_fini(struct outages *outages)
{
	huge_array_free(outages->list);
	huge_array_free(outages->returns);
}

const struct outage_memory *outages_of(const struct outages *outages, const struct track *track)
{
	return &outages->list[track->outage];
}

struct outage_memory *outages_for(struct outages *outages, struct track *track)
{
	if (track->outage == 0) {
		struct history history = outages_history(outages, track);

		track->outage = outages->count++ & TRACK_INDEX_MAX;
		make_blank(&outages->list[track->outage]);
		outages->list[track->outage].outage.history = history;
	}
	return &outages->list[track->outage];
}

const struct returns *outages_returns(const struct outages *outages, const struct outage *outage)
{
	return &outages->returns[outage->returns];
}

struct returns *outages_returns_for(struct outages *outages, struct outage *outage)
{
	if (outage->returns == 0)
		outage->returns = outages->return_count++;
	return &outages->returns[outage->returns];
}

bool outage_can_go_on(const struct outage *outage, struct bw_mono now)
{
	return outage->ended.ns != 0 &&
	       (outage->goes_on || bw_mono_since(now, outage->ended) < RETURN_MAX_NS);
}

bool outage_goes_on(const struct outages *outages, const struct outage *outage, struct bw_mono t)
{
	int64_t back_ns, dark_ns;

	if (outage->ended.ns == 0) /* then its start may be at no time at all */
		return false;
	back_ns = bw_mono_since(t, outage->ended);
	dark_ns = bw_mono_since(outage->ended, outage->began.end);
	return back_ns >= 0 && back_ns < RETURN_MAX_NS && back_ns < dark_ns / RETURN_PART &&
	       outages_returns(outages, outage)->count < RETURNS_MAX;
}

struct history outages_history(const struct outages *outages, const struct track *track)
{
	struct history history = outages_of(outages, track)->outage.history;

	history.first.ns = (int64_t)track->first_s * BW_S;
	return history;
}
