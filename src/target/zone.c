/* SPDX-License-Identifier: Apache-2.0 */
#include "target/zone.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/file/file.h"
#include "target/zone_rule.h"

#define FOLDER "/usr/share/zoneinfo"
#define HEADER 44 /* bytes */
#define TYPE 6    /* bytes of a local time type */

struct zone {
	int64_t *times;   /* of the transitions, seconds since 1970, ascending */
	int32_t *offsets; /* from each of them on; first: before all of them */
	uint32_t count;   /* of the transitions */
	bool has_rule;
	struct zone_rule rule; /* after the last one */
};

/* A part of a file: the header says how many of each. */
struct part {
	uint32_t utc, standard, leaps, times, types, chars;
	size_t time_size; /* bytes: 4, in the second part 8 */
};

static uint32_t load32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return be32toh(value);
}

static int64_t load64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return (int64_t)be64toh(value);
}

static bool read_header(const uint8_t *at, size_t left, size_t time_size, struct part *part)
{
	if (left < HEADER || memcmp(at, "TZif", 4) != 0)
		return false;
	*part = (struct part){load32(at + 20), load32(at + 24), load32(at + 28), load32(at + 32),
			      load32(at + 36), load32(at + 40), time_size};
	return true;
}

static uint64_t size_of(const struct part *part)
{
	return HEADER + (uint64_t)part->times * (part->time_size + 1) +
	       (uint64_t)part->types * TYPE + part->chars +
	       (uint64_t)part->leaps * (part->time_size + 4) + part->standard + part->utc;
}

static bool fill(struct zone *zone, const uint8_t *at, const struct part *part)
{
	const uint8_t *kinds = at + HEADER + part->times * part->time_size;
	const uint8_t *types = kinds + part->times;

	zone->times = (int64_t *)calloc(part->times + 1, sizeof(*zone->times));
	zone->offsets = (int32_t *)calloc(part->times + 1, sizeof(*zone->offsets));
	if (!zone->times || !zone->offsets || part->types == 0)
		return false;
	zone->offsets[0] = (int32_t)load32(types);
	for (uint32_t i = 0; i < part->times; i++) {
		if (kinds[i] >= part->types)
			return false;
		zone->times[i] = load64(at + HEADER + i * part->time_size);
		zone->offsets[i + 1] = (int32_t)load32(types + kinds[i] * TYPE);
	}
	zone->count = part->times;
	return true;
}

/* The part with times of 64 bits, which begins behind the first one. */
static bool parse(struct zone *zone, const uint8_t *at, size_t length)
{
	struct part part;
	uint64_t size;

	if (!read_header(at, length, 4, &part) || at[4] < '2' || size_of(&part) >= length)
		return false;
	size = size_of(&part);
	at += size;
	length -= size;
	if (!read_header(at, length, 8, &part) || size_of(&part) > length || !fill(zone, at, &part))
		return false;
	size = size_of(&part);
	zone->has_rule = zone_rule_parse((const char *)at + size, length - size, &zone->rule);
	return true;
}

struct zone *zone_parse(const void *bytes, size_t length)
{
	struct zone *zone = (struct zone *)calloc(1, sizeof(*zone));

	if (zone && parse(zone, (const uint8_t *)bytes, length))
		return zone;
	zone_free(zone);
	return NULL;
}

struct zone *zone_read(const char *name)
{
	struct zone *zone;
	char path[256], *bytes;
	size_t length;

	if (snprintf(path, sizeof(path), "%s/%s", FOLDER, name) >= (int)sizeof(path) ||
	    file_read(path, &bytes, &length, NULL) < 0)
		return NULL;
	zone = zone_parse(bytes, length);
	free(bytes);
	return zone;
}

void zone_free(struct zone *zone)
{
	if (!zone)
		return;
	free(zone->times);
	free(zone->offsets);
	free(zone);
}

int32_t zone_offset_s(const struct zone *zone, struct bw_wall time)
{
	int64_t second = time.ns / BW_S - (time.ns % BW_S < 0);
	uint32_t low = 0, high = zone->count;

	if (zone->has_rule && (high == 0 || second >= zone->times[high - 1]))
		return zone_rule_offset_s(&zone->rule, second);
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (zone->times[middle] <= second)
			low = middle + 1;
		else
			high = middle;
	}
	return zone->offsets[low];
}
