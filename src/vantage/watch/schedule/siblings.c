/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where most siblings are silent too, dark is said soon, because a country must be known in
 * seconds. Where they answer there is more time: a burst of loss that hits one block alone
 * looks like an outage of it, and the silence of one or two hosts may be their own.
 */
#include "vantage/watch/schedule/siblings.h"

#include <math.h>

#include "infer/evidence/rest.h"

#define FEW_HOSTS 2                   /* with no more than these a block is not judged alone */
#define FEW_SILENT 3                  /* so many silent ones of few hosts are no chance */
#define SHARED_NS (7200 * BW_S)       /* silences of one cause begin within this time */
#define FALSE_ALARM_NS (86400 * BW_S) /* so long after a false alarm ... */
#define FALSE_ALARM_TIMES 3           /* ... a change must last so many times longer */
#define CONTRADICTED_TIMES 6          /* ... or so many, if some answer still arrives */
#define ANSWER_LATER_NS BW_S /* later than the silence began by this, to be no echo of it */
#define ALONE_MIN 2          /* where siblings answer: half a round, ... */
#define ALONE_MAX 6          /* ... but between these times confirm_ns */
#define ALONE_ROUNDS 2
#define NETWORK_MIN 4          /* blocks of a network: in fewer nobody may be awake by chance */
#define EVENING_PART 4         /* of the blocks, one in so many has an evening: no chance */
#define DELAY_TIMES 2          /* an answer is delayed that takes so many times the usual ... */
#define DELAY_NS (200 * BW_MS) /* ... and this */
#define THROTTLED 0.5F         /* where less arrives ... */
#define THROTTLED_PROBES 1     /* ... a round has so many probes, ... */
#define RESTING_PROBES 8       /* a round at rest has so many: cold hosts say little */
#define ASK_NATS 1.2F          /* ... or four while the siblings together are silent by so much; */
#define ASK_LEFT 20            /* ... and more than these are left; ... */
#define THROTTLED_NATS 2.5F    /* ... until they are by so much: all are asked at once, ... */
#define SHARED_PROBES 4        /* ... so often each, until that is enough for dark; of these, ... */
#define CONFIRM_PROBES 8       /* ... so many are kept, to confirm with */

static bool had_false_alarm(const struct ledger *l, uint32_t block)
{
	return bw_mono_since(l->now.mono, ledger_outage_of(l, block)->false_alarm) < FALSE_ALARM_NS;
}

/* Its silence is so old that another one that begins now has nothing to do with it. */
static bool is_long_silent(const struct ledger *l, const struct block *block)
{
	return (block_is_down(block) || block_is_doubted(block)) &&
	       bw_mono_since(l->now.mono, block->since) > SHARED_NS;
}

/* The blocks of RANGE, without BLOCK. */
static struct siblings siblings_in(const struct ledger *l, uint32_t block,
				   struct roster_range range)
{
	struct siblings siblings = {0};

	for (uint32_t i = range.first; i < range.end; i++) {
		if (i == block || ledger_blind(l, i) ||
		    (l->blocks[i].verdict == BW_UNKNOWN && !block_is_doubted(&l->blocks[i])) ||
		    is_long_silent(l, &l->blocks[i]))
			continue;
		siblings.known++;
		if (!block_is_down(&l->blocks[i]) && !(l->blocks[i].conditions & BW_SUSPECT))
			continue;
		siblings.silent++;
		siblings.sure += l->blocks[i].hosts > FEW_HOSTS;
		siblings.false_alarms += had_false_alarm(l, i);
	}
	return siblings;
}

struct siblings siblings_of(const struct ledger *l, uint32_t block)
{
	return siblings_in(l, block, roster_siblings(l->config.roster, block));
}

bool siblings_are_silent(const struct siblings *siblings)
{
	return siblings->known > 0 && 2 * siblings->silent >= siblings->known;
}

bool siblings_are_needed(const struct ledger *l, uint32_t block)
{
	const struct roster *roster = l->config.roster;

	return l->blocks[block].hosts <= FEW_HOSTS &&
	       roster->targets[roster_target_of(roster, block)].network_count > 1;
}

bool siblings_contradict(const struct ledger *l, uint32_t block)
{
	struct siblings siblings;

	if (!siblings_are_needed(l, block))
		return false;
	siblings = siblings_of(l, block);
	/* Two or three blocks of a host each are silent together by chance now and then. */
	if (siblings.sure == 0 && siblings.silent < FEW_SILENT && siblings.silent < siblings.known)
		return true;
	return 2 * siblings.silent <= siblings.known;
}

/* Whether a sibling has answered since the silence of X began; false for targets of over 256. */
static bool any_answers(const struct ledger *l, uint32_t block, const struct evidence_log *x)
{
	uint32_t target = ledger_target_of(l, block);
	struct roster_range all = roster_target_blocks(l->config.roster, target);
	struct roster_range near = roster_siblings(l->config.roster, block);

	return near.first == all.first && near.end == all.end &&
	       bw_mono_since(l->joints[target].hearing.last, x->opened) > ANSWER_LATER_NS;
}

int64_t siblings_confirm_ns(const struct ledger *l, uint32_t block, const struct siblings *siblings,
			    const struct evidence_log *x, const struct vantage_plan *plan)
{
	int64_t confirm = plan->confirm_ns, alone, times = 1;

	/* A burst of loss on what they share alarms most of them, chance alarms one or two. */
	if (2 * (siblings->false_alarms + had_false_alarm(l, block)) > siblings->silent + 1)
		times = FALSE_ALARM_TIMES;
	if (siblings->known == 0 || siblings_are_silent(siblings))
		return (times > 1 && any_answers(l, block, x) ? CONTRADICTED_TIMES : times) *
		       confirm;
	alone = plan->round_ns / ALONE_ROUNDS;
	if (alone < ALONE_MIN * confirm)
		alone = ALONE_MIN * confirm;
	return times * (alone < ALONE_MAX * confirm ? alone : ALONE_MAX * confirm);
}

/* The network of BLOCK, where it has some more blocks; or NULL. */
static struct hearing *network_of(const struct ledger *l, uint32_t block)
{
	uint32_t network = l->config.roster->blocks[block].network;

	return l->config.roster->networks[network].block_count >= NETWORK_MIN ? &l->heard[network]
									      : NULL;
}

void siblings_hear(struct ledger *l, uint32_t block)
{
	struct joint *joint = &l->joints[ledger_target_of(l, block)];
	struct hearing *network = network_of(l, block);
	bool down = block_is_down(&l->blocks[block]);

	joint_forget(joint);
	hearing_note(&joint->hearing, down, l->now.mono);
	if (network)
		hearing_note(network, down, l->now.mono);
}

/* What could be expected of a piece that is silent. */
static float missed_share(const struct ledger *l, uint32_t block, const struct evidence_log *x,
			  unsigned index)
{
	if (x->list[index].state != EVIDENCE_SILENT)
		return 0;
	return evidence_availability(x, index) * ledger_delivered(l, block);
}

void siblings_note(struct ledger *l, uint32_t block, const struct evidence_log *x, unsigned index)
{
	struct joint *joint = &l->joints[ledger_target_of(l, block)];
	struct hearing *network = network_of(l, block);
	float nats;

	if (x->list[index].state == EVIDENCE_REPLY)
		siblings_hear(l, block);
	if (x->list[index].state == EVIDENCE_REPLY || block_is_down(&l->blocks[block]))
		return;
	nats = line_miss(&joint->line, missed_share(l, block, x, index), l->now.mono);
	joint_missed(joint, nats);
	if (network)
		hearing_missed(network, nats, l->now.mono);
}

/* Loss or rest may explain this silence; what neither does needs no siblings. */
static bool is_explained(const struct evidence_log *x, const struct infer_params *params)
{
	struct evidence_log sound;

	if (evidence_rest(x) >= 0 || current_loss_is_bad(evidence_delivered(x)))
		return true;
	sound = *x;
	line_sound(sound.line);
	return evidence_belief(&sound, false) <= -params->dark_nats;
}

/*
 * The network of a block at rest is silent for longer than on any night, and so many hosts that
 * answered shortly before are not gone to rest at once. Without that, a network of few hosts has
 * nobody awake now and then. What a lossy line loses says nothing of one network.
 */
static bool network_is_gone(const struct ledger *l, uint32_t block, const struct evidence_log *x)
{
	const struct infer_params *params = &l->config.params;
	const struct roster_network *network = roster_network_of(l->config.roster, block);
	const struct hearing *hearing = network_of(l, block);
	struct siblings siblings;

	if (!hearing || evidence_rest(x) < 0 || current_loss_is_bad(evidence_delivered(x)) ||
	    !hearing_is_too_silent(hearing, l->now.mono) ||
	    hearing_is_usually_silent(hearing, l->now.mono) ||
	    hearing_belief(hearing->nats, params) > -params->dark_nats)
		return false;
	siblings = siblings_in(l, block,
			       (struct roster_range){network->first_block,
						     network->first_block + network->block_count});
	return siblings_are_silent(&siblings);
}

float siblings_shared_belief(const struct ledger *l, uint32_t block, const struct evidence_log *x)
{
	const struct infer_params *params = &l->config.params;
	const struct joint *joint;
	struct siblings siblings;
	float belief;

	if (!l->joints || block_is_down(&l->blocks[block]) || !is_explained(x, params))
		return INFINITY;
	joint = &l->joints[ledger_target_of(l, block)];
	if (evidence_rest(x) >= 0 && hearing_is_usually_silent(&joint->hearing, l->now.mono))
		return INFINITY;
	if (network_is_gone(l, block, x))
		return -params->dark_nats;
	belief = joint_belief(joint, params);
	if (hearing_is_too_silent(&joint->hearing, l->now.mono))
		belief = fminf(belief, -params->dark_nats);
	if (belief > -params->dark_nats)
		return INFINITY;
	siblings = siblings_of(l, block);
	return siblings_are_silent(&siblings) ? belief : INFINITY;
}

static float expected_of(const struct evidence_log *x)
{
	float expected = 0;

	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].state == EVIDENCE_REPLY || x->list[i].state == EVIDENCE_SILENT)
			expected += x->list[i].availability;
	return expected;
}

/* Adds which answers took much longer than usual, where they do not come late anyway. */
static void add_delays(struct ledger *l, uint32_t block, const struct tally *tally,
		       struct line_evidence *evidence)
{
	struct joint *joint = &l->joints[ledger_target_of(l, block)];
	int64_t usual_ns = (int64_t)l->tracks[block].srtt_us * BW_US;

	if (usual_ns == 0 || ledger_late_ns(l, block) > 0)
		return;
	for (unsigned i = 0; i < tally_rtt_count(tally); i++)
		line_add_delay(&joint->line, evidence,
			       tally->rtt_ns[i] > DELAY_TIMES * usual_ns + DELAY_NS);
}

/* Learns of the line by the probes since the last answer: EXPECTED of them in earlier rounds. */
static void learn_line(struct ledger *l, uint32_t block, const struct evidence_log *x,
		       const struct tally *tally, float expected)
{
	struct line_evidence line = {0};

	add_delays(l, block, tally, &line);
	line_add_missing(&line, expected);
	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].state == EVIDENCE_REPLY)
			line_add_reply(&line);
		else if (x->list[i].state == EVIDENCE_SILENT)
			line_add_silence(&line, evidence_availability(x, i));
	line_learn(&l->joints[ledger_target_of(l, block)].line, &line, l->now.mono);
}

void siblings_count_loss(struct ledger *l, uint32_t block, const struct evidence_log *x,
			 const struct tally *tally)
{
	struct joint *joint = &l->joints[ledger_target_of(l, block)];
	float unanswered = l->unanswered[block], expected = expected_of(x);
	unsigned replies = evidence_count(x, EVIDENCE_REPLY);
	bool down = block_is_down(&l->blocks[block]);

	if (!down && replies > 0) {
		loss_count_lasting(&joint->lasting, unanswered + expected, (float)replies,
				   l->now.mono);
		learn_line(l, block, x, tally, unanswered);
	} else if (!down) {
		unanswered += expected;
	}
	if (down || replies > 0)
		unanswered = 0;
	l->unanswered[block] = unanswered;
}

float siblings_answered(const struct ledger *l, uint32_t block)
{
	if (!l->joints)
		return 1;
	return loss_delivered_lasting(&l->joints[ledger_target_of(l, block)].lasting, l->now.mono);
}

float siblings_delivered(const struct ledger *l, uint32_t block)
{
	float now = ledger_delivered(l, block), states[LINE_STATES];

	if (!l->joints)
		return now;
	line_states(&l->joints[ledger_target_of(l, block)].line, l->now.mono, states);
	return fminf(now, line_mean_share(states));
}

void siblings_tell_loss(const struct ledger *l, uint32_t block, struct evidence_log *x)
{
	x->delivered = ledger_delivered(l, block);
	if (l->joints)
		line_states(&l->joints[ledger_target_of(l, block)].line, l->now.mono, x->line);
}

void siblings_count_evening(struct ledger *l, uint32_t block)
{
	joint_count_evening(&l->joints[ledger_target_of(l, block)], l->blocks[block].evening);
}

unsigned siblings_evening(const struct ledger *l, uint32_t block)
{
	uint32_t target = ledger_target_of(l, block);
	struct roster_range all = roster_target_blocks(l->config.roster, target);

	if (!l->joints || EVENING_PART * l->joints[target].evenings < all.end - all.first)
		return 0;
	return l->blocks[block].evening ? l->blocks[block].evening : l->joints[target].evening;
}

/* The joint silence of a block that is not down and to which less than half arrives; or NULL. */
static const struct joint *throttled(const struct ledger *l, uint32_t block)
{
	if (!l->joints || block_is_down(&l->blocks[block]) ||
	    siblings_answered(l, block) >= THROTTLED)
		return NULL;
	return &l->joints[ledger_target_of(l, block)];
}

bool siblings_are_throttled(const struct ledger *l, uint32_t block, unsigned left)
{
	const struct joint *joint = throttled(l, block);

	if (!joint)
		return false;
	return joint->nats < THROTTLED_NATS ||
	       (left < CONFIRM_PROBES &&
		joint_belief(joint, &l->config.params) > -l->config.params.dark_nats);
}

/* So long a joint silence on a throttled line that one block asks more than once. */
static bool may_be_dark(const struct ledger *l, uint32_t block, unsigned left)
{
	return left > ASK_LEFT && l->joints[ledger_target_of(l, block)].nats >= ASK_NATS;
}

bool siblings_save_probes(const struct ledger *l, uint32_t block, const struct evidence_log *x,
			  unsigned left)
{
	if (x->rest >= REST_SURE && x->count >= x->widened + RESTING_PROBES)
		return true;
	if (siblings_are_throttled(l, block, left))
		return x->count >= (may_be_dark(l, block, left) ? SHARED_PROBES : THROTTLED_PROBES);
	return x->count >= SHARED_PROBES && x->shared == INFINITY && throttled(l, block);
}
