/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/hourly/hourly_sum.h"

#include <math.h>
#include <string.h>

#include <blockwatch/time.h>

#include "collect/hourly/varint.h"

#define BINS_AN_OCTAVE 8

unsigned hourly_bin(int64_t rtt_ns)
{
	double bin;

	if (rtt_ns < 0)
		return HOURLY_NO_RTT;
	if (rtt_ns < BW_US)
		return 0;
	bin = BINS_AN_OCTAVE * log2((double)rtt_ns / (double)BW_US);
	return bin < HOURLY_BINS - 1 ? (unsigned)bin : HOURLY_BINS - 1;
}

void hourly_sum_clear(struct hourly_sum *sum)
{
	sum->rounds = sum->answered = sum->sent = sum->replies = 0;
	sum->first = sum->end = 0;
}

/* Makes room for the bins from FIRST to before END; those that are new are 0. */
static void widen(struct hourly_sum *sum, unsigned first, unsigned end)
{
	if (sum->first == sum->end)
		sum->first = sum->end = (uint16_t)first;
	if (first < sum->first) {
		memset(&sum->bins[first], 0, (sum->first - first) * sizeof(sum->bins[0]));
		sum->first = (uint16_t)first;
	}
	if (end > sum->end) {
		memset(&sum->bins[sum->end], 0, (end - sum->end) * sizeof(sum->bins[0]));
		sum->end = (uint16_t)end;
	}
}

void hourly_sum_add(struct hourly_sum *sum, const struct hourly_round *round)
{
	sum->rounds++;
	sum->answered += round->replies > 0;
	sum->sent += round->sent;
	sum->replies += round->replies < round->sent ? round->replies : round->sent;
	if (round->bin >= HOURLY_BINS)
		return;
	widen(sum, round->bin, round->bin + 1);
	sum->bins[round->bin]++;
}

void hourly_sum_merge(struct hourly_sum *sum, const struct hourly_sum *other)
{
	sum->rounds += other->rounds;
	sum->answered += other->answered;
	sum->sent += other->sent;
	sum->replies += other->replies;
	if (other->first == other->end)
		return;
	widen(sum, other->first, other->end);
	for (unsigned n = other->first; n < other->end; n++)
		sum->bins[n] += other->bins[n];
}

double hourly_sum_loss(const struct hourly_sum *sum)
{
	return sum->sent == 0 ? -1 : (double)(sum->sent - sum->replies) / (double)sum->sent;
}

double hourly_sum_answered(const struct hourly_sum *sum)
{
	return sum->rounds == 0 ? -1 : (double)sum->answered / (double)sum->rounds;
}

double hourly_sum_rtt_ms(const struct hourly_sum *sum, double p)
{
	uint64_t total = 0, below = 0;
	unsigned n;

	for (n = sum->first; n < sum->end; n++)
		total += sum->bins[n];
	if (total == 0)
		return -1;
	for (n = sum->first; n + 1 < sum->end; n++) {
		below += sum->bins[n];
		if ((double)below >= p * (double)total)
			break;
	}
	return exp2((n + 0.5) / BINS_AN_OCTAVE) / 1000;
}

/* A bin is its count; 0 and a number stand for so many empty ones. */
static uint8_t *encode_bins(const struct hourly_sum *sum, uint8_t *to)
{
	for (unsigned n = sum->first; n < sum->end;) {
		unsigned run = 0;

		while (n + run < sum->end && sum->bins[n + run] == 0)
			run++;
		if (run > 0) {
			*to++ = 0;
			to = varint_put(to, run);
			n += run;
		} else {
			to = varint_put(to, sum->bins[n++]);
		}
	}
	return to;
}

uint8_t *hourly_sum_encode(const struct hourly_sum *sum, uint8_t *to)
{
	to = varint_put(to, sum->rounds);
	to = varint_put(to, sum->rounds - sum->answered);
	to = varint_put(to, sum->sent);
	to = varint_put(to, sum->sent - sum->replies);
	to = varint_put(to, (uint64_t)(sum->end - sum->first));
	if (sum->end > sum->first)
		*to++ = (uint8_t)sum->first;
	return encode_bins(sum, to);
}

static void decode_bins(struct cursor *c, struct hourly_sum *sum)
{
	for (unsigned n = sum->first; n < sum->end && !c->failed;) {
		const uint64_t count = varint_take(c);
		const uint64_t run = count == 0 ? varint_take(c) : 1;

		if (run == 0 || run > sum->end - n || count > UINT32_MAX) {
			c->failed = true;
			return;
		}
		for (unsigned stop = n + (unsigned)run; n < stop; n++)
			sum->bins[n] = (uint32_t)count;
	}
}

void hourly_sum_decode(struct cursor *c, struct hourly_sum *ret_sum)
{
	const uint64_t rounds = varint_take(c), unanswered = varint_take(c);
	const uint64_t sent = varint_take(c), lost = varint_take(c), bins = varint_take(c);

	hourly_sum_clear(ret_sum);
	ret_sum->first = bins > 0 ? cursor_u8(c) : 0;
	if (unanswered > rounds || lost > sent || bins > HOURLY_BINS - (uint64_t)ret_sum->first)
		c->failed = true;
	if (c->failed) {
		ret_sum->first = 0;
		return;
	}
	ret_sum->rounds = rounds;
	ret_sum->answered = rounds - unanswered;
	ret_sum->sent = sent;
	ret_sum->replies = sent - lost;
	ret_sum->end = (uint16_t)(ret_sum->first + bins);
	decode_bins(c, ret_sum);
	if (c->failed)
		hourly_sum_clear(ret_sum);
}
