/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_record.h"

#include <math.h>

static double seconds_between(struct bw_mono start, struct bw_mono end)
{
	return (double)bw_mono_since(end, start) / (double)BW_S;
}

static uint64_t count_rejected(const struct sweep_stats *stats)
{
	uint64_t rejected = 0;

	for (unsigned i = 0; i < REJECTS; i++)
		rejected += i != REJECT_UNRELATED ? stats->rejected[i] : 0;
	return rejected;
}

/* The addresses that were probed by each method at least once. */
static uint64_t count_asked(const struct survey_options *options, const struct survey_sweep *sweep,
			    const struct sweep_stats *stats)
{
	uint64_t share = sweep_share(sweep->sweep);
	uint64_t probes = stats->sent + sweep->before.sent - stats->again - sweep->before.again;
	uint64_t asked = probes / options->methods.count;

	return asked < share ? asked : share;
}

static double lost_share(const struct capture_stats *ring)
{
	return ring->dropped ? (double)ring->dropped / (double)(ring->dropped + ring->taken) : 0;
}

void survey_record_make(const struct survey_options *options, const struct survey_sweep *sweep,
			const struct capture_stats *ring, const struct survey_course *course,
			struct record_survey *ret_survey)
{
	const struct survey_resume *before = &sweep->before;
	double sending_s = seconds_between(course->started, course->sent_until);
	struct sweep_stats stats;
	uint64_t asked;

	sweep_stats(sweep->sweep, &stats);
	asked = count_asked(options, sweep, &stats);
	*ret_survey = (struct record_survey){
		.methods = &options->methods,
		.addresses = sweep_share(sweep->sweep),
		.passes = (uint32_t)options->passes,
		.shard = options->shard_number,
		.shards = options->shards,
		.sent = stats.sent + before->sent,
		.again = stats.again + before->again,
		.answered = stats.answered,
		.replies = stats.replies + before->replies,
		.duplicates = stats.duplicates + before->duplicates,
		.errors = stats.errors + before->errors,
		.rejected = count_rejected(&stats) + before->rejected,
		.capture_dropped = ring->dropped + before->dropped,
		.send_errors = stats.send_errors + before->send_errors,
		.refused = stats.refused + before->refused,
		.hit_rate = asked ? fmin(1, (double)stats.answered / (double)asked) : 0,
		.lost_share = lost_share(ring),
		.rate_pps = sending_s > 0 ? (double)stats.sent / sending_s : 0,
		.duration_s = (double)(bw_mono_since(course->ended, course->started) +
				       before->elapsed_ns) /
			      (double)BW_S,
		.seed = sweep->seed,
		.complete = course->complete,
	};
}
