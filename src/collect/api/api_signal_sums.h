/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_SIGNAL_SUMS_H
#define COLLECT_API_API_SIGNAL_SUMS_H

#include "collect/api/api_signal.h"
#include "collect/hourly/hourly_read.h"

/*
 * Writes the signals that are made of hourly sums of all vantages: `answers` (the share of rounds
 * that were answered), `loss` (the share of probes that were not), `rtt_p50` and `rtt_p90`
 * (milliseconds). LIKE says what they are of, their time and the shortest step, which becomes an
 * hour at least. QUERY says what is read; its hours are set here. Returns 0, BW_ERR_UNAVAILABLE or
 * -ENOMEM, and then nothing is written.
 */
int api_signal_sums(struct json_out *out, const struct api_signal *like,
		    const struct hourly_query *query, const struct store *store);

#endif
