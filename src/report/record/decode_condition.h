/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_DECODE_CONDITION_H
#define REPORT_RECORD_DECODE_CONDITION_H

#include "report/record/record.h"
#include "report/record/take.h"

/* Private to the decoder: the members of a record of a condition. */
void decode_condition(struct take *take, struct record_condition *condition);

#endif
