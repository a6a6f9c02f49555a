/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_COMMON_H
#define CONF_COMMON_H

#include <blockwatch/method.h>

#include "conf/options/options.h"

/*
 * The options that all commands share which probe. A command that probes has a
 * `struct conf_probing` in its values and a group made by
 * CONF_PROBING_GROUP(offsetof(struct its_values, its_member)).
 */
struct conf_probing {
	const char *interface;           /* NULL: as the routing table says */
	struct options_addresses source; /* per family; family 0: as the routing table says */
	struct bw_methods methods;       /* count 0: those of the target and its hosts */
	double rate_pps;
	int64_t timeout_ns;
	bool allow_reserved;
	struct options_texts blocklists; /* files */
	struct options_texts references; /* addresses or TARGETs */
	bool dry_run;
	uint64_t seed; /* 0: random */
	bool v4, v6;   /* -4, -6; both or neither: all addresses */
	bool resolve;  /* host names, too */
};

/* The family that -4 and -6 leave: 4, 6, or 0 for both. */
static inline int conf_family(bool v4, bool v6)
{
	return v4 == v6 ? 0 : v4 ? 4 : 6;
}

/* Of each command that has -4 and -6, or --resolve. */
#define CONF_V4_HELP "IPv4 only: IPv6 networks and references are left out"
#define CONF_V6_HELP "IPv6 only: IPv4 networks and references are left out"
#define CONF_RESOLVE_HELP                                                                \
	"look up a TARGET that is a host name, such as www.example.org, and probe its addresses"

#define CONF_RATE_MIN 0.1
#define CONF_RATE_MAX 10e6
#define CONF_TIMEOUT_MIN_S 0.01
#define CONF_TIMEOUT_MAX_S 60.0

#define CONF_PROBING_COUNT 13
extern const struct options_item conf_probing_items[CONF_PROBING_COUNT];

#define CONF_PROBING_GROUP(offset)                                                       \
	{                                                                                \
		"Probing", conf_probing_items, CONF_PROBING_COUNT, (offset)              \
	}

/* The same options for traceroute: more methods, no references. */
#define CONF_TRACING_COUNT (CONF_PROBING_COUNT - 1)
extern const struct options_item conf_tracing_items[CONF_TRACING_COUNT];

#define CONF_TRACING_GROUP(offset)                                                       \
	{                                                                                \
		"Probing", conf_tracing_items, CONF_TRACING_COUNT, (offset)              \
	}

/*
 * The exit codes that every command has (64 to 77), as the tail of a table of struct
 * options_exit; it ends the table too.
 */
#define CONF_COMMON_EXITS                                                                \
	{64, "wrong usage"}, {65, "bad input data"}, {66, "missing input"},              \
		{69, "a service is unavailable, or standard output was closed"},         \
		{70, "internal error"}, {77, "missing privilege"},                       \
	{                                                                                \
		0, NULL                                                                  \
	}

#endif
