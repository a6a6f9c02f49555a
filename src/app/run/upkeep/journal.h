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

/* An event of a network or target, in one line; other records are ignored. */
void journal_event(const struct record *record);

#define JOURNAL_TEXT 400

/* The line of an event of a network or target, in a buffer of JOURNAL_TEXT bytes. Returns it. */
char *journal_format(const struct record_event *event, char text[JOURNAL_TEXT]);

#endif
