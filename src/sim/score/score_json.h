/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCORE_SCORE_JSON_H
#define SIM_SCORE_SCORE_JSON_H

#include <stddef.h>

#include "sim/score/score.h"

#define SCORE_LINE_MAX 16384

/*
 * The score as one line of JSON, schema "blockwatch/score/1". INFERENCE names what made the
 * records. Returns the length of the line or BW_ERR_LIMIT.
 */
int score_json_encode(const struct score_sum *sum, const char *inference, char *line, size_t size);

#endif
