/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/sink/sink_kinds.h"

int sink_kinds_open(const struct conf_run_sink *conf, struct loop *loop, struct sink *ret_sink,
		    struct bw_err *err)
{
	switch ((enum conf_run_sink_type)conf->type) {
#define X(NAME, module, word) \
	case NAME:            \
		return module##_open(conf, loop, ret_sink, err);
		CONF_RUN_SINK_LIST(X)
#undef X
	case CONF_RUN_HTTP: /* behind the spool */
	case CONF_RUN_NATS:
	case CONF_RUN_SINK_NONE:
		break;
	}
	return bw_err_set(err, BW_ERR_INTERNAL, "no such kind of sink");
}
