/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_OPTIONS_OPTIONS_HELP_H
#define CONF_OPTIONS_OPTIONS_HELP_H

#include <stdio.h>

#include "conf/options/options.h"

/* usage, description, options with defaults, examples, exit codes; at most 80 columns. */
void options_help(const struct options_command *command, FILE *out);

/*
 * Prints words into lines of 80 columns: the first from COLUMN on, where the caller
 * stands, the others from INDENT on. Ends the last line.
 */
void options_print_wrapped(FILE *out, const char *text, size_t column, size_t indent);

#endif
