/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_INSTANCE_H
#define APP_RUN_INSTANCE_H

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
	struct bw_now now;          /* time of the current wake */
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

/*
 * Compares the kernel's routes with those that the instance found when it was built.
 * Returns 1 if they are the same; 0 if interface or source address of one has changed, or if
 * a network that had no route has one; BW_ERR_NO_ROUTE if one is gone, or
 * if there never was one; -errno, or an error
 * of interface_wish(), if the comparison is not possible.
 */
int instance_check_egress(const struct instance *instance, const struct conf_run *conf,
			  struct bw_err *err);

/* Takes over the state of the vantage of BEFORE. Returns 0 or -errno with a message. */
int instance_inherit(struct instance *instance, const struct instance *before, struct bw_err *err);

#endif
