/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_INSTANCE_H
#define APP_RUN_INSTANCE_H

#include "app/common/egress.h"
#include "app/common/session.h"
#include "app/run/config/run_config.h"
#include "report/record/record.h"
#include "sys/transport/netio.h"
#include "vantage/ledger/persist.h"
#include "vantage/vantage.h"

/*
 * All that the daemon builds from one configuration: a session, a network and the vantage
 * that uses them. A reload builds a second instance beside the first, lets it inherit the
 * state of the first, and then frees the first.
 */
struct instance {
	struct session session;
	struct netio *netio;
	struct bw_transport transport; /* of the network */
	struct vantage *vantage;
	struct vantage_plan *plans; /* one for each target */
	struct path_plan paths;
	struct bw_now now;          /* time of the current wake */
	unsigned faults;            /* set of enum bw_reason: faults of the machine */
	unsigned down[BW_EGRESS_MAX]; /* the same of each egress */
};

struct instance_config {
	const struct run_config *config; /* borrowed for as long as the instance lives */
	const char *boot;                /* boot id of the records; borrowed as well */
	struct loop *loop;
	struct record_sink sink;
	uint64_t first_seq; /* sequence number of the first record */
};

/* Returns 0 or an error of session_open_with(), netio_open() or vantage_new(). */
int instance_new(const struct instance_config *config, struct instance **ret_instance,
		 struct bw_err *err);
void instance_free(struct instance *instance); /* accepts NULL */

/*
 * Hands received frames to the vantage, then lets it do what is due. Returns 0, or an error
 * of netio_dispatch(); the vantage has had its turn in that case, too.
 */
int instance_wake(struct instance *instance, struct bw_now now, struct bw_err *err);

/* Looks up the routes of now; as egress_look(). egress_routes_fini() in any case. */
int instance_look(const struct instance *instance, const struct run_config *config,
		  struct egress_routes *ret_routes, struct bw_err *err);

/*
 * True when each egress and sentinel of ROUTES is known to the instance. Else a new instance is
 * needed for them.
 */
bool instance_can_follow(const struct instance *instance, const struct egress_routes *routes);

/*
 * Moves blocks and sentinels to their egress in ROUTES, whose blocks are overwritten. Those whose
 * egress is not known to the instance have none. When blocks have moved, and with TELLS, a record
 * of the vantage goes out. Returns how many have moved.
 */
uint32_t instance_follow(struct instance *instance, const struct egress_routes *routes, bool tells,
			 struct bw_now now);

/* How many blocks that are to be probed have no route; *RET_FIRST is the first of them. */
uint32_t instance_unrouted(const struct instance *instance, uint32_t *ret_first);

/*
 * The vantage is blind on all its ways while FAULTS (a set of enum bw_reason) is not 0. May be
 * called without a change, for an instance that was just adopted.
 */
void instance_set_faults(struct instance *instance, unsigned faults, struct bw_now now);

/*
 * Makes ways blind whose interface is down or gone, and listens on interfaces that have come.
 * Returns how many egresses are down.
 */
unsigned instance_look_at_interfaces(struct instance *instance, struct bw_now now);

/* Takes over the state of the vantage of BEFORE. Returns 0 or -errno with a message. */
int instance_inherit(struct instance *instance, const struct instance *before, struct bw_err *err);

#endif
