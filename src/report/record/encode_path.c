/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/encode_path.h"

#include "report/record/put.h"

static void put_place(struct json_out *out, const char *key, const struct record_place *place)
{
	json_out_key(out, key);
	if (place->ttl == 0) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	put_uint(out, "ttl", place->ttl);
	put_addr(out, "from", &place->from);
	json_out_key(out, "asn");
	if (place->asn)
		json_out_uint(out, place->asn);
	else
		json_out_null(out);
	json_out_object_end(out);
}

static void put_exempt(struct json_out *out, const struct record_path *path)
{
	json_out_key(out, "exempt");
	json_out_array(out);
	for (uint32_t n = 0; n < path->exempt_count && n < RECORD_EXEMPT_MAX; n++) {
		char text[BW_PREFIX_TEXT];

		json_out_string(out, bw_prefix_format(&path->exempt[n], text));
	}
	json_out_array_end(out);
}

void encode_path_value(struct json_out *out, const struct record_path *path)
{
	if (!path) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	put_place(out, "last", &path->last);
	put_place(out, "next", &path->next);
	put_string(out, "kind", path_kind_name(path->kind));
	if (path->from.family) {
		put_addr(out, "from", &path->from);
	} else {
		json_out_key(out, "from");
		json_out_null(out);
	}
	put_string(out, "direction", path_direction_name(path->direction));
	put_uint(out, "shared", path->shared);
	put_exempt(out, path);
	put_string(out, "text", path->text);
	json_out_object_end(out);
}

void encode_path(struct json_out *out, const struct record_path *path)
{
	json_out_key(out, "path");
	encode_path_value(out, path);
}
