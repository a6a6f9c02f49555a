/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_PUT_H
#define REPORT_RECORD_PUT_H

#include <blockwatch/prefix.h>
#include <blockwatch/time.h>

#include "json/json_out.h"

/* Members of a record, each with its key: the other way round of report/record/take.h. */
#define PUT_UNIT_DECIMALS 3 /* of what ends in _ms or _s, and of shares */

void put_string(struct json_out *out, const char *key, const char *value);
void put_uint(struct json_out *out, const char *key, uint64_t value);
void put_number(struct json_out *out, const char *key, double value, int decimals);
void put_time(struct json_out *out, const char *key, struct bw_wall time);
void put_prefix(struct json_out *out, const char *key, const struct bw_prefix *prefix);
void put_ms(struct json_out *out, const char *key, int64_t ns);
void put_addr(struct json_out *out, const char *key, const struct bw_addr *addr);

#endif
