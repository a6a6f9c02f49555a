/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_OUTLET_H
#define APP_OUTLET_H

#include "conf/run.h"
#include "report/record.h"

/*
 * Where the records of the daemon go: all sinks of the configuration, each of
 * the record types that it asks for. Trouble of a sink is said once on standard
 * error, and never stops the watching.
 */
struct outlet;

/* Returns 0; -ENOMEM; what file_sink_new() says. */
int outlet_new(const struct conf_run *conf, struct outlet **ret_outlet, struct bw_err *err);
void outlet_free(struct outlet *outlet); /* after a flush; NULL is accepted */

struct record_sink outlet_sink(struct outlet *outlet);

/*
 * For SIGHUP: files that were moved away are begun anew. 0; BW_ERR_VALUE for more or
 * fewer sinks than before; or the first failure of a file.
 */
int outlet_reopen(struct outlet *outlet, const struct conf_run *conf, struct bw_err *err);

void outlet_flush(struct outlet *outlet);

#endif
