/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_SINKS_H
#define APP_RUN_SINKS_H

#include "app/run/delivery/delivery.h"
#include "conf/run/run.h"
#include "report/record/record.h"
#include "ship/sink.h"
#include "sys/loop/loop.h"

/*
 * All sinks of the daemon. Each record of a wanted type is encoded once, and its line is
 * put to every sink, in the order of the configuration. Messages of a sink are logged; its
 * faults never stop the daemon.
 */
struct sinks;

/*
 * Opens the sinks of CONF that are on this machine. LOOP must outlive them. Returns 0, -ENOMEM or
 * the error of sink_kinds_open().
 */
int sinks_open(const struct conf_run *conf, struct loop *loop, struct sinks **ret_sinks,
	       struct bw_err *err);
void sinks_free(struct sinks *sinks); /* without a flush; accepts NULL */

/* No sinks yet, and records of all types. NULL: out of memory. */
struct sinks *sinks_new(void);

/*
 * Adds SINK, which SINKS owns from here on, and frees it when there is no memory. TYPE is
 * its enum conf_run_sink_type. Returns 0 or -ENOMEM.
 */
int sinks_add(struct sinks *sinks, struct sink sink, unsigned type);

/* From now on records go to DELIVERY first, which must outlive SINKS. */
void sinks_set_delivery(struct sinks *sinks, struct delivery *delivery);

/* Where records are put; valid as long as SINKS. */
struct record_sink sinks_record_sink(struct sinks *sinks);

/*
 * For a reload: gives each sink its new options. Returns 0, BW_ERR_VALUE when CONF has
 * more, fewer or other sinks, or the first error of sink_reopen(); after an error, call
 * it again with the former configuration.
 */
int sinks_reopen(struct sinks *sinks, const struct conf_run *conf, struct bw_err *err);

/* The next deadline of all sinks; BW_NEVER: none. */
struct bw_mono sinks_deadline(const struct sinks *sinks);

/* In each wake: wakes the sinks whose deadline has passed and logs messages. */
void sinks_wake(struct sinks *sinks, struct bw_now now);

/* True when every sink has failed for good, so that nothing is written anywhere. */
bool sinks_are_over(const struct sinks *sinks);

/* At the end: writes what waits; a slow reader gets half a second. */
void sinks_flush(struct sinks *sinks, struct bw_mono now);

/* Logs what each sink has written and lost. LOST_ONLY: of sinks that lost or hold records. */
void sinks_log(const struct sinks *sinks, bool lost_only);

/* The records that sink NUMBER, from 0, has written and lost. */
struct sink_stats sinks_stats(const struct sinks *sinks, size_t number);

#endif
