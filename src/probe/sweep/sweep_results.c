/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_private.h"

/* Silence of what has not left yet says nothing. */
static bool all_answered(const struct sweep *sweep)
{
	uint64_t sent = sweep_load(&sweep->sent);

	return sent + sweep_load(&sweep->send_errors) + sweep_load(&sweep->refused) >=
		       sweep_load(&sweep->claimed) &&
	       sweep->stats.replies + sweep_load(&sweep->again) >= sent;
}

bool sweep_is_done(const struct sweep *sweep, struct bw_mono now)
{
	int64_t over_ns = atomic_load_explicit(&sweep->over_ns, memory_order_acquire);

	if (over_ns == SWEEP_NEVER_NS)
		return false;
	return now.ns - over_ns >= sweep->config.cooldown_ns || all_answered(sweep);
}

struct sweep_place sweep_place(const struct sweep *sweep, struct bw_mono now, int64_t back_ns)
{
	uint64_t place = sweep_load(&sweep->progress);
	uint64_t back = sweep_log_place(&sweep->log, (struct bw_mono){now.ns - back_ns});
	uint32_t turn;

	if (sweep->span == 0)
		return (struct sweep_place){0};
	if (back < place)
		place = back;
	turn = (uint32_t)(place / sweep->span);
	/* A turn that repeats is not taken up again; its first one was done. */
	return (struct sweep_place){
		.pass = sweep_pass_of(sweep, turn),
		.asked = turn % sweep->turns_a_pass ? sweep->span : place % sweep->span,
	};
}

uint64_t sweep_total(const struct sweep *sweep)
{
	return sweep->span * sweep->config.passes;
}

uint64_t sweep_progress(const struct sweep *sweep)
{
	uint64_t place = sweep_load(&sweep->progress);
	uint64_t turn = sweep->span ? place / sweep->span : 0;
	uint64_t within = turn % sweep->turns_a_pass ? sweep->span : place - turn * sweep->span;

	return turn / sweep->turns_a_pass * sweep->span + within;
}

uint64_t sweep_share(const struct sweep *sweep)
{
	return sweep->order.share;
}

void sweep_stats(const struct sweep *sweep, struct sweep_stats *ret_stats)
{
	*ret_stats = sweep->stats;
	ret_stats->sent = sweep_load(&sweep->sent);
	ret_stats->send_errors = sweep_load(&sweep->send_errors);
	ret_stats->refused = sweep_load(&sweep->refused);
	ret_stats->again = sweep_load(&sweep->again);
	ret_stats->holds = sweep_load(&sweep->holds);
	ret_stats->lost = sweep_load(&sweep->lost);
}

/* In how many passes an address has answered. */
static uint32_t count_passes(const struct sweep *sweep, uint64_t number)
{
	uint32_t passes = 0;

	for (uint32_t pass = 0; pass < sweep->config.passes; pass++) {
		uint32_t first = sweep_layer_of(sweep, pass, 0);
		bool any = false;

		for (unsigned m = 0; m < sweep->methods.count && !any; m++)
			any = sweep_marks_has(&sweep->marks, first + m, number);
		passes += any;
	}
	return passes;
}

static uint64_t next_answered(const struct sweep *sweep, uint64_t number, uint64_t end)
{
	while (number < end && !sweep_marks_any(&sweep->marks, 0, 1, number))
		number++;
	return number;
}

/* Addresses of prefixes and single ones ascend, each for themselves: they are merged. */
void sweep_each_answered(const struct sweep *sweep,
			 void (*take)(void *self, const struct bw_addr *addr, uint32_t passes),
			 void *self)
{
	const struct sweep_space *space = sweep->config.space;
	uint64_t middle = sweep_space_singles(space), end = sweep_space_count(space);
	uint64_t a = next_answered(sweep, 0, middle), b = next_answered(sweep, middle, end);

	while (a < middle || b < end) {
		struct bw_addr addr_a = {0}, addr_b = {0};

		if (a < middle)
			addr_a = sweep_space_at(space, a);
		if (b < end)
			addr_b = sweep_space_at(space, b);
		if (b == end || (a < middle && bw_addr_compare(&addr_a, &addr_b) < 0)) {
			take(self, &addr_a, count_passes(sweep, a));
			a = next_answered(sweep, a + 1, middle);
		} else {
			take(self, &addr_b, count_passes(sweep, b));
			b = next_answered(sweep, b + 1, end);
		}
	}
}

uint64_t sweep_word_count(const struct sweep *sweep)
{
	return sweep->marks.words_a_layer * sweep->marks.layers;
}

uint64_t sweep_word(const struct sweep *sweep, uint64_t n)
{
	return sweep_load(&sweep->marks.words[n]);
}

/* Bit by bit, so that the counts come out as if the answers had come now. */
bool sweep_set_word(struct sweep *sweep, uint64_t n, uint64_t word)
{
	uint64_t first = n % (sweep->marks.words_a_layer ? sweep->marks.words_a_layer : 1) * 64;
	uint32_t layer =
		sweep->marks.words_a_layer ? (uint32_t)(n / sweep->marks.words_a_layer) : 0;

	if (n >= sweep_word_count(sweep))
		return false;
	for (unsigned bit = 0; bit < 64; bit++) {
		struct sweep_match match = {
			.number = first + bit,
			.method = layer % sweep->methods.count,
			.turn = layer / sweep->methods.count * sweep->turns_a_pass,
		};
		bool is_new;

		if (!(word >> bit & 1))
			continue;
		if (match.number >= sweep_space_count(sweep->config.space))
			return false;
		sweep_count(sweep, &match, &is_new);
		sweep->stats.replies--; /* it was another run that asked */
	}
	return true;
}
