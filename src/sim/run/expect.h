/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_RUN_EXPECT_H
#define SIM_RUN_EXPECT_H

#include <stdio.h>

#include "conf/scenario/scenario.h"
#include "report/record/record.h"

/* What a scenario expects, held against records as they come. */
struct expect;

/* NULL: out of memory. */
struct expect *expect_new(const struct scenario *scenario);
void expect_free(struct expect *expect);

void expect_record(struct expect *expect, const struct record *record, struct bw_mono now);

/* Says in a line each what did not come true. Returns how many there are. */
unsigned expect_finish(const struct expect *expect, FILE *out);

#endif
