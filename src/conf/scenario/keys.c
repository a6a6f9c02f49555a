/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a scenario file's outermost object. */
#include "conf/scenario/keys.h"

#include "conf/keys/schema.h"
#include "conf/scenario/keys_course.h"
#include "conf/scenario/keys_world.h"

#define YEAR_S (366 * 86400.0)

static const char *const schema_words[] = {SCENARIO_SCHEMA, NULL};

#define GROUP(member_name, member, of, text)                                                     \
	{.name = (member_name), .type = KEYS_GROUP, .offset = offsetof(struct scenario, member), \
	 .help = (text), .group = &(of)}
#define LIST(member_name, member, of, sample, text)                                              \
	{.name = (member_name), .type = KEYS_LIST, .flags = KEYS_MAY_BE_EMPTY,                   \
	 .offset = offsetof(struct scenario, member), .absent = "none", .example = (sample),     \
	 .help = (text), .group = &(of)}

static const struct keys_key scenario_keys[] = {
	{.name = "schema", .type = KEYS_CHOICE, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario, schema), .example = "\"" SCENARIO_SCHEMA "\"",
	 .words = schema_words, .help = "What this file is."},
	{.name = "name", .type = KEYS_NAME, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario, name), .min = 1, .max = 64, .example = "\"steady\"",
	 .help = "The scenario's name."},
	{.name = "title", .type = KEYS_TEXT, .offset = offsetof(struct scenario, title), .min = 1,
	 .max = 200, .absent = "none", .example = "\"Nothing happens\"",
	 .help = "What it shows, in a line."},
	{.name = "source", .type = KEYS_TEXT, .offset = offsetof(struct scenario, source),
	 .min = 1, .max = 2000, .absent = "none", .example = "\"Dyn Research, 2014\"",
	 .help = "Where its facts come from."},
	{.name = "seed", .type = KEYS_COUNT, .offset = offsetof(struct scenario, seed),
	 .max = 9e15, .standard = "1", .help = "Another seed is another world of the same kind."},
	{.name = "start", .type = KEYS_TEXT, .offset = offsetof(struct scenario, start_text),
	 .standard = "\"2026-01-01T00:00:00Z\"", .help = "The wall time at which it begins."},
	{.name = "duration", .type = KEYS_TEXT, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario, duration_text), .example = "\"2d12h\"",
	 .help = "How long it lasts."},
	GROUP("world", world, scenario_world_group,
	      "How blocks and the ways to them behave where nothing else is said."),
	LIST("profiles", profiles, scenario_profile_group, "[{\"name\": \"far\"}]",
	     "Other ways to behave, with names."),
	LIST("routers", routers, scenario_router_group, "[{\"name\": \"transit\"}]",
	     "Routers that paths are made of."),
	{.name = "targets", .type = KEYS_LIST, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario, targets), .example = "[{\"file\": \"kp\"}]",
	 .group = &scenario_target_group, .help = "Who is watched."},
	GROUP("vantage", vantage, scenario_vantage_group, "Who watches, and how."),
	LIST("faults", faults, scenario_fault_group, "[{\"subject\": \"kp\", \"at\": \"2h\"}]",
	     "What goes wrong on the way to blocks."),
	LIST("route_changes", route_changes, scenario_route_change_group,
	     "[{\"subject\": \"land\", \"path\": \"detour\", \"at\": \"2h\"}]",
	     "Other ways to networks, for a time."),
	LIST("vantage_faults", vantage_faults, scenario_vantage_fault_group,
	     "[{\"kind\": \"uplink-cut\", \"at\": \"2h\", \"for\": \"10m\"}]",
	     "What goes wrong with the vantage."),
	LIST("spoofers", spoofers, scenario_spoofer_group,
	     "[{\"block\": \"198.18.0.0/24\", \"at\": \"2h\"}]",
	     "Who sends forged answers."),
	LIST("moves", moves, scenario_move_group,
	     "[{\"from\": \"198.18.0.0/24\", \"to\": \"198.18.1.0/24\", \"at\": \"2h\"}]",
	     "Hosts that move to another block."),
	LIST("expect", expect, scenario_expect_group, "[{\"to\": \"dark\", \"never\": true}]",
	     "What must come of it, and what must not."),
	GROUP("score", score, scenario_limits_group, "Limits that the score must keep."),
};
const struct keys_group scenario_group = {
	.what = "a scenario", .keys = scenario_keys, .count = KEYS_COUNT_OF(scenario_keys),
	.size = sizeof(struct scenario)};

int scenario_print_schema(FILE *out)
{
	return keys_print_schema(&scenario_group, "urn:blockwatch:scenario:1",
				 "A scenario of blockwatch", out);
}
