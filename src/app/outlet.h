/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_OUTLET_H
#define APP_OUTLET_H

#include "conf/run/run.h"
#include "report/record/record.h"
#include "sys/loop/loop.h"

/*
 * Where the records of the daemon go: all sinks of the configuration, each of
 * the record types that it asks for. Trouble of a sink is said once on standard
 * error, and never stops the watching.
 */
struct outlet;

/*
 * LOOP is woken when what waits for a slow reader can be written, and must outlive the
 * outlet. Returns 0; -ENOMEM; what file_sink_new() and room_open() say.
 */
int outlet_new(const struct conf_run *conf, struct loop *loop, struct outlet **ret_outlet,
	       struct bw_err *err);
void outlet_free(struct outlet *outlet); /* after a flush; NULL is accepted */

struct record_sink outlet_sink(struct outlet *outlet);

/*
 * For SIGHUP: files that were moved away are begun anew. 0; BW_ERR_VALUE for more or
 * fewer sinks than before; or the first failure of a file.
 */
int outlet_reopen(struct outlet *outlet, const struct conf_run *conf, struct bw_err *err);

/* To be called in each wake, when all of its records are in: writes what waits. */
void outlet_wake(struct outlet *outlet);

/* The end: has patience with a slow reader for a moment. */
void outlet_flush(struct outlet *outlet);

#endif
