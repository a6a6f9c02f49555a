/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/targets_options.h"

#include <stddef.h>
#include <string.h>

#include "conf/options/common.h"

#define ANY (-1) /* how many operands: the subcommand says it itself */
#define JSON_ITEM(text) \
	{"json", 0, OPTIONS_FLAG, offsetof(struct targets_values, json), NULL, 0, 0, NULL, text}
#define BLOCKLIST_ITEM(text)                                                                  \
	{"blocklist", 'b', OPTIONS_TEXTS, offsetof(struct targets_values, blocklists),        \
	 "FILE", 0, 0, NULL, text}
#define TARGET_PATH                                                                           \
	"The target path is ./targets, $XDG_CONFIG_HOME/blockwatch/targets, "                 \
	"/etc/blockwatch/targets and the installed data directory; the environment "          \
	"variable BLOCKWATCH_TARGET_PATH (directories with ':' between) replaces it."
#define TARGET_FORMS                                                                          \
	"A TARGET is a name on that path, a path to a file, a prefix or an address. A "       \
	"file is JSON or a plain list, one prefix or address a line."

static const struct options_exit exits[] = {
	{0, "all is well"},
	CONF_COMMON_EXITS,
};
static const struct options_exit diff_exits[] = {
	{0, "both are equal"},
	{1, "they differ"},
	CONF_COMMON_EXITS,
};
static const struct options_exit all_exits[] = {
	{0, "all is well; of diff: both are equal"},
	{1, "of diff: they differ"},
	CONF_COMMON_EXITS,
};

static const struct options_item json_items[] = {JSON_ITEM("print JSON Lines instead of text")};
static const struct options_group json_groups[] = {
	{"Output", json_items, 1, 0},
	{NULL, NULL, 0, 0},
};

static const struct options_example list_examples[] = {
	{"blockwatch targets list", "the targets that can be asked for by name"},
	{NULL, NULL},
};
static const struct options_command list_options = {
	.name = "targets list",
	.operands = "",
	.description = "Names the targets on the target path, with their networks, blocks and "
		       "hosts, and the file of each.\n" TARGET_PATH,
	.groups = json_groups,
	.operands_max = ANY,
	.examples = list_examples,
	.exits = exits,
};

static const struct options_item show_items[] = {
	JSON_ITEM("print the target file itself"),
	BLOCKLIST_ITEM("also say what the prefixes and addresses listed in FILE remove"),
};
static const struct options_group show_groups[] = {
	{"Output", show_items, 2, 0},
	{NULL, NULL, 0, 0},
};
static const struct options_example show_examples[] = {
	{"blockwatch targets show kp", "the networks and hosts of North Korea"},
	{"blockwatch targets show -b opt-outs.txt kp", "and what a block list takes away"},
	{NULL, NULL},
};
static const struct options_command show_options = {
	.name = "targets show",
	.operands = "TARGET...",
	.description = "Prints what is in each TARGET: networks, hosts and their age, ASes, "
		       "inputs, what was left out, and what a check and a round of `run` cost. "
		       "Warns of one that was updated long ago.\n" TARGET_PATH "\n" TARGET_FORMS,
	.groups = show_groups,
	.operands_max = ANY,
	.examples = show_examples,
	.exits = exits,
};

static const struct options_example validate_examples[] = {
	{"blockwatch targets validate targets/*.json", "check files before using them"},
	{NULL, NULL},
};
static const struct options_command validate_options = {
	.name = "targets validate",
	.operands = "FILE...",
	.description = "Checks target files: says of each that it is valid and what it has, or "
		       "what is wrong with file, line and field.\n"
		       "A FILE is JSON or a plain list, one prefix or address a line.",
	.groups = json_groups,
	.operands_max = ANY,
	.examples = validate_examples,
	.exits = exits,
};

static const struct options_example diff_examples[] = {
	{"blockwatch targets diff kp kp-new.json", "what a new file would change"},
	{NULL, NULL},
};
static const struct options_command diff_options = {
	.name = "targets diff",
	.operands = "TARGET TARGET",
	.description = "Says which networks and hosts came (+), went (-) and changed (~) from the "
		       "first target to the second.\n" TARGET_PATH "\n" TARGET_FORMS,
	.groups = json_groups,
	.operands_max = ANY,
	.examples = diff_examples,
	.exits = diff_exits,
};

static const struct options_item all_items[] = {
	JSON_ITEM("print JSON Lines instead of text; 'show' prints the target file itself"),
	BLOCKLIST_ITEM("of 'show': also say what the prefixes and addresses listed in FILE "
		       "remove"),
};
static const struct options_group all_groups[] = {
	{"Output", all_items, 2, 0},
	{NULL, NULL, 0, 0},
};
static const struct options_example all_examples[] = {
	{"blockwatch targets list", "the targets that can be asked for by name"},
	{"blockwatch targets show kp", "the networks and hosts of North Korea"},
	{"blockwatch targets validate targets/*.json", "check files before using them"},
	{"blockwatch targets build --help", "how to make one of registry and routing data"},
	{NULL, NULL},
};
static const struct options_command all_options = {
	.name = "targets",
	.operands = "list|show|validate|build|diff ARGUMENT...",
	.description =
		"Looks after target files: 'list' names those on the target path, 'show TARGET...' "
		"prints what is in them, 'validate FILE...' checks files and says what is wrong "
		"with file, line and field, 'build' makes one of registry and routing data, 'diff "
		"TARGET TARGET' says what came (+), went (-) and changed (~). Each has a --help of "
		"its own.\n" TARGET_PATH "\n" TARGET_FORMS,
	.groups = all_groups,
	.operands_min = 1,
	.operands_max = ANY,
	.examples = all_examples,
	.exits = all_exits,
};

const struct options_command *targets_options_of(const char *subcommand)
{
	static const struct {
		const char *name;
		const struct options_command *options;
	} all[] = {
		{"list", &list_options},
		{"show", &show_options},
		{"validate", &validate_options},
		{"diff", &diff_options},
	};

	for (size_t i = 0; subcommand && i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(subcommand, all[i].name) == 0)
			return all[i].options;
	return &all_options;
}
