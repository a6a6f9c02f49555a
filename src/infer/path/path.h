/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_PATH_H
#define INFER_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>

/*
 * One path to a destination, as a trace has found it: what came back from each TTL. A TTL that
 * was not probed is UNASKED and says nothing.
 */
#define PATH_TTL_MAX 64

enum path_answer {
	PATH_UNASKED,
	PATH_SILENT,
	PATH_PASSED,  /* time exceeded: probes get there */
	PATH_REPLIED, /* the destination */
	PATH_REFUSED, /* an ICMP error that ends the way */
};

/* What is said of the end of a path. The names are those of records. */
#define PATH_KIND_LIST(X)                                              \
	X(PATH_KIND_SILENT, "silent")                                  \
	X(PATH_KIND_NET_UNREACHABLE, "net-unreachable")                \
	X(PATH_KIND_HOST_UNREACHABLE, "host-unreachable")              \
	X(PATH_KIND_PROHIBITED, "prohibited")                          \
	X(PATH_KIND_LOOP, "loop")                                      \
	X(PATH_KIND_REACHED, "reached") /* the destination answered */ \
	X(PATH_KIND_UNKNOWN, "unknown")

enum path_kind {
#define X(name, text) name,
	PATH_KIND_LIST(X)
#undef X
};
enum {
#define X(name, text) +1
	PATH_KINDS = 0 PATH_KIND_LIST(X),
#undef X
};

/* Whether it is known that the way out is broken: of silence it may be the way back. */
#define PATH_DIRECTION_LIST(X)               \
	X(PATH_DIRECTION_UNKNOWN, "unknown") \
	X(PATH_DIRECTION_FORWARD, "forward")

enum path_direction {
#define X(name, text) name,
	PATH_DIRECTION_LIST(X)
#undef X
};
enum {
#define X(name, text) +1
	PATH_DIRECTIONS = 0 PATH_DIRECTION_LIST(X),
#undef X
};

/* The names, "?" for a number that is none. */
const char *path_kind_name(unsigned kind);
const char *path_direction_name(unsigned direction);

struct path_hop {
	struct bw_addr from; /* family 0: UNASKED or SILENT */
	uint8_t answer;      /* enum path_answer */
	uint8_t refusal;     /* of REFUSED: an enum path_kind */
};

struct path {
	struct bw_addr destination;
	uint8_t end;    /* the highest TTL that counts; at most PATH_TTL_MAX */
	bool reached;   /* hops[end] is the destination */
	bool loops;     /* the hops repeat up to hops[end] */
	bool completed; /* false: the trace was ended early, its silences prove nothing */
	struct path_hop hops[PATH_TTL_MAX + 1]; /* by TTL, from 1 */
};

/* The highest TTL up to TTL that PASSED; 0: none. */
uint8_t path_last_passed(const struct path *path, uint8_t ttl);

/* The lowest TTL that REFUSED; 0: none. */
uint8_t path_first_refusal(const struct path *path);

#endif
