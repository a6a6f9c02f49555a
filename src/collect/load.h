/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_LOAD_H
#define COLLECT_LOAD_H

#include "collect/collector.h"

/*
 * What the collector keeps in memory of its store: what was taken, the fleet, the board, events to
 * dark. All of it is read as of one moment.
 */

/*
 * Fills a collector that has nothing yet; its store, the configured vantages, and the quorum
 * and the horizon of the board, are set. Returns as the store, or -ENOMEM.
 */
int load(struct collector *collector, struct bw_err *err);

/* Frees what load() has made. Accepts {0}. */
void load_fini(struct collector *collector);

/*
 * Reads all anew, after other collectors have written what did not come here. Until that has
 * succeeded all stays as it was. Returns as load().
 */
int load_again(struct collector *collector, struct bw_err *err);

#endif
