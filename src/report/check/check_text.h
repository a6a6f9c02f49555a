/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CHECK_CHECK_TEXT_H
#define REPORT_CHECK_CHECK_TEXT_H

#include <stdio.h>

#include "report/record/record.h"
#include "report/text/paint.h"

/*
 * The output of `blockwatch check` for people. A sink collects the records of the check.
 * At the end it prints for each target, in the order of their first records: a headline
 * (check_words.h), a table (check_table.h), and the meaning of the conditions and reasons
 * in the table. The last lines say what the vantage itself lost. Ages count from the
 * record of the target; no clock is read.
 */
struct check_text;

/* COLUMNS: of the screen; 0 (no screen): 80. Returns NULL without memory. */
struct check_text *check_text_new(struct paint paint, unsigned columns);
void check_text_free(struct check_text *text);

/* Prints the headlines only, one line a target. */
void check_text_set_brief(struct check_text *text);

/* The sink that collects; valid as long as TEXT. */
struct record_sink check_text_sink(struct check_text *text);

/* Prints all that has come. Returns 0; -ENOMEM: something is missing; -EIO: OUT has an error. */
int check_text_print(struct check_text *text, FILE *out);

#endif
