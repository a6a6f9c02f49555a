/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/decode_condition.h"

enum {
#define X(name, text) +1
	SCOPES = 0 BW_SCOPE_LIST(X),
#undef X
};

static const char *scope_name(unsigned index)
{
	return bw_scope_name((enum bw_scope)index);
}

static const char *range_name(unsigned index)
{
	return bw_range_name((enum bw_range)index);
}

static void take_loss(struct take *take, struct record_condition *condition)
{
	struct node node;
	struct take loss = take_object(take, "loss", &node);

	condition->loss_usual = take_number(&loss, "usual", 1);
	condition->loss_now = take_number(&loss, "now", 1);
	take_close(take, &loss);
}

static void take_rtt(struct take *take, struct record_condition *condition)
{
	struct node node;
	struct take rtt;

	condition->rtt_usual_ns = condition->rtt_now_ns = -1;
	if (!take_has(take, "rtt_ms"))
		return;
	rtt = take_object(take, "rtt_ms", &node);
	condition->rtt_usual_ns = take_ms(&rtt, "usual");
	condition->rtt_now_ns = take_ms(&rtt, "now");
	take_close(take, &rtt);
}

void decode_condition(struct take *take, struct record_condition *condition)
{
	condition->target = take_text(take, "target");
	condition->scope = (enum bw_scope)take_word(take, "scope", SCOPES, scope_name);
	condition->subject = take_subject(take, "subject", condition->scope);
	condition->condition = (enum bw_range)take_word(take, "condition", BW_RANGES, range_name);
	condition->since = take_time(take, "since");
	condition->until = take_time_or_null(take, "until");
	take_loss(take, condition);
	take_rtt(take, condition);
}
