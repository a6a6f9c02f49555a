/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_OPTIONS_OPTIONS_HELP_H
#define CONF_OPTIONS_OPTIONS_HELP_H

#include <stdio.h>

#include "conf/options/options.h"

/* usage, description, options with defaults, examples, exit codes; at most 80 columns. */
void options_help(const struct options_command *command, FILE *out);

/*
 * Wraps TEXT into lines of 80 columns. The first line begins at COLUMN, up to which the
 * caller has printed, the others at INDENT. Ends the last line.
 */
void options_print_wrapped(FILE *out, const char *text, size_t column, size_t indent);

#endif
