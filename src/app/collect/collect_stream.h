/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COLLECT_COLLECT_STREAM_H
#define APP_COLLECT_COLLECT_STREAM_H

#include "app/collect/collect_config.h"
#include "collect/collector.h"
#include "sys/loop/loop.h"

/*
 * The stream of JetStream that the configuration names: its messages go to the collector, and the
 * collector's `stream` says how it stands. It is compiled where libnats is there (BW_WITH_NATS).
 */
struct collect_stream;

/* Begins to connect; all is borrowed. Returns 0 or an error with a message. */
int collect_stream_new(struct loop *loop, const struct collect_config *config,
		       struct collector *collector, struct collect_stream **ret_stream,
		       struct bw_err *err);

/* Takes what has come. Returns when it wants to be called again. */
struct bw_mono collect_stream_wake(struct collect_stream *stream, struct bw_now now);

/* Accepts NULL. */
void collect_stream_free(struct collect_stream *stream);

#endif
