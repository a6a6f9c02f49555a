/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_HTTP_CARRIER_H
#define APP_SHIP_HTTP_CARRIER_H

#include "app/ship/carrier.h"
#include "app/common/secrets.h"
#include "conf/run/run.h"

/* A sink of type "http": what its lanes share. All of it is read before root is given up. */
struct http_sink;
struct http;

/*
 * CONF and PASSED (see secrets.h) are borrowed. VANTAGE goes into a header of each request. Returns
 * 0 or as secret_read().
 */
int http_sink_new(const struct conf_run_sink *conf, const char *vantage,
		  const struct options_texts *passed, struct http_sink **ret_sink,
		  struct bw_err *err);
void http_sink_free(struct http_sink *sink);

/* A carrier to it. Returns 0, -ENOMEM or BW_ERR_VALUE, with a message. */
int http_carrier_open(const struct http_sink *sink, struct http *http, carrier_done done,
		      void *self, struct carrier *ret_carrier, struct bw_err *err);

#endif
