/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A capture into the passive pairing. The first byte chooses the link type (its low
 * three bits) and how many bytes of each frame were not captured (the rest); then
 * come frames: milliseconds since the one before (two bytes), length (one byte),
 * bytes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "probe/passive/passive.h"

#define PATIENCE (3 * BW_S)
#define LISTEN (60 * BW_S)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct ledger {
	struct bw_mono now;
	uint64_t asked, ended, late;
};

static void require(int condition)
{
	if (!condition)
		abort();
}

static bool on_request(void *self, const struct bw_addr *prober, struct probe *probe,
		       struct bw_mono sent)
{
	struct ledger *ledger = self;

	require(prober->family == probe->dst.family);
	require(sent.ns == ledger->now.ns);
	require(probe->method.protocol >= 1 && probe->method.protocol <= BW_PROTOCOL_COUNT);
	ledger->asked++;
	return true;
}

static void on_outcome(void *self, const struct outcome *outcome)
{
	struct ledger *ledger = self;
	bool answered = outcome->kind == OUTCOME_REPLY || outcome->kind == OUTCOME_ERROR;

	require(outcome->kind != OUTCOME_VOID);
	require(outcome->sent.ns <= outcome->at.ns && outcome->at.ns <= ledger->now.ns);
	require(!answered || (outcome->rtt_ns >= 0 && outcome->from.family ==
							      outcome->probe.dst.family));
	require(!outcome->late || bw_mono_since(outcome->at, outcome->sent) >= PATIENCE);
	require(answered || bw_mono_since(outcome->at, outcome->sent) >= PATIENCE);
	ledger->ended += outcome->kind == OUTCOME_TIMEOUT;
	ledger->late += outcome->late;
}

static void check(struct passive *passive, const struct ledger *ledger)
{
	struct passive_stats stats;

	passive_forget(passive);
	passive_stats(passive, &stats);
	require(stats.requests == ledger->asked);
	require(stats.timeouts == ledger->ended && stats.late == ledger->late);
	require(stats.repeated + stats.untracked <= stats.requests);
	require(stats.late <= stats.timeouts && stats.timeouts <= stats.requests);
	require(stats.requests == stats.repeated + stats.untracked + stats.open + stats.replies +
					  stats.errors + stats.timeouts - stats.late);
	require(stats.expired <= stats.errors && stats.late <= stats.replies);
}

static void feed(struct passive *passive, struct ledger *ledger, const uint8_t *data, size_t size)
{
	static const int linktypes[8] = {12, 1, 113, 276, 0, 108, 127, 105};
	struct bw_rx rx = {.linktype = linktypes[data[0] & 7]};
	size_t at = 1;

	while (size - at >= 3) {
		ledger->now.ns += (data[at] << 8 | data[at + 1]) * BW_MS;
		rx.at = ledger->now;
		rx.length = data[at + 2];
		at += 3;
		if (rx.length > size - at)
			rx.length = (uint32_t)(size - at);
		rx.wire_length = rx.length + (data[0] >> 3) * 8u;
		rx.bytes = data + at;
		at += rx.length;
		passive_advance(passive, rx.at);
		passive_receive(passive, &rx);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ledger ledger = {.asked = 0};
	struct passive_config config = {
		.patience_ns = PATIENCE,
		.listen_ns = LISTEN,
		.pending_max = 1U << 16,
		.on_request = on_request,
		.on_outcome = on_outcome,
		.self = &ledger,
	};
	struct passive *passive;

	if (size == 0 || passive_new(&config, ledger.now, &passive) < 0)
		return 0;
	feed(passive, &ledger, data, size);
	ledger.now.ns += 1000 * BW_S;
	passive_advance(passive, ledger.now);
	check(passive, &ledger);
	passive_free(passive);
	return 0;
}
