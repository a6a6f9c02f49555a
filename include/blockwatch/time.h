/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BLOCKWATCH_TIME_H
#define BLOCKWATCH_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/err.h>

/*
 * Monotonic time measures, wall time labels. They are different types, so that they cannot be
 * mixed. Both count nanoseconds. Only `sys` reads a clock.
 */
struct bw_mono {
	int64_t ns;
};
struct bw_wall {
	int64_t ns; /* since 1970-01-01T00:00:00Z */
};

/* One moment on both clocks. */
struct bw_now {
	struct bw_mono mono;
	struct bw_wall wall;
};

#define BW_US INT64_C(1000)
#define BW_MS INT64_C(1000000)
#define BW_S INT64_C(1000000000)

#define BW_NEVER ((struct bw_mono){INT64_MAX})

static inline struct bw_mono bw_mono_add(struct bw_mono t, int64_t ns)
{
	return (struct bw_mono){t.ns > INT64_MAX - (ns > 0 ? ns : 0) ? INT64_MAX : t.ns + ns};
}
static inline int64_t bw_mono_since(struct bw_mono later, struct bw_mono earlier)
{
	return later.ns - earlier.ns;
}
static inline bool bw_mono_before(struct bw_mono a, struct bw_mono b)
{
	return a.ns < b.ns;
}
static inline struct bw_mono bw_mono_max(struct bw_mono a, struct bw_mono b)
{
	return a.ns > b.ns ? a : b;
}

static inline struct bw_mono bw_mono_min(struct bw_mono a, struct bw_mono b)
{
	return a.ns < b.ns ? a : b;
}
/* The wall time of T by the offset between both clocks at NOW. */
static inline struct bw_wall bw_wall_of(struct bw_now now, struct bw_mono t)
{
	return (struct bw_wall){now.wall.ns - (now.mono.ns - t.ns)};
}

#define BW_WALL_TEXT 32     /* room for a wall time */
#define BW_DURATION_TEXT 32 /* room for a duration */

/* RFC 3339, UTC, microseconds: "2014-12-22T16:15:00.000000Z". Returns buffer. */
char *bw_wall_format(struct bw_wall time, char *buffer);

/* Parses that form, with 0 to 9 digits of fraction, "Z" or "+00:00": 0 or BW_ERR_SYNTAX. */
int bw_wall_parse(const char *text, struct bw_wall *ret_time);

/*
 * Parses a duration with its unit: "500ms", "10s", "11m", "2h", "3d", "1.5s". Returns 0 or one
 * of: BW_ERR_SYNTAX for no number or no unit; BW_ERR_VALUE for a negative one or one of more
 * than 100 years.
 */
int bw_duration_parse(const char *text, int64_t *ret_ns, struct bw_err *err);

/* For people: "9 h 31 min", "12 s", "1.5 s", "38 ms". Returns buffer. */
char *bw_duration_format(int64_t ns, char *buffer);

#endif
