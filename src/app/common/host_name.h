/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_HOST_NAME_H
#define APP_COMMON_HOST_NAME_H

#include <blockwatch/err.h>
#include <blockwatch/target.h>

/* Host names as TARGET, which need --resolve. */

/*
 * Looks NAME up and makes a target of that name, in which each address is a network of its own.
 * Returns 0, or as resolve_name() (sys/net/resolve.h) and list_parse().
 */
int host_name_target(const char *name, int family, struct bw_target **ret_target,
		     struct bw_err *err);

/* If ARGUMENT, which is no target, looks like a host name, ERR says that --resolve looks it up. */
void host_name_hint(const char *argument, struct bw_err *err);

#endif
