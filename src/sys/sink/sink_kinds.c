/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/sink/sink_kinds.h"

#include "sys/sink/file_sink.h"
#include "sys/sink/stdout_sink.h"

int sink_kinds_open(const struct conf_run_sink *conf, struct loop *loop, struct sink *ret_sink,
		    struct bw_err *err)
{
	switch ((enum conf_run_sink_type)conf->type) {
	case CONF_RUN_STDOUT:
		return stdout_sink_open(conf, loop, ret_sink, err);
	case CONF_RUN_FILE:
		return file_sink_open(conf, loop, ret_sink, err);
	}
	return bw_err_set(err, BW_ERR_INTERNAL, "no such kind of sink");
}
