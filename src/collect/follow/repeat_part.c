/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/repeat_part.h"

#include <errno.h>
#include <string.h>

#include "collect/hourly/varint.h"

#define GROW 65536
#define ENTRY_MAX (2 * (1 + VARINT_MAX) + 2 + 16 + VARINT_MAX) /* without the names */

/* How an entry begins. */
enum tag {
	TAG_VANTAGE = 1,
	TAG_TARGET,
	TAG_IPV4,
	TAG_IPV6,
	TAG_CONDITIONS = 16, /* beside that of a family */
};

/* Writes NAME with its terminator, unless it holds already. */
static uint8_t *put_name(uint8_t *to, enum tag tag, const char *name, const char **holds)
{
	const size_t length = strlen(name) + 1;

	if (*holds && strcmp(name, *holds) == 0)
		return to;
	*holds = name;
	*to++ = (uint8_t)tag;
	to = varint_put(to, length);
	memcpy(to, name, length);
	return to + length;
}

static uint8_t *put_block(uint8_t *to, const struct repeat *repeat)
{
	const struct bw_prefix *block = &repeat->block;
	const size_t length = (block->length + 7U) / 8;

	*to++ = (uint8_t)((block->addr.family == 4 ? TAG_IPV4 : TAG_IPV6) |
			  (repeat->has_conditions ? TAG_CONDITIONS : 0));
	*to++ = block->length;
	memcpy(to, block->addr.bytes, length);
	return to + length;
}

int repeat_part_add(struct repeat_part *part, const struct repeat *repeat)
{
	const size_t needed = ENTRY_MAX + strlen(repeat->vantage) + strlen(repeat->target) + 2;
	uint8_t *begin, *to;

	if (part->bytes.room - part->bytes.count < needed &&
	    array_reserve(&part->bytes, (uint32_t)needed + GROW) < 0)
		return -ENOMEM;
	begin = array_at(&part->bytes, part->bytes.count);
	to = put_name(begin, TAG_VANTAGE, repeat->vantage, &part->vantage);
	to = put_name(to, TAG_TARGET, repeat->target, &part->target);
	to = put_block(to, repeat);
	to = varint_put(to, varint_fold(repeat->said_ns - part->said_ns));
	part->said_ns = repeat->said_ns;
	part->bytes.count += (uint32_t)(to - begin);
	return 0;
}

void repeat_reader_init(struct repeat_reader *reader, const void *bytes, size_t length)
{
	*reader = (struct repeat_reader){.cursor = cursor_of(bytes, length)};
}

static const char *take_name(struct cursor *c)
{
	const uint64_t length = varint_take(c);
	const uint8_t *text =
		length > 0 && length <= cursor_left(c) ? cursor_take(c, (size_t)length) : NULL;

	if (text && text[length - 1] == '\0')
		return (const char *)text;
	c->failed = true;
	return NULL;
}

static struct bw_prefix take_block(struct cursor *c, unsigned tag)
{
	struct bw_addr addr = {.family = tag == TAG_IPV4 ? 4 : 6};
	const uint8_t length = cursor_u8(c);
	const uint8_t *bytes = NULL;

	if (length <= bw_addr_bits(&addr))
		bytes = cursor_take(c, (length + 7U) / 8);
	if (!bytes) {
		c->failed = true;
		return (struct bw_prefix){.length = 0};
	}
	memcpy(addr.bytes, bytes, (length + 7U) / 8);
	return bw_prefix_of(&addr, length);
}

static bool take_repeat(struct repeat_reader *reader, unsigned tag, struct repeat *ret_repeat)
{
	struct cursor *c = &reader->cursor;
	const struct bw_prefix block = take_block(c, tag & ~(unsigned)TAG_CONDITIONS);

	reader->said_ns =
		(int64_t)((uint64_t)reader->said_ns + (uint64_t)varint_unfold(varint_take(c)));
	*ret_repeat = (struct repeat){.vantage = reader->vantage,
				      .target = reader->target,
				      .block = block,
				      .said_ns = reader->said_ns,
				      .has_conditions = (tag & TAG_CONDITIONS) != 0};
	return !c->failed && reader->vantage && reader->target && reader->said_ns >= 0;
}

bool repeat_reader_next(struct repeat_reader *reader, struct repeat *ret_repeat)
{
	struct cursor *c = &reader->cursor;

	while (!c->failed && cursor_left(c) > 0) {
		const unsigned tag = cursor_u8(c), family = tag & ~(unsigned)TAG_CONDITIONS;

		if (tag == TAG_VANTAGE)
			reader->vantage = take_name(c);
		else if (tag == TAG_TARGET)
			reader->target = take_name(c);
		else if (family == TAG_IPV4 || family == TAG_IPV6)
			return take_repeat(reader, tag, ret_repeat);
		else
			return false;
	}
	return false;
}
