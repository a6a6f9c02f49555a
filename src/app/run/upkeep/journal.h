/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_UPKEEP_JOURNAL_H
#define APP_RUN_UPKEEP_JOURNAL_H

#include "report/record/record.h"
#include "vantage/roster.h"

/*
 * Lines for the person who reads the journal of the service. Nothing is logged when standard
 * error is not the journal: there, the records say it all.
 */

/* What is watched: a line for each target. */
void journal_start(const struct roster *roster);

/*
 * An event or condition of a network or target of the roster, in one line; other records are
 * ignored. Local time stands beside UTC where the target names its time zone.
 */
void journal_record(const struct record *record, const struct roster *roster);

#define JOURNAL_TEXT 400

/*
 * The line of an event of a network or target, in a buffer of JOURNAL_TEXT bytes. LOCAL follows
 * the time. Returns TEXT.
 */
char *journal_format(const struct record_event *event, const char *local, char text[JOURNAL_TEXT]);

/* The same of a condition. */
char *journal_format_condition(const struct record_condition *condition, char text[JOURNAL_TEXT]);

#endif
