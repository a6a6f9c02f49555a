/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/run/run_spool_keys.h"

#include <stddef.h>

#include "conf/run/run.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define DAY_S 86400.0

static const struct keys_key spool_keys[] = {
	{
		.name = "size",
		.type = KEYS_SIZE,
		.offset = offsetof(struct conf_run_spool, size),
		.min = 1 << 20,
		.max = 1e15,
		.standard = "\"1G\"",
		.help = "The spool is at most so large. When it is full, records are dropped by "
			"their type: probe first, then block, vantage, trace, target, condition, "
			"and events last.",
	},
	{
		.name = "age",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run_spool, age_ns),
		.min = 60,
		.max = 3650 * DAY_S,
		.standard = "\"7d\"",
		.help = "Records that are older are dropped, except events that are not delivered "
			"yet.",
	},
};
const struct keys_group run_spool_keys = {
	.what = "\"spool\"",
	.keys = spool_keys,
	.count = COUNT(spool_keys),
	.size = sizeof(struct conf_run_spool),
};
