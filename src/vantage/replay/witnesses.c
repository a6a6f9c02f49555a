/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/replay/witnesses.h"

#include <errno.h>
#include <stdlib.h>

#define LOOK_NS (BW_S / 4) /* all blocks are looked at so often at most */

int witnesses_init(struct witnesses *witnesses, uint32_t block_count, int64_t recent_ns)
{
	*witnesses = (struct witnesses){
		.list = calloc((size_t)block_count + 1, sizeof(*witnesses->list)),
		.block_count = block_count,
		.recent_ns = recent_ns,
		.looked = {-LOOK_NS},
	};
	if (!witnesses->list)
		return -ENOMEM;
	for (uint32_t i = 0; i <= block_count; i++)
		witnesses->list[i] = (struct witness){BLOCK_NEVER_ANSWERED, BLOCK_NEVER_ANSWERED};
	return 0;
}

void witnesses_fini(struct witnesses *witnesses)
{
	free(witnesses->list);
	witnesses->list = NULL;
}

static void raise_to(struct bw_mono *last, struct bw_mono sent)
{
	if (bw_mono_before(*last, sent))
		*last = sent;
}

void witnesses_note_answer(struct witnesses *witnesses, uint32_t block, struct bw_mono sent)
{
	raise_to(&witnesses->list[block].answered, sent);
}

void witnesses_note_silence(struct witnesses *witnesses, uint32_t block, struct bw_mono sent)
{
	raise_to(&witnesses->list[block].silent, sent);
}

static bool may_answer(const struct witness *witness, struct bw_mono since, struct bw_mono recent)
{
	if (witness->answered.ns == BLOCK_NEVER_ANSWERED.ns ||
	    !bw_mono_before(witness->silent, since))
		return false;
	return bw_mono_before(recent, witness->answered) || bw_mono_before(recent, witness->silent);
}

bool witnesses_are_left(struct witnesses *witnesses, const struct ledger *l, uint32_t block,
			struct bw_mono since)
{
	struct bw_mono now = l->now.mono, recent = {now.ns - witnesses->recent_ns};

	if (bw_mono_since(now, witnesses->looked) < LOOK_NS)
		return true;
	witnesses->looked = now;
	for (uint32_t i = 0; i <= witnesses->block_count; i++) {
		bool down = i < witnesses->block_count && block_is_down(&l->blocks[i]);

		if (i != block && !down && may_answer(&witnesses->list[i], since, recent))
			return true;
	}
	return false;
}
