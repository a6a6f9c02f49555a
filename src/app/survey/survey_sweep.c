/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_sweep.h"

#include <errno.h>
#include <unistd.h>

#include "base/rng.h"

#define AGAIN_NS BW_S /* probes of the last second are sent again by the run that resumes */

/* Computes what two runs must have in common for one to resume the other. */
static uint64_t fingerprint(const struct survey_options *options, const struct survey_input *input)
{
	uint64_t print = sweep_space_fingerprint(input->space);

	for (unsigned i = 0; i < options->methods.count; i++)
		print = rng_mix(print ^ ((uint64_t)options->methods.list[i].protocol << 16 |
					 options->methods.list[i].port));
	print = rng_mix(print ^ options->passes);
	return rng_mix(print ^ ((uint64_t)options->shard_number << 32 | options->shards));
}

/* Returns 1 if there is a run to resume, 0 if not, or an error. */
static int read_resume(struct survey_sweep *sweep, const struct survey_sweep_config *config,
		       struct bw_err *err)
{
	const struct survey_options *options = config->options;
	uint64_t own = fingerprint(options, config->input);
	int code = options->resume ? survey_resume_read(options->resume, &sweep->before, err) : 0;

	if (code == 1 &&
	    (sweep->before.run != own || (options->seed && options->seed != sweep->before.seed))) {
		bw_err_set(err, BW_ERR_VALUE,
			   "this is of another survey (other addresses, methods, passes, shard or "
			   "seed); give the same arguments, or remove it to start anew");
		bw_err_place(err, options->resume, 0, 0, NULL);
		return BW_ERR_VALUE;
	}
	sweep->seed = code == 1 ? sweep->before.seed : survey_options_seed(options);
	sweep->before.run = own;
	return code;
}

static struct sweep_config config_of(const struct survey_sweep_config *config, uint64_t seed)
{
	const struct survey_options *options = config->options;

	return (struct sweep_config){
		.space = config->input->space,
		.egress = config->egress->list,
		.egress_count = config->egress->count,
		.methods = &options->methods,
		.rate_pps = options->rate_pps,
		.shard = options->shard_number - 1,
		.shards = options->shards,
		.passes = (uint32_t)options->passes,
		.retries = (uint32_t)options->retries,
		.pause_ns = options->pause_ns,
		.cooldown_ns = options->cooldown_ns,
		.late_ns = options->timeout_ns,
		.seed = seed,
		.key = siphash_key_random(),
		.on_answer = config->on_answer,
		.self = config->self,
	};
}

int survey_sweep_init(struct survey_sweep *sweep, const struct survey_sweep_config *config,
		      struct bw_mono now, struct bw_err *err)
{
	const char *path = config->options->resume;
	struct sweep_config made;
	int resumed, code;

	*sweep = (struct survey_sweep){.input = config->input};
	resumed = read_resume(sweep, config, err);
	if (resumed < 0)
		return resumed;
	made = config_of(config, sweep->seed);
	code = sweep_new(&made, now, &sweep->sweep, err);
	if (code < 0 || resumed == 0)
		return code;
	code = survey_resume_answers(path, sweep->sweep, err);
	if (code == 0 && sweep_resume(sweep->sweep, sweep->before.place) < 0) {
		code = bw_err_set(err, BW_ERR_VALUE, "this is of another survey");
		bw_err_place(err, path, 0, 0, NULL);
	}
	return code;
}

void survey_sweep_fini(struct survey_sweep *sweep)
{
	sweep_free(sweep->sweep);
}

int survey_sweep_keep(const struct survey_sweep *sweep, const struct survey_options *options,
		      const struct record_survey *survey, struct bw_mono stopped,
		      struct bw_err *err)
{
	struct survey_resume resume = {
		.run = sweep->before.run,
		.seed = sweep->seed,
		.place = sweep_place(sweep->sweep, stopped, AGAIN_NS),
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

	if (!options->resume)
		return 0;
	if (survey->complete)
		return unlink(options->resume) < 0 && errno != ENOENT ? -errno : 0;
	return survey_resume_write(options->resume, &resume, sweep->input->ordered_by, sweep->sweep,
				   err);
}
