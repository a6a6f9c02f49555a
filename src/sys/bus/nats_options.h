/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_NATS_OPTIONS_H
#define SYS_BUS_NATS_OPTIONS_H

#include <nats/nats.h>

#include "sys/bus/nats_link.h"

/*
 * Private to sys/bus. The options of a connection. *RET_OPTIONS is the caller's to destroy, also
 * after an error. LINK_OPTIONS must outlive the connection.
 */
natsStatus nats_options_make(const struct nats_link_options *link_options,
			     natsOptions **ret_options);

#endif
