/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/run/run_trace_keys.h"

#include <stddef.h>

#include "conf/run/run.h"

#define WEEK_S (7 * 86400.0)

static const struct keys_key trace_keys[] = {
	{
		.name = "every",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run_trace, every_ns),
		.min = 1,
		.max = WEEK_S,
		.standard = "\"1h\"",
		.help = "The path to each block that is up is traced once in this time; of targets "
			"with more than 256 blocks, to one block of each network.",
	},
	{
		.name = "off",
		.type = KEYS_BOOL,
		.offset = offsetof(struct conf_run_trace, off),
		.standard = "false",
		.help = "True: nothing is traced, and no event has a path.",
	},
};

const struct keys_group run_trace_keys = {
	.what = "\"trace\"",
	.keys = trace_keys,
	.count = sizeof(trace_keys) / sizeof(trace_keys[0]),
	.size = sizeof(struct conf_run_trace),
};
