/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/run/run_sink_keys.h"

#include <stddef.h>

#include "conf/run/run.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define DAY_S 86400.0

/* In the order of enum conf_run_sink_type. */
static const char *const sink_words[] = {"stdout", "file", NULL};

static const struct keys_key sink_keys[] = {
	{
		.name = "type",
		.type = KEYS_CHOICE,
		.flags = KEYS_REQUIRED,
		.offset = offsetof(struct conf_run_sink, type),
		.example = "\"file\"",
		.words = sink_words,
		.help = "Where its records go: to standard output or to a file.",
	},
	{
		.name = "path",
		.type = KEYS_PATH,
		.flags = KEYS_REQUIRED | KEYS_UNIQUE,
		.offset = offsetof(struct conf_run_sink, path),
		.min = 1,
		.max = 4000,
		.example = "\"/var/lib/blockwatch/records.jsonl\"",
		.only = "file",
		.help = "The file that records are appended to. The ones before it are PATH.1 "
			"(the youngest), PATH.2 and so on. A relative path begins at the folder of "
			"the configuration file that it stands in.",
	},
	{
		.name = "max_size",
		.type = KEYS_SIZE,
		.offset = offsetof(struct conf_run_sink, max_size),
		.min = 64e3,
		.max = 1e12,
		.standard = "\"100MB\"",
		.only = "file",
		.help = "A new file is begun before this one becomes larger.",
	},
	{
		.name = "max_age",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run_sink, max_age_ns),
		.min = 1,
		.max = 366 * DAY_S,
		.standard = "\"1d\"",
		.only = "file",
		.help = "A new file is begun when the first record of this one is so old.",
	},
	{
		.name = "keep",
		.type = KEYS_COUNT,
		.offset = offsetof(struct conf_run_sink, keep),
		.min = 1,
		.max = 1000,
		.unit = "old files",
		.standard = "14",
		.only = "file",
		.help = "How many old files are kept; the oldest is deleted.",
	},
};
const struct keys_group run_sink_keys = {
	.what = "a sink",
	.keys = sink_keys,
	.count = COUNT(sink_keys),
	.size = sizeof(struct conf_run_sink),
	.kind = "type",
};
