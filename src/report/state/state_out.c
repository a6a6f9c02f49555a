/* SPDX-License-Identifier: Apache-2.0 */
#include "report/state/state_out.h"

#include <math.h>

void state_out_text(struct json_out *out, const char *key, const char *text)
{
	json_out_key(out, key);
	json_out_string(out, text);
}

void state_out_prefix(struct json_out *out, const char *key, const struct bw_prefix *prefix)
{
	char text[BW_PREFIX_TEXT];

	state_out_text(out, key, bw_prefix_format(prefix, text));
}

void state_out_integer(struct json_out *out, const char *key, int64_t value)
{
	if (value == 0)
		return;
	json_out_key(out, key);
	json_out_int(out, value);
}

void state_out_number(struct json_out *out, const char *key, double value)
{
	if (fabs(value) < 0.5e-6)
		return;
	json_out_key(out, key);
	json_out_number(out, value, 6);
}

void state_out_flag(struct json_out *out, const char *key, bool flag)
{
	if (!flag)
		return;
	json_out_key(out, key);
	json_out_bool(out, flag);
}

void state_out_chance(struct json_out *out, const char *key, double chance)
{
	if (chance < 0)
		return;
	json_out_key(out, key);
	json_out_number(out, chance, 4);
}
