/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_DELIVERY_SHIPPER_H
#define APP_RUN_DELIVERY_SHIPPER_H

#include "app/run/delivery/secret_files.h"

/*
 * The child process `blockwatch ship`. When it ends by itself it is started again, after a pause
 * that grows from SHIPPER_PAUSE_NS to SHIPPER_PAUSE_MAX_NS while it does not stay.
 */
#define SHIPPER_PAUSE_NS (1 * BW_S)
#define SHIPPER_PAUSE_MAX_NS (300 * BW_S)

struct shipper {
	struct loop *loop;
	const char *config; /* path; borrowed */
	const struct secret_files *secrets; /* borrowed */
	bool is_wanted;
	struct child *child;     /* NULL: none runs */
	bool is_restarting;      /* it was told to end, and the next one starts at once */
	int64_t pause_ns;
	struct bw_mono started, start_at;
};

void shipper_init(struct shipper *shipper, const char *config, const struct secret_files *secrets,
		  struct loop *loop);

/* From now on there is to be a child, or none. */
void shipper_want(struct shipper *shipper, bool wanted, struct bw_now now);

/* Another child with the configuration and the secrets of now takes its place. */
void shipper_restart(struct shipper *shipper);

/* Starts the child when it is due. */
void shipper_wake(struct shipper *shipper, struct bw_now now);
struct bw_mono shipper_deadline(const struct shipper *shipper);

/* Tells the child to end. */
void shipper_stop(struct shipper *shipper);

/* Waits for its end, PATIENCE_NS at most. */
void shipper_fini(struct shipper *shipper, int64_t patience_ns);

#endif
