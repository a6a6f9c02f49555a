/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/put.h"

void put_string(struct json_out *out, const char *key, const char *value)
{
	json_out_key(out, key);
	json_out_string(out, value);
}

void put_uint(struct json_out *out, const char *key, uint64_t value)
{
	json_out_key(out, key);
	json_out_uint(out, value);
}

void put_number(struct json_out *out, const char *key, double value, int decimals)
{
	json_out_key(out, key);
	json_out_number(out, value, decimals);
}

void put_time(struct json_out *out, const char *key, struct bw_wall time)
{
	json_out_key(out, key);
	json_out_time(out, time);
}

void put_prefix(struct json_out *out, const char *key, const struct bw_prefix *prefix)
{
	char text[BW_PREFIX_TEXT];

	put_string(out, key, bw_prefix_format(prefix, text));
}

void put_ms(struct json_out *out, const char *key, int64_t ns)
{
	put_number(out, key, (double)ns / (double)BW_MS, PUT_UNIT_DECIMALS);
}

void put_addr(struct json_out *out, const char *key, const struct bw_addr *addr)
{
	char text[BW_ADDR_TEXT];

	put_string(out, key, bw_addr_format(addr, text));
}
