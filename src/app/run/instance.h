/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_WATCHING_H
#define APP_WATCHING_H

#include "app/common/session.h"
#include "conf/run/run.h"
#include "report/record/record.h"
#include "sys/transport/network.h"
#include "vantage/ledger/persist.h"

/*
 * What a configuration makes: the targets, the network and the vantage that
 * watches them. A reload builds a new one beside the old, hands the memory over,
 * and then drops the old.
 */
struct watching {
	struct probing probing;
	struct network *network;
	struct bw_transport transport;
	struct vantage *vantage;
	struct vantage_plan *plans;
	struct bw_now now; /* of the current wake */
};

struct watching_config {
	const struct conf_run *conf; /* borrowed */
	const char *boot;
	struct loop *loop;
	struct record_sink sink;
	uint64_t first_seq;
};

/* Returns 0; what probing_open(), network_open() and vantage_new() say. */
int watching_new(const struct watching_config *config, struct watching **ret_watching,
		 struct bw_err *err);
void watching_free(struct watching *watching);

/* Frames, then whatever is due. Returns 0, or what network_dispatch() says. */
int watching_wake(struct watching *watching, struct bw_now now, struct bw_err *err);

/*
 * The ways out as they are now: 1 when those that were found at the start still
 * lead there; 0 when there are others (interface, source address); BW_ERR_NO_ROUTE
 * when one is gone; -errno when that cannot be told, or what interface_wish() says.
 */
int watching_ways(const struct watching *watching, const struct conf_run *conf,
		  struct bw_err *err);

/* What BEFORE remembers goes over. 0 or -errno with a message. */
int watching_inherit(struct watching *watching, const struct watching *before, struct bw_err *err);

#endif
