/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/silence.h"

void silence_init(struct silence *silence)
{
	*silence = (struct silence){.sure.ns = INT64_MIN};
}

void silence_add(struct silence *silence, struct bw_mono sent, float nats)
{
	if (silence->next_nats <= 0)
		silence->next = sent;
	silence->next_nats += nats;
	if (silence->next_nats < SILENCE_SURE)
		return;
	silence->sure = silence->next;
	silence->next_nats = 0;
}
