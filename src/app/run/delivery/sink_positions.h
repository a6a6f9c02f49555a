/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_DELIVERY_SINK_POSITIONS_H
#define APP_RUN_DELIVERY_SINK_POSITIONS_H

#include "conf/run/run.h"
#include "report/record/record.h"
#include "ship/position.h"
#include "sys/spool/write/spool.h"

/* How far the network sinks are, as `ship` has written it into the folder of the spool. */
struct sink_positions {
	struct record_network_sink sinks[RECORD_NETWORK_SINKS_MAX];
	size_t count;
	bool has_clock_offset;
	double clock_offset_s;
	/* The place before which every sink has everything. */
	bool has_stored;
	struct position_place stored;
};

/*
 * Reads the positions of the network sinks of CONF, in the folder of SPOOL. A sink without a
 * position in this spool has all of it before it. Names belong to CONF.
 */
void sink_positions_read(struct sink_positions *positions, const struct conf_run *conf,
			 const struct spool *spool, const struct spool_stats *stats);

#endif
