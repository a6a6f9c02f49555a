/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_ZONE_H
#define TARGET_ZONE_H

#include <stddef.h>

#include <blockwatch/time.h>

/*
 * A time zone of tzdata (RFC 9636): what the clocks of people there show. Times after the last
 * transition of the file follow its rule for the years to come.
 */
struct zone;

/* Reads a zone by its name, such as "Pacific/Funafuti". NULL: this machine does not have it. */
struct zone *zone_read(const char *name);

/* The same from memory. NULL: it is damaged, or memory ran out. */
struct zone *zone_parse(const void *bytes, size_t length);

/* NULL is allowed. */
void zone_free(struct zone *zone);

/* Seconds that local time is ahead of UTC at TIME. */
int32_t zone_offset_s(const struct zone *zone, struct bw_wall time);

#endif
