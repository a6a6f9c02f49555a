/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SINK_SINK_KINDS_H
#define SYS_SINK_SINK_KINDS_H

#include "conf/run/run.h"
#include "ship/sink.h"
#include "sys/loop/loop.h"

/*
 * The kinds of sinks that `run` has. A new one needs an enumerator in conf/run/run.h with
 * its word and keys in conf/run/run_sink_keys.c, a constructor with its struct sink_ops in a
 * file of its own, and a case in sink_kinds.c.
 */

/*
 * Opens the sink that CONF describes. LOOP must outlive it. Returns 0 or the error of the
 * constructor; sink_free() closes it.
 */
int sink_kinds_open(const struct conf_run_sink *conf, struct loop *loop, struct sink *ret_sink,
		    struct bw_err *err);

#endif
