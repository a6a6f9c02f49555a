/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_ENCODE_DELIVERY_H
#define REPORT_RECORD_ENCODE_DELIVERY_H

#include "json/json_out.h"
#include "report/record/record.h"

/* The members of a vantage record that say how delivery goes, for encode.c. */
void encode_delivery(struct json_out *out, const struct record_delivery *delivery);

#endif
