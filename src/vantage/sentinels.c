/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sentinels show whether the vantage itself is online: references, the default
 * gateway, and as witnesses one or two hosts of blocks that were found up.
 * They are asked once at the start and each second while a block is still in
 * question, so that a silence is never judged without a sign of life beside it.
 */
#include "vantage/state.h"

#define INTERVAL_NS BW_S

static void ask(struct vantage *v, uint32_t subject, const struct bw_addr *addr,
		struct bw_method method, uint8_t egress)
{
	struct probe probe = {
		.subject = subject,
		.dst = *addr,
		.method = method,
		.egress = egress,
		.patience_ns = v->config.params.timeout_ns,
	};

	if (egress != ROSTER_NO_EGRESS && budget_take(&v->budget, subject, v->now.mono))
		(void)engine_submit(v->engine, &probe); /* full queue: the next second will do */
}

void sentinels_tick(struct vantage *v)
{
	const struct roster *roster = v->config.roster;
	uint32_t subject = roster->block_count;

	if (bw_mono_before(v->now.mono, v->sentinels_at))
		return;
	v->sentinels_at = bw_mono_add(v->now.mono, INTERVAL_NS);
	for (uint32_t i = 0; i < roster->sentinel_count; i++, subject++)
		ask(v, subject, &roster->sentinels[i].addr, roster->sentinels[i].method,
		    roster->sentinels[i].egress);
	for (uint32_t i = 0; i < v->witness_count; i++, subject++)
		ask(v, subject, &v->witnesses[i].addr, v->witnesses[i].method,
		    v->witnesses[i].egress);
}

void sentinels_outcome(struct vantage *v, const struct outcome *outcome)
{
	const struct roster *roster = v->config.roster;
	uint32_t i = outcome->probe.subject - roster->block_count;
	enum blind_source source =
		i < roster->sentinel_count ? roster->sentinels[i].source : BLIND_BLOCK;

	if (outcome->kind == OUTCOME_REPLY)
		blind_life(&v->blind, source, outcome->sent);
	if (source != BLIND_GATEWAY && v->blind.seen[source] && !outcome->late)
		blind_count(&v->blind, 1, outcome->kind == OUTCOME_REPLY);
}

void sentinels_add_witness(struct vantage *v, const struct outcome *outcome)
{
	if (v->witness_count < WITNESSES)
		v->witnesses[v->witness_count++] = (struct witness){
			.addr = outcome->probe.dst,
			.method = outcome->probe.method,
			.egress = outcome->probe.egress,
		};
}
