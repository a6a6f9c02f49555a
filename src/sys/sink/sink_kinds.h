/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SINK_SINK_KINDS_H
#define SYS_SINK_SINK_KINDS_H

#include "conf/run/run_sinks.h"
#include "ship/sink.h"
#include "sys/loop/loop.h"

/*
 * The kinds of sinks that `run` has, as conf/run/run_sinks.h lists them. Each is a file of
 * this folder with its struct sink_ops and one constructor, which is declared here.
 *
 * A constructor takes the keys of its kind from CONF. LOOP must outlive the sink. It
 * returns 0; BW_ERR_VALUE for what CONF names and cannot be a sink; BW_ERR_UNAVAILABLE when
 * the system or another process refuses; -ENOMEM; with a message that names the sink.
 * sink_reopen() takes a struct conf_run_sink, too, and returns the same.
 */
#define X(NAME, module, word)                                                  \
	int module##_open(const struct conf_run_sink *conf, struct loop *loop, \
			  struct sink *ret_sink, struct bw_err *err);
CONF_RUN_SINK_LIST(X)
#undef X

/* Opens the sink that CONF describes with the constructor of its kind. sink_free() closes it. */
int sink_kinds_open(const struct conf_run_sink *conf, struct loop *loop, struct sink *ret_sink,
		    struct bw_err *err);

#endif
