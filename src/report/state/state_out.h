/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_OUT_H
#define REPORT_STATE_STATE_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/prefix.h>

#include "json/json_out.h"

/*
 * Members of a line of a state file: a key and its value. A text and a prefix are always written.
 * A number that is 0 and a flag that is false are left out, as is a chance below 0, which means
 * "not known". Numbers have six decimals, chances four.
 */
void state_out_text(struct json_out *out, const char *key, const char *text);
void state_out_prefix(struct json_out *out, const char *key, const struct bw_prefix *prefix);
void state_out_integer(struct json_out *out, const char *key, int64_t value);
void state_out_number(struct json_out *out, const char *key, double value);
void state_out_flag(struct json_out *out, const char *key, bool flag);
void state_out_chance(struct json_out *out, const char *key, double chance);

#endif
