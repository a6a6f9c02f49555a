/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_NATS_CARRIER_H
#define APP_SHIP_NATS_CARRIER_H

#include "app/common/secrets.h"
#include "app/ship/carrier.h"
#include "conf/run/run.h"
#include "sys/loop/loop.h"

/*
 * A sink of type "nats": what its lanes share. It is compiled where libnats is there
 * (BW_WITH_NATS). Tokens and keys are read before root is given up.
 */
struct nats_sink;

/*
 * VANTAGE: whose confirmations are heard. DUPLICATES_NS: the least duplicate window of its stream.
 * Returns 0 or as secret_read().
 */
int nats_sink_new(const struct conf_run_sink *conf, const char *vantage,
		  const struct options_texts *passed, int64_t duplicates_ns,
		  struct nats_sink **ret_sink, struct bw_err *err);

/* All carriers have been freed. Accepts NULL. */
void nats_sink_free(struct nats_sink *sink);

/* Begins to connect. Returns 0 or an error with a message. */
int nats_sink_start(struct nats_sink *sink, struct loop *loop, struct bw_err *err);

/* As outlets_peer(). Logs what is to be said of the stream, once. */
uint64_t nats_sink_peer(struct nats_sink *sink, char *peer, size_t size);

struct bw_mono nats_sink_deadline(const struct nats_sink *sink);
void nats_sink_wake(struct nats_sink *sink, struct bw_now now);

/* Returns 0 or an error with a message. */
int nats_carrier_open(struct nats_sink *sink, carrier_done done, void *self,
		      struct carrier *ret_carrier, struct bw_err *err);

#endif
