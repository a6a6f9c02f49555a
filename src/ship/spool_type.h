/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_SPOOL_TYPE_H
#define SHIP_SPOOL_TYPE_H

/*
 * The types of records that `run` makes, in the order in which a full spool drops them: the
 * first goes first, events go last.
 */
#define SPOOL_TYPE_LIST(X)              \
	X(SPOOL_PROBE, "probe")         \
	X(SPOOL_BLOCK, "block")         \
	X(SPOOL_VANTAGE, "vantage")     \
	X(SPOOL_TRACE, "trace")         \
	X(SPOOL_TARGET, "target")       \
	X(SPOOL_CONDITION, "condition") \
	X(SPOOL_EVENT, "event")

enum spool_type {
#define X(name, text) name,
	SPOOL_TYPE_LIST(X)
#undef X
};
enum {
#define X(name, text) +1
	SPOOL_TYPES = 0 SPOOL_TYPE_LIST(X), /* how many there are */
#undef X
};

#endif
