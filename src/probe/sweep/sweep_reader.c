/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_private.h"

#define TURNS_BACK 4 /* in which an answer without nonce is looked for */

/* Which of our methods an answer is about; -1: none. */
static int find_method(const struct sweep *sweep, struct bw_method method)
{
	for (unsigned m = 0; m < sweep->methods.count; m++)
		if (bw_method_equal(sweep->methods.list[m], method))
			return (int)m;
	return -1;
}

static uint32_t turn_now(const struct sweep *sweep)
{
	return (uint32_t)(sweep_load(&sweep->progress) / sweep->span);
}

/* The payload of an answer brings back nonce, time and full token of its probe. */
static enum reject match_payload(const struct sweep *sweep, const struct reply *reply,
			      struct bw_mono at, struct sweep_match *match)
{
	const struct token_payload *payload = &reply->payload;
	struct bw_mono sent = {payload->sent_us * BW_US};
	uint32_t turn = (uint32_t)(payload->nonce & UINT32_MAX);
	struct token token;

	if (!reply->has_payload)
		return REJECT_SPOOFED;
	token = token_make(&sweep->config.key, &reply->probed, reply->method, payload->nonce,
			   payload->sent_us, 0);
	if (token.full != payload->full || token.brief != reply->brief ||
	    payload->nonce != sweep_nonce_of(turn, sent) || turn > turn_now(sweep))
		return REJECT_SPOOFED;
	if (bw_mono_since(at, sent) > SWEEP_LISTEN_NS)
		return REJECT_STALE;
	match->turn = turn;
	match->sent = sent;
	return REJECT_NONE;
}

static bool is_brief(const struct reply *reply, const struct token *token)
{
	return reply->source_port == token->source_port &&
	       (reply->brief == token->brief || reply->alternate_brief == token->brief);
}

/* Others bring no nonce: it follows from when the address was asked. */
static enum reject match_brief(const struct sweep *sweep, const struct reply *reply,
			       struct bw_mono at, struct sweep_match *match)
{
	uint32_t turn = turn_now(sweep);
	uint64_t place;

	if (!sweep_order_find(&sweep->order, match->number, &place))
		return REJECT_SPOOFED;
	place += match->method * sweep->order.share;
	for (unsigned i = 0; i < TURNS_BACK && turn < UINT32_MAX; i++, turn--) {
		struct sweep_log_time time;
		struct token token;

		if (!sweep_log_find(&sweep->log, sweep_place_of(sweep, turn, place), &time))
			continue;
		token = token_make(&sweep->config.key, &reply->probed, reply->method,
				   sweep_nonce_of(turn, time.from), 0, 0);
		if (!is_brief(reply, &token))
			continue;
		match->turn = turn;
		match->sent = time.at;
		return bw_mono_since(at, time.from) > SWEEP_LISTEN_NS ? REJECT_STALE : REJECT_NONE;
	}
	return REJECT_SPOOFED;
}

bool sweep_count(struct sweep *sweep, const struct sweep_match *match, bool *ret_is_new)
{
	struct sweep_marks *marks = &sweep->marks;
	unsigned methods = sweep->methods.count;
	uint32_t layer = sweep_layer_of(sweep, sweep_pass_of(sweep, match->turn), match->method);

	if (sweep_marks_has(marks, layer, match->number)) {
		sweep->stats.duplicates++;
		return false;
	}
	*ret_is_new = !sweep_marks_any(marks, match->method, methods, match->number);
	sweep->stats.answered += !sweep_marks_any(marks, 0, 1, match->number);
	sweep->stats.replies++;
	sweep_marks_set(marks, layer, match->number);
	return true;
}

static void accept(struct sweep *sweep, const struct reply *reply, const struct sweep_match *match,
		   struct bw_mono at)
{
	int64_t rtt_ns = bw_mono_since(at, match->sent);
	struct sweep_answer answer = {
		.addr = reply->probed,
		.from = reply->from,
		.to = reply->to,
		.icmp_type = reply->icmp_type,
		.icmp_code = reply->icmp_code,
		.local_port = reply->source_port,
		.brief = reply->brief,
		.method = reply->method,
		.kind = reply->kind,
		.ttl = reply->ttl,
		.is_error = !reply_kind_is_answer(reply->kind,
						  bw_addr_equal(&reply->from, &reply->probed)),
		.sent = match->sent,
		.at = at,
		.rtt_ns = rtt_ns > 0 ? rtt_ns : 0,
	};

	if (answer.is_error)
		sweep->stats.errors++;
	else if (!sweep_count(sweep, match, &answer.is_new))
		return;
	sweep->stats.late += !answer.is_error && rtt_ns > sweep->config.late_ns;
	sweep->config.on_answer(sweep->config.self, &answer);
}

void sweep_receive(struct sweep *sweep, const struct bw_rx *rx)
{
	struct sweep_match match;
	struct reply reply;
	enum reject reject =
		reply_decode(rx->linktype, rx->bytes, rx->length, rx->wire_length, &reply);
	int method;

	if (reject == REJECT_NONE) {
		method = find_method(sweep, reply.method);
		if (method < 0 ||
		    !sweep_space_find(sweep->config.space, &reply.probed, &match.number))
			reject = REJECT_SPOOFED;
	}
	if (reject == REJECT_NONE) {
		match.method = (unsigned)method;
		reject = reply.proves_itself ? match_payload(sweep, &reply, rx->at, &match)
						  : match_brief(sweep, &reply, rx->at, &match);
	}
	if (reject != REJECT_NONE)
		sweep->stats.rejected[reject]++;
	else
		accept(sweep, &reply, &match, rx->at);
}
