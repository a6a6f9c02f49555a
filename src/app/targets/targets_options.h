/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_TARGETS_OPTIONS_H
#define APP_TARGETS_TARGETS_OPTIONS_H

#include <stdbool.h>

#include "conf/options/options.h"

/* The options of `targets` and of its subcommands list, show, validate and diff, and their help. */
struct targets_values {
	bool json;
	struct options_texts blocklists; /* of show */
};

/*
 * What a subcommand takes, its operands behind its name. NULL: what all of them take together, with
 * the subcommand as the first operand.
 */
const struct options_command *targets_options_of(const char *subcommand);

#endif
