/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/decode_path.h"

static const char *kind_name(unsigned index)
{
	return path_kind_name(index);
}

static const char *direction_name(unsigned index)
{
	return path_direction_name(index);
}

static void take_place(struct take *take, const char *key, struct record_place *place)
{
	struct node node;
	struct take inner;

	*place = (struct record_place){.ttl = 0};
	if (!take_has(take, key))
		return;
	inner = take_object(take, key, &node);
	place->ttl = (uint8_t)take_unsigned(&inner, "ttl", 1, PATH_TTL_MAX);
	place->from = take_addr(&inner, "from");
	if (take_has(&inner, "asn"))
		place->asn = (uint32_t)take_unsigned(&inner, "asn", 1, UINT32_MAX);
	take_close(take, &inner);
}

const struct record_path *decode_path(struct take *take, struct decode_path_memory *memory)
{
	struct record_path *path = &memory->path;
	struct node node;
	struct take inner;

	if (!take_may_have(take, "path"))
		return NULL;
	*path = (struct record_path){.shared = 0};
	inner = take_object(take, "path", &node);
	take_place(&inner, "last", &path->last);
	take_place(&inner, "next", &path->next);
	path->kind = (enum path_kind)take_word(&inner, "kind", PATH_KINDS, kind_name);
	if (take_has(&inner, "from"))
		path->from = take_addr(&inner, "from");
	path->direction = (enum path_direction)take_word(&inner, "direction", PATH_DIRECTIONS,
							 direction_name);
	path->shared = take_small(&inner, "shared");
	path->exempt_count = take_prefixes(&inner, "exempt", RECORD_EXEMPT_MAX, memory->exempt);
	path->exempt = memory->exempt;
	path->text = take_text(&inner, "text");
	take_close(take, &inner);
	return path;
}
