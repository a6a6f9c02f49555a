/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/blocked.h"

#include "base/addr/addr_key.h"

/* An IPv6 prefix behind which the bits of an IPv4 address follow. */
static const struct form {
	struct addr_key first;
	uint8_t length;
} forms[] = {
	{{0, UINT64_C(0x0000ffff00000000)}, 96},
	{{UINT64_C(0x0064ff9b00000000), 0}, 96},
	{{UINT64_C(0x2002000000000000), 0}, 16},
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

/* The IPv4 prefix in an IPv6 prefix of one of the forms. */
static bool find_embedded(const struct bw_prefix *prefix, struct bw_prefix *ret_prefix)
{
	struct addr_key key = addr_key_of(&prefix->addr);

	for (size_t i = 0; i < FORMS && prefix->addr.family == 6; i++) {
		const struct form *form = &forms[i];
		unsigned length;
		uint64_t bits;

		if (prefix->length < form->length ||
		    !addr_key_matches(key, form->first, form->length))
			continue;
		bits = form->length == 96 ? key.lo : key.hi >> 16;
		length = prefix->length - (unsigned)form->length;
		ret_prefix->addr = bw_addr_from_v4((uint32_t)bits);
		ret_prefix->length = (uint8_t)(length < 32 ? length : 32);
		return true;
	}
	return false;
}

/* Whether the prefix contains a whole form. */
static bool contains_form(const struct bw_prefix *prefix)
{
	struct addr_key key = addr_key_of(&prefix->addr);

	for (size_t i = 0; i < FORMS && prefix->addr.family == 6; i++)
		if (prefix->length < forms[i].length &&
		    addr_key_matches(key, forms[i].first, prefix->length))
			return true;
	return false;
}

bool blocked_has(const struct prefix_set *blocklist, const struct bw_addr *addr)
{
	struct bw_prefix prefix = {*addr, (uint8_t)bw_addr_bits(addr)}, inner;

	return prefix_set_find(blocklist, addr, NULL, NULL) ||
	       (find_embedded(&prefix, &inner) &&
		prefix_set_find(blocklist, &inner.addr, NULL, NULL));
}

bool blocked_covers(const struct prefix_set *blocklist, const struct bw_prefix *prefix)
{
	struct bw_prefix inner;

	return prefix_set_covers(blocklist, prefix) ||
	       (find_embedded(prefix, &inner) && prefix_set_covers(blocklist, &inner));
}

bool blocked_overlaps(const struct prefix_set *blocklist, const struct bw_prefix *prefix)
{
	struct bw_prefix inner;

	if (prefix_set_overlaps(blocklist, prefix))
		return true;
	if (find_embedded(prefix, &inner))
		return prefix_set_overlaps(blocklist, &inner);
	return contains_form(prefix) && prefix_set_count(blocklist) > 0;
}
