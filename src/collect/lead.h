/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_LEAD_H
#define COLLECT_LEAD_H

#include "collect/store.h"

/*
 * Of several collectors over one store one leads (store.h). What it alone may write it writes in
 * transactions that begin here: one that has lost the lead meanwhile writes nothing.
 */

/* Whether this collector leads, as far as it is known without asking. */
bool lead_holds(const struct store *store);

/* Begins a transaction. Returns as the store, or BW_ERR_PRIVILEGE when another collector leads. */
int lead_begin(const struct store *store, struct bw_err *err);

#endif
