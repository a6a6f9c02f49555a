/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CHECK_DRY_RUN_H
#define APP_CHECK_DRY_RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "app/common/session.h"
#include "vantage/ledger/memory.h"

/*
 * `check --dry-run`: prints to OUT which hosts a check would probe, and how. A block lists no more
 * hosts than a check would try (EVIDENCE_MAX), those that MEMORY knows first. The hosts of all
 * blocks come first, then the sentinels (references and gateways). A line is ADDRESS METHOD BLOCK
 * TARGET, or with JSON an object with these fields. A host has one line for each of its methods.
 * An address that a block list names is left out. A host without a route is marked "(no route)",
 * with JSON "route": false. Logs a summary. Needs no privilege and no route. Sends nothing.
 * Returns 0 or -ENOMEM; errors of OUT stay in OUT.
 */
int dry_run_print(const struct session *session, const struct memory *memory, bool json, FILE *out,
		  struct bw_err *err);

#endif
