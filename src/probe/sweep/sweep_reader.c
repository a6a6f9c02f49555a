/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_reader.h"

#include "wire/reply.h"
#include "wire/token.h"

#define ATTEMPTS_BACK 4 /* in which an answer without nonce is looked for */

/* The probe that an answer belongs to. */
struct match {
	uint64_t number;
	unsigned method;
	uint32_t attempt;
	struct bw_mono sent;
};

/* The payload of an answer brings back nonce, time and full token of its probe. */
static enum reject match_payload(const struct sweep_reader *reader, const struct reply *reply,
				 struct bw_mono at, struct match *match)
{
	const struct token_payload *payload = &reply->payload;
	struct bw_mono sent = {payload->sent_us * BW_US};
	uint32_t attempt = (uint32_t)(payload->nonce & UINT32_MAX);
	struct token token;

	if (!reply->has_payload)
		return REJECT_SPOOFED;
	token = token_make(&reader->config->key, &reply->probed, reply->method, payload->nonce,
			   payload->sent_us, 0);
	if (token.full != payload->full || token.brief != reply->brief ||
	    payload->nonce != sweep_layout_nonce(attempt, sent) ||
	    attempt > sweep_sender_attempt(reader->sender))
		return REJECT_SPOOFED;
	if (bw_mono_since(at, sent) > SWEEP_LISTEN_NS)
		return REJECT_STALE;
	match->attempt = attempt;
	match->sent = sent;
	return REJECT_NONE;
}

static bool is_brief(const struct reply *reply, const struct token *token)
{
	return reply->source_port == token->source_port &&
	       (reply->brief == token->brief || reply->alternate_brief == token->brief);
}

/* Others bring no nonce: it follows from when the address was asked. */
static enum reject match_brief(const struct sweep_reader *reader, const struct reply *reply,
			       struct bw_mono at, struct match *match)
{
	uint32_t attempt = sweep_sender_attempt(reader->sender);
	uint64_t cursor;

	if (!sweep_layout_find(reader->layout, match->number, match->method, &cursor))
		return REJECT_SPOOFED;
	for (unsigned i = 0; i < ATTEMPTS_BACK && attempt < UINT32_MAX; i++, attempt--) {
		struct sweep_log_time time;
		struct token token;

		if (!sweep_log_find(&reader->sender->log,
				    sweep_layout_place(reader->layout, attempt, cursor), &time))
			continue;
		token = token_make(&reader->config->key, &reply->probed, reply->method,
				   sweep_layout_nonce(attempt, time.from), 0, 0);
		if (!is_brief(reply, &token))
			continue;
		match->attempt = attempt;
		match->sent = time.at;
		return bw_mono_since(at, time.from) > SWEEP_LISTEN_NS ? REJECT_STALE : REJECT_NONE;
	}
	return REJECT_SPOOFED;
}

/* Counts an answer and marks its address; false for a second copy. */
static bool count(struct sweep_reader *reader, const struct match *match, bool *ret_is_new)
{
	struct sweep_marks *marks = reader->marks;
	unsigned methods = reader->layout->methods.count;
	uint32_t layer = sweep_layout_layer(reader->layout,
					    sweep_layout_pass(reader->layout, match->attempt),
					    match->method);

	if (sweep_marks_has(marks, layer, match->number)) {
		reader->stats.duplicates++;
		return false;
	}
	*ret_is_new = !sweep_marks_any(marks, match->method, methods, match->number);
	reader->stats.answered += !sweep_marks_any(marks, 0, 1, match->number);
	reader->stats.replies++;
	sweep_marks_set(marks, layer, match->number);
	return true;
}

static void accept(struct sweep_reader *reader, const struct reply *reply,
		   const struct match *match, struct bw_mono at)
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
		reader->stats.errors++;
	else if (!count(reader, match, &answer.is_new))
		return;
	reader->stats.late += !answer.is_error && rtt_ns > reader->config->late_ns;
	reader->config->on_answer(reader->config->self, &answer);
}

void sweep_reader_receive(struct sweep_reader *reader, const struct bw_rx *rx)
{
	struct match match;
	struct reply reply;
	enum reject reject =
		reply_decode(rx->linktype, rx->bytes, rx->length, rx->wire_length, &reply);
	int method;

	if (reject == REJECT_NONE) {
		method = sweep_layout_method(reader->layout, reply.method);
		if (method < 0 ||
		    !sweep_space_find(reader->config->space, &reply.probed, &match.number))
			reject = REJECT_SPOOFED;
	}
	if (reject == REJECT_NONE) {
		match.method = (unsigned)method;
		reject = reply.proves_itself ? match_payload(reader, &reply, rx->at, &match)
					     : match_brief(reader, &reply, rx->at, &match);
	}
	if (reject != REJECT_NONE)
		reader->stats.rejected[reject]++;
	else
		accept(reader, &reply, &match, rx->at);
}

/* Bit by bit, so that the counters are as if the answers had come now. */
bool sweep_reader_set_word(struct sweep_reader *reader, uint64_t n, uint64_t word)
{
	const struct sweep_layout *layout = reader->layout;
	const struct sweep_marks *marks = reader->marks;
	uint64_t first;
	uint32_t layer;

	if (n >= marks->words_a_layer * marks->layers)
		return false;
	first = n % marks->words_a_layer * 64;
	layer = (uint32_t)(n / marks->words_a_layer);
	for (unsigned bit = 0; bit < 64; bit++) {
		struct match match = {
			.number = first + bit,
			.method = layer % layout->methods.count,
			.attempt = layer / layout->methods.count * layout->attempts,
		};
		bool is_new;

		if (!(word >> bit & 1))
			continue;
		if (match.number >= sweep_space_count(layout->space))
			return false;
		count(reader, &match, &is_new);
		reader->stats.replies--; /* it was another run that asked */
	}
	return true;
}
