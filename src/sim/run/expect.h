/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_RUN_EXPECT_H
#define SIM_RUN_EXPECT_H

#include <stdio.h>

#include "conf/scenario/scenario.h"
#include "report/record/record.h"

/* Compares what a scenario expects with the records of a run. */
struct expect;

/* Returns NULL when out of memory. */
struct expect *expect_new(const struct scenario *scenario);
void expect_free(struct expect *expect);

void expect_record(struct expect *expect, const struct record *record, struct bw_mono now);

/* Prints each unmet expectation on a line. Returns how many there are. */
unsigned expect_finish(const struct expect *expect, FILE *out);

#endif
