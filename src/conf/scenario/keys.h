/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_SCENARIO_KEYS_H
#define CONF_SCENARIO_KEYS_H

#include "conf/keys/keys.h"
#include "conf/scenario/scenario.h"

/* Private to conf/scenario: the keys of the outermost object, and what the tables share. */
extern const struct keys_group scenario_group;

#define KEYS_COUNT_OF(keys) (sizeof(keys) / sizeof((keys)[0]))

/* When something is so: the three keys that intervals have. */
#define SCENARIO_INTERVAL_KEYS(of)                                                               \
	{.name = "at", .type = KEYS_TEXT, .flags = KEYS_REQUIRED, .offset = offsetof(of, at),  \
	 .example = "\"2h30m\"",                                                                 \
	 .help = "When it begins: so long after the start, or a wall time (RFC 3339)."},         \
	{.name = "for", .type = KEYS_TEXT, .offset = offsetof(of, length),                     \
	 .absent = "to the end", .example = "\"9h31m\"", .help = "How long it lasts."},          \
	{.name = "until", .type = KEYS_TEXT, .offset = offsetof(of, until),                    \
	 .absent = "to the end", .example = "\"2014-12-23T01:46:00Z\"",                          \
	 .help = "When it ends, instead of `for`."}

#define SCENARIO_SHARE(member_name, of, member, text)                                            \
	{.name = (member_name), .type = KEYS_NUMBER, .offset = offsetof(of, member), .max = 1, \
	 .standard = "0", .help = (text)}

#endif
