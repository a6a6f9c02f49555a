/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEXT_CONDITION_TEXT_H
#define REPORT_TEXT_CONDITION_TEXT_H

#include "report/record/record.h"

#define CONDITION_TEXT 120

/*
 * What a record of a condition says, without its subject, in a buffer of CONDITION_TEXT bytes:
 *
 *     is degraded: 31 % lost, usually 1 %
 *     is slow: 332 ms, usually 81 ms
 *     is not slow any more, after 2 h 10 min
 *
 * Returns the buffer.
 */
char *condition_text(const struct record_condition *condition, char text[CONDITION_TEXT]);

#endif
