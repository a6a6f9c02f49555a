/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/persist_learned.h"

#include <math.h>

#include "infer/evidence/rest.h"

#define EVENING_NS (7200 * BW_S)
#define EVENINGS 12
#define ALARM_KEPT_NS (7 * 86400 * BW_S)
#define OCTAVE ((double)USUAL_OCTAVE)

struct bw_wall persist_wall_of(const struct ledger *l, struct bw_mono t)
{
	if (t.ns == BLOCK_NEVER_ANSWERED.ns)
		return (struct bw_wall){0};
	return bw_wall_of(l->now, t);
}

struct bw_mono persist_mono_of(struct bw_now now, struct bw_wall t)
{
	if (t.ns == 0)
		return BLOCK_NEVER_ANSWERED;
	if (t.ns >= now.wall.ns)
		return now.mono;
	return (struct bw_mono){now.mono.ns - (now.wall.ns - t.ns)};
}

/* 0, which stands for never in many places, is no time that lies behind NOW by little. */
static struct bw_wall wall_or_none(const struct ledger *l, struct bw_mono t)
{
	return t.ns == 0 ? (struct bw_wall){0} : persist_wall_of(l, t);
}

static struct bw_mono mono_or_none(const struct ledger *l, struct bw_wall t)
{
	return t.ns == 0 ? (struct bw_mono){0} : persist_mono_of(l->now, t);
}

/* The evening moves with the monotonic clock, which begins anew with each start of the machine. */
static unsigned turn_evening(unsigned evening, int64_t by_ns)
{
	int64_t by = by_ns / EVENING_NS % EVENINGS;

	if (evening == 0 || evening > EVENINGS)
		return 0;
	return (unsigned)((evening - 1 + by + EVENINGS) % EVENINGS) + 1;
}

static int64_t start_of_clock_ns(struct bw_now now)
{
	return now.wall.ns - now.mono.ns;
}

/* A time of the clock of out_of_range.h. Before this start of the clock is its first second. */
static uint32_t second_of(const struct ledger *l, struct bw_wall t)
{
	struct bw_mono mono = persist_mono_of(l->now, t);

	return mono.ns <= 0 ? 1 : block_seconds(mono);
}

static void save_ranges(const struct ledger *l, const struct out_of_range range[BW_RANGES],
			struct bw_wall out_since[BW_RANGES])
{
	for (unsigned i = 0; i < BW_RANGES; i++)
		if (range[i].is_out)
			out_since[i] =
				bw_wall_of(l->now, (struct bw_mono){
							   ((int64_t)range[i].since_s - 1) * BW_S});
}

static void restore_ranges(const struct ledger *l, const struct bw_wall out_since[BW_RANGES],
			   struct out_of_range range[BW_RANGES])
{
	for (unsigned i = 0; i < BW_RANGES; i++) {
		out_of_range_forget(&range[i]);
		if (out_since[i].ns == 0)
			continue;
		range[i].is_out = true;
		range[i].score = OUT_OF_RANGE_FULL;
		range[i].since_s = second_of(l, out_since[i]);
	}
}

static struct state_lateness save_lateness(const struct lateness *lateness)
{
	return (struct state_lateness){
		.answers = lateness->answers,
		.late = lateness_share(lateness),
		.late_ns = (int64_t)lateness->late_us * BW_US,
	};
}

static void restore_lateness(const struct state_lateness *state, unsigned most,
			     struct lateness *lateness)
{
	lateness_restore(lateness, most, state->answers, state->late, state->late_ns);
}

static void save_usual(const struct usual *usual, struct state_usual *state)
{
	int64_t rtt_ns = usual_rtt_ns(usual->delay), now_ns = usual_rtt_ns(usual->delay_now);

	*state = (struct state_usual){
		.rounds = usual->rounds,
		.loss = usual_loss(usual->loss),
		.loss_now = usual_loss(usual->loss_now),
		.rtt_ns = rtt_ns < 0 ? 0 : rtt_ns,
		.rtt_now_ns = now_ns < 0 ? 0 : now_ns,
		.spread = usual->spread / OCTAVE,
	};
}

static void restore_usual(const struct state_usual *state, struct usual *usual)
{
	if (state->rounds == 0)
		return;
	usual->rounds = (state->rounds < USUAL_LEARNED ? state->rounds : USUAL_LEARNED) & 0x1f;
	usual->loss = usual_loss_of(state->loss);
	usual->loss_now = usual_loss_of(state->loss_now);
	usual->delay = usual_delay_of(state->rtt_ns ? state->rtt_ns : -1);
	usual->delay_now = usual_delay_of(state->rtt_now_ns ? state->rtt_now_ns : -1);
	usual->spread = (uint16_t)fmin(state->spread * OCTAVE + 0.5, UINT16_MAX);
}

/* Only one of late counts (watch/schedule/siblings.c). */
static struct bw_wall wall_of_alarm(const struct ledger *l, const struct outage_memory *memory)
{
	if (bw_mono_since(l->now.mono, memory->false_alarm) > ALARM_KEPT_NS)
		return (struct bw_wall){0};
	return persist_wall_of(l, memory->false_alarm);
}

static void save_silences(const struct ledger *l, uint32_t number, struct state_block *state)
{
	const struct outage_memory *memory = ledger_outage_of(l, number);

	state->silent_since = persist_wall_of(l, ledger_silent_since(l, number));
	state->false_alarm = wall_of_alarm(l, memory);
	if (!block_is_down(&l->blocks[number]) && l->tracks[number].told != BW_DARK)
		return;
	state->dark_until = persist_wall_of(l, memory->silence.sure);
	state->dark_until_before = persist_wall_of(l, memory->silence.before);
}

/* Its silences: the present one, those that bound the end of its outage, those without cause. */
static void restore_silences(struct ledger *l, uint32_t number, const struct state_block *state)
{
	struct outage_memory *memory;

	if (state->silent_since.ns != 0)
		silent_block_note(&l->silent[number], persist_mono_of(l->now, state->silent_since),
				  l->blocks[number].rest);
	if (state->false_alarm.ns == 0 && state->dark_until.ns == 0)
		return;
	memory = ledger_outage_for(l, number);
	if (state->false_alarm.ns != 0)
		memory->false_alarm = persist_mono_of(l->now, state->false_alarm);
	memory->silence.sure = persist_mono_of(l->now, state->dark_until);
	memory->silence.before = persist_mono_of(l->now, state->dark_until_before);
}

void persist_learned_save(const struct ledger *l, uint32_t number, struct state_block *state)
{
	const struct block *block = &l->blocks[number];
	const struct outage_memory *memory = ledger_outage_of(l, number);
	struct out_of_range ranges[BW_RANGES];

	state->rests = true;
	state->rest = block->rest;
	state->evening = turn_evening(block->evening, start_of_clock_ns(l->now));
	state->absences = (struct state_absences){.count = memory->absences.count,
						  .total_ns = memory->absences.total_ns,
						  .heard_hours = memory->absences.heard_hours};
	state->moves = memory->moves;
	save_usual(&l->usuals[number], &state->usual);
	state->lateness = save_lateness(&l->lateness[number]);
	condition_store_ranges(&l->conditions, &l->tracks[number], ranges);
	save_ranges(l, ranges, state->out_since);
	save_silences(l, number, state);
}

void persist_learned_restore(struct ledger *l, uint32_t number, const struct state_block *state)
{
	struct block *block = &l->blocks[number];
	struct usual *usual = &l->usuals[number];
	struct out_of_range ranges[BW_RANGES];

	if (state->rests) {
		block->rest = state->rest & REST_BITS;
		block->evening = turn_evening(state->evening, -start_of_clock_ns(l->now)) & 0xf;
	}
	if (state->absences.count > 0 || state->absences.total_ns > 0 ||
	    state->absences.heard_hours > 0)
		ledger_outage_for(l, number)->absences =
			(struct absences){.count = state->absences.count,
					  .total_ns = state->absences.total_ns,
					  .heard_hours = state->absences.heard_hours};
	if (state->moves > 0) {
		ledger_outage_for(l, number)->moves = state->moves;
		l->joints[ledger_target_of(l, number)].moves += state->moves;
	}
	if (block->evening)
		joint_count_evening(&l->joints[ledger_target_of(l, number)], block->evening);
	restore_silences(l, number, state);
	restore_usual(&state->usual, usual);
	if (state->lateness.answers > 0) /* else its page stays untouched */
		restore_lateness(&state->lateness, LATENESS_BLOCK, &l->lateness[number]);
	restore_ranges(l, state->out_since, ranges);
	condition_store_keep_ranges(&l->conditions, &l->tracks[number], ranges);
	block_set_condition(block, BW_DEGRADED, ranges[BW_RANGE_LOSS].is_out);
	if (usual->delay_now > 0)
		l->tracks[number].srtt_us =
			(uint32_t)(usual_rtt_ns(usual->delay_now) / BW_US) & TRACK_SRTT_MAX_US;
}

void persist_learned_save_sum(const struct ledger *l, const struct sum *sum,
			      struct state_group *state)
{
	save_ranges(l, sum->usual.range, state->out_since);
}

void persist_learned_restore_sum(const struct ledger *l, struct sum *sum,
				 const struct state_group *state)
{
	restore_ranges(l, state->out_since, sum->usual.range);
}

/* At least 1, because 0 stands for what is not known. */
static int64_t span_of(const struct ledger *l, struct bw_mono t)
{
	int64_t ns = bw_mono_since(l->now.mono, t);

	return t.ns == 0 ? 0 : ns < 1 ? 1 : ns;
}

static struct bw_mono before(const struct ledger *l, int64_t span_ns)
{
	struct bw_mono t = {l->now.mono.ns - span_ns};

	return (struct bw_mono){span_ns == 0 ? 0 : t.ns == 0 ? 1 : t.ns};
}

/* While nothing runs nothing can be heard: lengths of time. Half hours move with the clock. */
void persist_learned_save_hearing(const struct ledger *l, const struct hearing *hearing,
				  struct state_hearing *state)
{
	*state = (struct state_hearing){
		.heard_ns = span_of(l, hearing->first),
		.silent_ns = span_of(l, hearing->last),
		.longest_ns = hearing->longest_ns,
		.nats = fmin(hearing->nats, STATE_NATS_MAX),
		.heard_half_hours = hearing_turn(hearing->heard, start_of_clock_ns(l->now)),
		.silent_half_hours = hearing_turn(hearing->silent, start_of_clock_ns(l->now)),
	};
}

void persist_learned_restore_hearing(const struct ledger *l, const struct state_hearing *state,
				     int64_t stopped_ns, struct hearing *hearing)
{
	*hearing = (struct hearing){
		.first = before(l, state->heard_ns),
		.last = before(l, state->silent_ns),
		.longest_ns = state->longest_ns,
		.nats = (float)state->nats,
		.heard = hearing_turn(state->heard_half_hours, -start_of_clock_ns(l->now)),
		.silent = hearing_turn(state->silent_half_hours, -start_of_clock_ns(l->now)),
	};
	hearing_restore(hearing, l->now.mono, stopped_ns);
}

void persist_learned_save_joint(const struct ledger *l, uint32_t target, struct state_joint *state)
{
	const struct joint *joint = &l->joints[target];
	const struct flap_phases *phases = &joint->phases;

	*state = (struct state_joint){
		.nats = fmin(joint->nats, STATE_NATS_MAX),
		.down = joint->down,
		.since = wall_or_none(l, joint->since),
		.phases = {phases->count, phases->down_ns, phases->longest_ns},
		.expected = (double)joint->lasting.expected,
		.replied = (double)joint->lasting.replied,
		.counted = wall_or_none(l, joint->lasting.counted),
		.lateness = save_lateness(&joint->lateness),
	};
}

void persist_learned_restore_joint(struct ledger *l, uint32_t target,
				   const struct state_joint *state)
{
	struct joint *joint = &l->joints[target];

	joint->nats = (float)state->nats;
	joint->down = state->down;
	joint->since = mono_or_none(l, state->since);
	joint->phases.count = state->phases.downs;
	joint->phases.down_ns = state->phases.down_ns;
	joint->phases.longest_ns = state->phases.longest_ns;
	joint->lasting.expected = (float)state->expected;
	joint->lasting.replied = (float)state->replied;
	joint->lasting.counted = mono_or_none(l, state->counted);
	restore_lateness(&state->lateness, LATENESS_TARGET, &joint->lateness);
	if (joint->lasting.expected > 0)
		line_restore(&joint->line, joint->lasting.expected, joint->lasting.replied,
			     bw_mono_min(joint->lasting.counted, l->now.mono));
}
