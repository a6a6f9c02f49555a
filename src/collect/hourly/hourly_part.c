/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/hourly/hourly_part.h"

#include <errno.h>
#include <string.h>

#include "collect/hourly/varint.h"

#define HOUR_NS (3600 * BW_S)
#define HOURS_MAX (INT64_MAX / HOUR_NS)
#define GROW 65536
#define ENTRY_MAX (2 * (HOURLY_NAME + VARINT_MAX) + 128)

/* How an entry begins. */
enum tag { TAG_VANTAGE = 1, TAG_TARGET, TAG_IPV4, TAG_IPV6 };

void hourly_part_init(struct hourly_part *part)
{
	*part = (struct hourly_part){.bytes = array_of(1)};
}

void hourly_part_fini(struct hourly_part *part)
{
	array_fini(&part->bytes);
}

void hourly_part_clear(struct hourly_part *part)
{
	part->bytes.count = 0;
	part->vantage[0] = part->target[0] = '\0';
	part->hour = 0;
}

/* Writes NAME, unless it holds already. */
static uint8_t *put_name(uint8_t *to, enum tag tag, const char *name, char holds[HOURLY_NAME])
{
	size_t length;

	if (strcmp(name, holds) == 0)
		return to;
	length = strlen(name);
	memcpy(holds, name, length + 1);
	*to++ = (uint8_t)tag;
	to = varint_put(to, length);
	memcpy(to, holds, length);
	return to + length;
}

static uint8_t network_length(const struct record_block *block)
{
	return bw_prefix_covers(&block->network, &block->block) ? block->network.length
								: block->block.length;
}

static uint8_t *put_round(uint8_t *to, const struct record_block *block, int64_t hours)
{
	const struct bw_prefix *prefix = &block->block;
	const size_t length = (prefix->length + 7U) / 8;

	*to++ = prefix->addr.family == 4 ? TAG_IPV4 : TAG_IPV6;
	to = varint_put(to, varint_fold(hours));
	*to++ = prefix->length;
	*to++ = network_length(block);
	memcpy(to, prefix->addr.bytes, length);
	to = varint_put(to + length, block->sent);
	to = varint_put(to, block->replies);
	return varint_put(to,
			  block->replies > 0 ? hourly_bin(block->rtt_median_ns) : HOURLY_NO_RTT);
}

int hourly_part_add(struct hourly_part *part, const struct record *record)
{
	const struct record_block *block = &record->block;
	const int64_t hour = record->head.time.ns / HOUR_NS;
	uint8_t *begin, *to;

	if (record->type != RECORD_BLOCK || block->sent == 0 || record->head.time.ns < 0 ||
	    strlen(record->head.vantage) >= HOURLY_NAME || strlen(block->target) >= HOURLY_NAME)
		return 0;
	if (part->bytes.room - part->bytes.count < ENTRY_MAX &&
	    array_reserve(&part->bytes, GROW) < 0)
		return -ENOMEM;
	begin = array_at(&part->bytes, part->bytes.count);
	to = put_name(begin, TAG_VANTAGE, record->head.vantage, part->vantage);
	to = put_name(to, TAG_TARGET, block->target, part->target);
	to = put_round(to, block, hour - part->hour);
	part->hour = hour;
	part->bytes.count += (uint32_t)(to - begin);
	return 0;
}

void hourly_reader_init(struct hourly_reader *reader, const void *bytes, size_t length)
{
	*reader = (struct hourly_reader){.cursor = cursor_of(bytes, length)};
}

static void take_name(struct cursor *c, char name[HOURLY_NAME])
{
	const uint64_t length = varint_take(c);
	const uint8_t *text = length < HOURLY_NAME ? cursor_take(c, (size_t)length) : NULL;

	if (!text) {
		c->failed = true;
		return;
	}
	memcpy(name, text, (size_t)length);
	name[length] = '\0';
}

static void take_prefix(struct cursor *c, enum tag tag, struct hourly_entry *entry)
{
	struct bw_addr addr = {.family = tag == TAG_IPV4 ? 4 : 6};
	const uint8_t length = cursor_u8(c);
	const uint8_t *bytes;

	entry->network_length = cursor_u8(c);
	if (length > bw_addr_bits(&addr) || entry->network_length > length)
		c->failed = true;
	bytes = c->failed ? NULL : cursor_take(c, (length + 7U) / 8);
	if (!bytes)
		return;
	memcpy(addr.bytes, bytes, (length + 7U) / 8);
	entry->block = bw_prefix_of(&addr, length);
}

static void take_round(struct cursor *c, struct hourly_round *round)
{
	const uint64_t sent = varint_take(c), replies = varint_take(c), bin = varint_take(c);

	if (sent == 0 || sent > UINT32_MAX || replies > UINT32_MAX || bin > HOURLY_NO_RTT)
		c->failed = true;
	*round = (struct hourly_round){(uint32_t)sent, (uint32_t)replies, (unsigned)bin};
}

static bool take_entry(struct hourly_reader *reader, enum tag tag, struct hourly_entry *entry)
{
	struct cursor *c = &reader->cursor;

	const int64_t hours = varint_unfold(varint_take(c));

	if (hours < -HOURS_MAX || hours > HOURS_MAX)
		c->failed = true;
	else
		reader->hour += hours;
	*entry = (struct hourly_entry){.vantage = reader->vantage,
				       .target = reader->target,
				       .hour = reader->hour};
	take_prefix(c, tag, entry);
	take_round(c, &entry->round);
	return !c->failed && reader->hour >= 0 && reader->hour <= HOURS_MAX;
}

bool hourly_reader_next(struct hourly_reader *reader, struct hourly_entry *ret_entry)
{
	struct cursor *c = &reader->cursor;

	while (!c->failed && cursor_left(c) > 0) {
		const uint8_t tag = cursor_u8(c);

		if (tag == TAG_VANTAGE)
			take_name(c, reader->vantage);
		else if (tag == TAG_TARGET)
			take_name(c, reader->target);
		else if (tag == TAG_IPV4 || tag == TAG_IPV6)
			return take_entry(reader, (enum tag)tag, ret_entry);
		else
			return false;
	}
	return false;
}
