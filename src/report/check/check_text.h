/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CHECK_CHECK_TEXT_H
#define REPORT_CHECK_CHECK_TEXT_H

#include <stdio.h>

#include "report/record/record.h"
#include "report/text/paint.h"

/*
 * What `blockwatch check` shows people. A sink that collects the records of a
 * check; at its end, for each target in the order in which they came: the first
 * line in words (check_words.h), a table (check_sheet.h), and what the conditions
 * and reasons in it mean. Below all, what the vantage itself lost, if anything.
 * Times are told against the target's record; no clock is read.
 */
struct check_text;

/* COLUMNS: of the screen; 0 (no screen): 80. Returns NULL without memory. */
struct check_text *check_text_new(struct paint paint, unsigned columns);
void check_text_free(struct check_text *text);

/* The sink that collects; valid as long as TEXT. */
struct record_sink check_text_sink(struct check_text *text);

/* Prints all that has come. Returns 0; -ENOMEM: something is missing; -EIO: OUT has an error. */
int check_text_print(struct check_text *text, FILE *out);

#endif
