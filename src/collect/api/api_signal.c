/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_signal.h"

void api_signal_begin(struct json_out *out, const struct api_signal *signal)
{
	json_out_object(out);
	json_out_key(out, "entityType");
	json_out_string(out, signal->type);
	json_out_key(out, "entityCode");
	json_out_string(out, signal->code);
	json_out_key(out, "entityName");
	json_out_string(out, signal->name);
	json_out_key(out, "datasource");
	json_out_string(out, signal->datasource);
	json_out_key(out, "from");
	json_out_int(out, signal->from_s);
	json_out_key(out, "until");
	json_out_int(out, signal->until_s);
	json_out_key(out, "step");
	json_out_int(out, signal->step_s);
	json_out_key(out, "nativeStep");
	json_out_int(out, signal->native_step_s);
	json_out_key(out, "blocks");
	json_out_uint(out, signal->blocks);
	json_out_key(out, "values");
	json_out_array(out);
}

void api_signal_end(struct json_out *out)
{
	json_out_array_end(out);
	json_out_object_end(out);
}
