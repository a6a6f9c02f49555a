/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/encode_condition.h"

#include "report/record/put.h"

static void put_rtt(struct json_out *out, const struct record_condition *condition)
{
	json_out_key(out, "rtt_ms");
	if (condition->rtt_usual_ns < 0 || condition->rtt_now_ns < 0) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	put_ms(out, "usual", condition->rtt_usual_ns);
	put_ms(out, "now", condition->rtt_now_ns);
	json_out_object_end(out);
}

void encode_condition(struct json_out *out, const struct record_condition *condition)
{
	put_string(out, "target", condition->target);
	put_string(out, "scope", bw_scope_name(condition->scope));
	put_string(out, "subject", condition->subject);
	put_string(out, "condition", bw_range_name(condition->condition));
	put_time(out, "since", condition->since);
	put_time(out, "until", condition->until);
	json_out_key(out, "loss");
	json_out_object(out);
	put_number(out, "usual", condition->loss_usual, PUT_UNIT_DECIMALS);
	put_number(out, "now", condition->loss_now, PUT_UNIT_DECIMALS);
	json_out_object_end(out);
	put_rtt(out, condition);
}
