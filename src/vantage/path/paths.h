/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATHS_H
#define VANTAGE_PATHS_H

#include "vantage/ledger/persist.h"
#include "vantage/path/path_tracing.h"

/*
 * The paths to what a vantage watches. While a unit (path_units.h) is up, its path is traced now
 * and then, and becomes its baseline. When a block goes dark or flaps, its path is traced
 * backwards, and where it ends goes into the event. An event on the way out of dark has no path.
 *
 * Therefore records pass through here on their way to the sink. An event to dark, partly dark or
 * flapping waits for its path, at most PATHS_WAIT_NS, and all records behind it wait as well, so
 * that seq counts up. That of a target waits for networks that fall meanwhile, too. What is told
 * of it later: path_targets.h.
 *
 * A path that ends at the vantage's own first hops makes the way out blind, and is no path of an
 * event. While something behind those hops answers, neither holds: the vantage is not at fault.
 */
#define PATHS_WAIT_NS (5 * BW_S)

struct paths;

struct paths_config {
	struct path_tracing_config tracing;
	struct record_sink sink; /* where records go from here */
};

/* Returns 0, -ENOMEM, or what tracer_new() says. paths_free() accepts NULL; it tells nothing. */
int paths_new(const struct paths_config *config, struct paths **ret_paths, struct bw_err *err);
void paths_free(struct paths *paths);

/* The usual paths, for a restart and a reload. */
const struct persist_paths *paths_persist(const struct paths *paths);

/* Takes a record of the ledger. */
void paths_put(struct paths *paths, const struct record *record);

/* Takes a frame. Returns false if it answers no probe of a trace. */
bool paths_receive(struct paths *paths, const struct bw_rx *rx);

/* As path_tracing_hear(). */
void paths_hear(struct paths *paths, const struct outcome *error);

/* Does what is due at the time of the ledger. */
void paths_tick(struct paths *paths);
struct bw_mono paths_deadline(const struct paths *paths);

/* Puts out all records that wait, with what is known of their paths. */
void paths_flush(struct paths *paths);

#endif
