/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_FORMAT_SUBJECT_H
#define SHIP_FORMAT_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "ship/line.h"

/*
 * Subjects of NATS, from a template: "blockwatch.{vantage}.{target}.{type}". {vantage}, {target},
 * {type} and {boot} stand for the values of a record, without the escapes of JSON. A value that is
 * missing is "-"; dots, '*', '>', blanks and control characters in a value become '_'.
 */
#define SUBJECT_MAX 1400
#define SUBJECT_CONFIRMED "blockwatch-stored." /* followed by the vantage */

/* Returns 0, or BW_ERR_LIMIT when the subject does not fit or LINE has a foreign escape. */
int subject_make(const char *template, const struct ship_line *line, char *subject, size_t size);

/* The subject that all records of all vantages match: each value becomes '*'. Returns likewise. */
int subject_make_wildcard(const char *template, char *subject, size_t size);

/*
 * Which of the words of a subject, counted from 0, is the vantage by TEMPLATE. Returns -1 if no
 * word of it is {vantage} and nothing else.
 */
int subject_find_vantage(const char *template);

/* Whether word N of SUBJECT is NAME as subjects have it. */
bool subject_word_is(const char *subject, int n, const char *name);

/* The subject of confirmations for a vantage (ship/format/confirmation.h). Returns as above. */
int subject_make_confirmed(const char *vantage, char *subject, size_t size);

#endif
