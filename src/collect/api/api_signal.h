/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_SIGNAL_H
#define COLLECT_API_API_SIGNAL_H

#include "json/json_out.h"

/* One series of numbers over time, in the form of IODA's API. */
struct api_signal {
	const char *type, *code, *name; /* what it is of; name NULL: it has no title */
	const char *datasource;
	int64_t from_s, until_s; /* since 1970 */
	int64_t step_s;          /* from one value to the next */
	int64_t native_step_s;   /* of what the values are made of */
	uint32_t blocks;         /* so many are known of it */
};

/* Writes it up to its values, which the caller writes, and what is behind them. */
void api_signal_begin(struct json_out *out, const struct api_signal *signal);
void api_signal_end(struct json_out *out);

#endif
