/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_DELIVERY_DELIVERY_H
#define APP_RUN_DELIVERY_DELIVERY_H

#include "conf/run/run.h"
#include "report/record/record.h"
#include "sys/loop/loop.h"

/*
 * What `run` does for network sinks: it puts records into the spool, keeps a child process
 * that ships them, reads how far the sinks are, and says it in its vantage records. Nothing of
 * this stops the daemon or its start.
 */
struct delivery;

/*
 * Opens the files that the sinks of CONF name, as who started this process: call it before root
 * is given up. CONFIG is the path of the configuration, borrowed. NULL: out of memory.
 */
struct delivery *delivery_new(const char *config, const struct conf_run *conf);
void delivery_free(struct delivery *delivery); /* accepts NULL */

/*
 * Opens the spool if CONF has one, and starts the child in the next wake. CONF is borrowed until
 * delivery_reload() brings another. LOOP must outlive it. Returns 0 or -ENOMEM.
 */
int delivery_open(struct delivery *delivery, const struct conf_run *conf, struct loop *loop,
		  struct bw_err *err);

/* CONF holds from now on; a child starts anew with it. */
void delivery_reload(struct delivery *delivery, const struct conf_run *conf);

/* Whether records of this type go to the spool. */
bool delivery_takes(const struct delivery *delivery, enum record_type type);

/* Puts the encoded RECORD, with its newline. */
void delivery_put(struct delivery *delivery, const struct record *record, const char *text,
		  size_t length);

/* How delivery goes, for a vantage record; valid until the next call. NULL: there is no spool. */
const struct record_delivery *delivery_status(struct delivery *delivery);

/* In each wake. */
void delivery_wake(struct delivery *delivery, struct bw_now now);
struct bw_mono delivery_deadline(const struct delivery *delivery);

/* The end comes: the child is told. Later delivery_end() hands all to the disk and waits for it. */
void delivery_stop(struct delivery *delivery);
void delivery_end(struct delivery *delivery);

#endif
