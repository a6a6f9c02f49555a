/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_ENCODE_EVENT_H
#define REPORT_RECORD_ENCODE_EVENT_H

#include "json/json_out.h"
#include "report/record/record.h"

/* Puts the members of an event, those of every record aside, into the open object of OUT. */
void encode_event(struct json_out *out, const struct record_event *event);

#endif
