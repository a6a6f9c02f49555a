/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_SESSION_H
#define APP_COMMON_SESSION_H

#include "app/common/egress.h"
#include "app/common/inputs.h"
#include "conf/options/common.h"
#include "vantage/roster.h"

/*
 * What `check` and `run` need before the first packet: the targets, the addresses that must
 * not be probed, the references, and the routes. Opening a session needs no privilege and
 * sends nothing.
 */
struct session {
	struct inputs own;    /* what session_open() has read */
	struct permit permit; /* points to the block list of the inputs */
	struct roster roster; /* points to the targets of the inputs */
	struct egress_set egress;
};

/* A TARGET argument, and methods that replace its own (NULL or count 0: it keeps its own). */
struct session_target {
	const char *argument;
	const struct bw_methods *methods;
};

/*
 * Reads the targets, block lists and references that the options name, and looks up the
 * routes. Logs which addresses will not be probed, and why. WAITS: as in struct session_caller.
 * Returns 0 or the first error of the readers, roster_init() and egress_find(). Call
 * session_close() in both cases.
 */
int session_open(struct session *session, const struct conf_probing *options,
		 const struct session_target *targets, size_t count, bool waits,
		 struct bw_err *err);

/* Who opens a session. */
struct session_caller {
	/* How a user allows special-purpose addresses: "give --allow-reserved". */
	const char *allow;
	bool waits; /* for an interface or a source address that is not there yet */
};

/*
 * The same from INPUTS, which are borrowed for as long as the session lives. If CALLER waits
 * for an egress that is not there yet, that is logged, and the session has no egress.
 */
int session_open_with(struct session *session, const struct inputs *inputs,
		      const struct conf_probing *options, const struct session_caller *caller,
		      struct bw_err *err);

/*
 * Looks at routes and interfaces anew, for a session of session_open() whose caller waits. Returns
 * as session_open().
 */
int session_renew(struct session *session, const struct conf_probing *options, struct bw_err *err);

/*
 * Logs the first of the blocks of which no host may be probed, and why. ALLOW: as in struct
 * session_caller.
 */
void session_warn_of_refused(const struct roster *roster, const char *allow);

/* Frees what the session holds. A zeroed session is accepted. */
void session_close(struct session *session);

#endif
