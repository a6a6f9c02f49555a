/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr/addr_range.h"

#include "base/addr/addr_key.h"

int addr_range_init(struct addr_range *range, const struct bw_addr *first,
		    const struct bw_addr *last)
{
	if (first->family != last->family || bw_addr_compare(first, last) > 0)
		return BW_ERR_VALUE;
	*range = (struct addr_range){*first, *last};
	return 0;
}

/* The length of the largest prefix that begins at FIRST and ends at or before LAST. */
static unsigned find_length(struct addr_key first, struct addr_key last, unsigned bits)
{
	unsigned length = bits;

	while (length > 0 && addr_key_equal(addr_key_first(first, length - 1), first) &&
	       !addr_key_less(last, addr_key_last(first, length - 1)))
		length--;
	return length;
}

bool addr_range_take(struct addr_range *range, struct bw_prefix *ret_prefix)
{
	unsigned bits = bw_addr_bits(&range->first);
	struct addr_key first = addr_key_of(&range->first), last, end;

	if (bits == 0)
		return false;
	last = addr_key_last(addr_key_of(&range->last), bits);
	*ret_prefix = (struct bw_prefix){range->first, (uint8_t)find_length(first, last, bits)};
	end = addr_key_last(first, ret_prefix->length);
	if (addr_key_equal(end, last)) {
		*range = (struct addr_range){0};
		return true;
	}
	end.lo++;
	end.hi += end.lo == 0;
	range->first = addr_key_addr(end, range->first.family);
	return true;
}
