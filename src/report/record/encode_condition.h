/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_ENCODE_CONDITION_H
#define REPORT_RECORD_ENCODE_CONDITION_H

#include "json/json_out.h"
#include "report/record/record.h"

/* Private to the encoder: the members of a record of a condition. */
void encode_condition(struct json_out *out, const struct record_condition *condition);

#endif
