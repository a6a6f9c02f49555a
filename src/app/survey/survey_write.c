/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_write.h"

#include <math.h>

#include "app/common/log.h"
#include "report/survey/survey_target.h"
#include "sys/disk/new_file.h"

struct writing {
	struct survey_target target;
	uint32_t passes;
};

static void write_host(void *self, const struct bw_addr *addr, uint32_t passes)
{
	struct writing *writing = self;

	survey_target_add(&writing->target, addr,
			  fmin(1, (double)passes / (double)writing->passes));
}

/* Counts the passes. One that was interrupted counts, because its answers do. */
static uint32_t count_passes(const struct survey_options *options, const struct sweep *sweep)
{
	uint64_t probes = sweep_share(sweep) * options->methods.count;

	return probes ? (uint32_t)((sweep_progress(sweep) + probes - 1) / probes) : 0;
}

int survey_write(const struct survey_options *options, const struct sweep *sweep,
		 struct bw_wall now, struct bw_err *err)
{
	struct writing writing = {.passes = count_passes(options, sweep)};
	struct survey_target_head head = {
		.methods = &options->methods,
		.source = "blockwatch survey",
		.now = now,
	};
	struct new_file file;
	int code = new_file_open(&file, options->write);

	if (code == 0) {
		survey_target_begin(&writing.target, file.out, &head);
		sweep_each_answered(sweep, write_host, &writing);
		code = new_file_close(&file, survey_target_end(&writing.target));
	}
	if (code == BW_ERR_MISSING) {
		log_warn("nobody answered: %s was not written", options->write);
		return 0;
	}
	if (code < 0) {
		bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot write: %s", bw_error_text(code));
		bw_err_place(err, options->write, 0, 0, NULL);
		code = BW_ERR_UNAVAILABLE;
	}
	return code;
}
