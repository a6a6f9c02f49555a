/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/run/run_target_keys.h"

#include <stddef.h>

#include "conf/run/run.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define DAY_S 86400.0
#define TEXT_OF(number) TEXT_OF_VALUE(number)
#define TEXT_OF_VALUE(number) #number

static const struct keys_key limit_keys[] = {
	{
		.name = "probes_per_block_hour",
		.type = KEYS_NUMBER,
		.offset = offsetof(struct conf_run_limits, probes_per_block_hour),
		.min = 1,
		.max = 36000,
		.absent = TEXT_OF(CONF_RUN_BUDGET) " for rounds of a minute and more, else "
			  TEXT_OF(CONF_RUN_BUDGET_PER_ROUND) " for each round",
		.example = "20",
		.help = "How many probes a block gets in an hour, on average; up to 40 that it "
			"did not need are saved up for when its verdict is in question.",
	},
};
const struct keys_group run_limit_keys = {
	.what = "\"limits\"",
	.keys = limit_keys,
	.count = COUNT(limit_keys),
	.size = sizeof(struct conf_run_limits),
};

static const struct keys_key target_keys[] = {
	{
		.name = "target",
		.type = KEYS_TARGET,
		.flags = KEYS_REQUIRED | KEYS_UNIQUE,
		.offset = offsetof(struct conf_run_target, target),
		.min = 1,
		.max = 4096,
		.example = "\"kp\"",
		.help = "A name on the target path, a path to a target file or a plain list, a "
			"prefix or an address. A relative path begins at the folder of the "
			"configuration file that it stands in.",
	},
	{
		.name = "round",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run_target, round_ns),
		.min = 1,
		.max = DAY_S,
		.absent = "\"focus_round\" with \"focus\", else \"round\"",
		.help = "The round of this target.",
	},
	{
		.name = "focus",
		.type = KEYS_BOOL,
		.offset = offsetof(struct conf_run_target, focus),
		.standard = "false",
		.help = "Watch it closely: in rounds of \"focus_round\". For small targets.",
	},
	{
		.name = "methods",
		.type = KEYS_METHODS,
		.offset = offsetof(struct conf_run_target, methods),
		.absent = "those of the target file",
		.help = "How its hosts are probed; as in \"methods\" where that is given.",
	},
	{
		.name = "confirm",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run_target, confirm_ns),
		.min = 0.5,
		.max = 600,
		.absent = "as \"confirm\"",
		.help = "Evidence for a change of one of its blocks reaches over at least this "
			"time.",
	},
	{
		.name = "limits",
		.type = KEYS_GROUP,
		.offset = offsetof(struct conf_run_target, limits),
		.group = &run_limit_keys,
		.help = "Its own limits; what is not given here is as in \"limits\".",
	},
};
const struct keys_group run_target_keys = {
	.what = "a target",
	.keys = target_keys,
	.count = COUNT(target_keys),
	.size = sizeof(struct conf_run_target),
	.shorthand = "target",
};
