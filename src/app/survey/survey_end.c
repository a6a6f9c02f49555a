/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a survey: the record of it, and what is needed to go on with it. */
#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "app/survey/survey_run.h"
#include "app/survey/survey_write.h"
#include "sys/machine/clock.h"

#define AGAIN_NS BW_S /* asked so shortly before the end: asked again when resumed */

static void make_record(const struct survey_run *run, struct record_survey *survey)
{
	const struct survey_resume *before = &run->before;
	struct bw_mono end = run->stopped_at.ns   ? run->stopped_at
			     : run->sent_until.ns ? run->sent_until
						  : run->now.mono;
	double sending_s = (double)bw_mono_since(end, run->started.mono) / (double)BW_S;
	struct capture_stats frames = network_rings(run->network).frames;
	struct sweep_stats stats;
	uint64_t asked, rejected = 0;

	sweep_stats(run->sweep, &stats);
	for (unsigned i = 0; i < REJECTS; i++)
		rejected += i != REJECT_UNRELATED ? stats.rejected[i] : 0;
	asked = stats.sent + before->sent - stats.again - before->again;
	asked /= run->options->methods.count;
	asked = asked < sweep_share(run->sweep) ? asked : sweep_share(run->sweep);
	*survey = (struct record_survey){
		.prefixes = (const char *const *)run->job->operands,
		.prefix_count = run->job->operand_count,
		.methods = &run->options->methods,
		.addresses = sweep_share(run->sweep),
		.passes = (uint32_t)run->options->passes,
		.shard = run->options->shard_number,
		.shards = run->options->shards,
		.sent = stats.sent + before->sent,
		.again = stats.again + before->again,
		.answered = stats.answered,
		.replies = stats.replies + before->replies,
		.duplicates = stats.duplicates + before->duplicates,
		.errors = stats.errors + before->errors,
		.rejected = rejected + before->rejected,
		.capture_dropped = frames.dropped + before->dropped,
		.send_errors = stats.send_errors + before->send_errors,
		.refused = stats.refused + before->refused,
		.hit_rate = asked ? fmin(1, (double)stats.answered / (double)asked) : 0,
		.lost_share = frames.dropped ? (double)frames.dropped /
						       (double)(frames.dropped + frames.taken)
					     : 0,
		.rate_pps = sending_s > 0 ? (double)stats.sent / sending_s : 0,
		.duration_s = (double)(bw_mono_since(run->now.mono, run->started.mono) +
				       before->elapsed_ns) /
			      (double)BW_S,
		.seed = run->seed,
		.complete = !run->interrupted,
	};
}

static int keep_place(const struct survey_run *run, const struct record_survey *survey,
		      struct bw_err *err)
{
	const char *path = run->options->resume;
	struct survey_resume resume = {
		.run = run->before.run,
		.seed = run->seed,
		.place =
			sweep_place(run->sweep,
				    run->stopped_at.ns ? run->stopped_at : run->now.mono, AGAIN_NS),
		.sent = survey->sent,
		.replies = survey->replies,
		.duplicates = survey->duplicates,
		.errors = survey->errors,
		.rejected = survey->rejected,
		.dropped = survey->capture_dropped,
		.send_errors = survey->send_errors,
		.refused = survey->refused,
		.again = survey->again,
		.elapsed_ns = (int64_t)(survey->duration_s * (double)BW_S),
	};

	if (!path)
		return 0;
	if (!run->interrupted)
		return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
	return survey_resume_write(path, &resume, run->sweep, err);
}

/* A reader that does not read any more gets half a second for the rest. */
static int flush_all(struct survey_run *run, struct bw_err *err)
{
	int code = survey_out_flush(&run->print.out, 500);

	if (run->failure || code == 0)
		return 0;
	return bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot write to standard output: %s",
			  code < 0 ? bw_error_text(code) : "its reader does not read");
}

/* Writes all that there is to write; the first failure is the one that is told. */
int survey_end(struct survey_run *run, struct bw_err *err)
{
	struct record_survey survey;
	struct bw_err later;
	int code = run->failure, next[4];

	senders_stop(run->blast);
	run->now = clock_now();
	make_record(run, &survey);
	survey_print_record(&run->print, &survey, run->now);
	next[0] = keep_place(run, &survey, code ? &later : err);
	code = code ? code : next[0];
	next[1] = run->options->write ? survey_write(run->options, run->sweep, run->now.wall,
						     code ? &later : err)
				      : 0;
	code = code ? code : next[1];
	next[2] = run->options->summary ? survey_print_summary(&run->print, &survey, run->now,
							       code ? &later : err)
					: 0;
	code = code ? code : next[2];
	next[3] = flush_all(run, code ? &later : err);
	survey_print_words(&survey);
	return code ? code : next[3];
}
