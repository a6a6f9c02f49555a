/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_FORMAT_SUBJECT_H
#define SHIP_FORMAT_SUBJECT_H

#include <stddef.h>

#include "ship/line.h"

/*
 * Subjects of NATS, from a template: "blockwatch.{vantage}.{target}.{type}". {vantage}, {target},
 * {type} and {boot} stand for the values of a record. A value that is missing is "-"; dots, '*',
 * '>', blanks and control characters in a value become '_'.
 */
#define SUBJECT_TEXT 1400

/* Returns 0, or BW_ERR_LIMIT when the subject does not fit. */
int subject_make(const char *template, const struct ship_line *line, char *subject, size_t size);

/* The subject that all records of all vantages match: each value becomes '*'. Returns likewise. */
int subject_make_wildcard(const char *template, char *subject, size_t size);

#endif
