/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_CONFIG_RUN_COST_H
#define APP_RUN_CONFIG_RUN_COST_H

#include <stdio.h>

#include "conf/run/run.h"
#include "vantage/roster.h"

/* How many probes a configuration takes. */
struct run_cost {
	double blocks;     /* that may be probed */
	bool refused;      /* of some block no host may be probed */
	double usual_pps;  /* while all blocks are up: one probe to each in its interval */
	double most_pps;   /* while all are in question: what their hourly limits allow */
	double round_s;    /* in which each block gets one probe at the full rate */
	double rate_pps;   /* that is configured */
};

/* ROSTER was made from the targets of CONF, in their order. */
struct run_cost run_cost_of(const struct conf_run *conf, const struct roster *roster);

/* True when the rate is too low for the usual probes. */
bool run_cost_is_over(const struct run_cost *cost);

/* Prints the cost in one line. */
void run_cost_print(const struct run_cost *cost, FILE *out);

/* Logs a warning, with its place in CONF, if the rate is too low, or if no block is watched. */
void run_cost_warn(const struct conf_run *conf, const struct run_cost *cost);

#endif
