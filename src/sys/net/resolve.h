/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_RESOLVE_H
#define SYS_NET_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include <blockwatch/addr.h>
#include <blockwatch/err.h>

/* Host names, as the system resolves them: /etc/hosts, DNS and so on. */
#define RESOLVE_MAX 64 /* addresses of a name; more are left out */

/* Whether TEXT can be a host name: letters, digits, '-' and '.', 253 bytes at most. */
bool resolve_is_name(const char *text);

/*
 * Looks NAME up, and waits for the answer. FAMILY: 4, 6, or 0 for both. Writes each address once
 * and returns their number, 1 to RESOLVE_MAX; or, with a message, BW_ERR_MISSING (no such name, or
 * no address of this family), BW_ERR_UNAVAILABLE (no answer) or -ENOMEM.
 */
int resolve_name(const char *name, int family, struct bw_addr ret_list[RESOLVE_MAX],
		 struct bw_err *err);

#endif
