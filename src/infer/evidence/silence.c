/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/evidence/silence.h"

#include <math.h>

void silence_init(struct silence *silence)
{
	*silence = (struct silence){.sure.ns = INT64_MIN, .before.ns = INT64_MIN};
}

void silence_add(struct silence *silence, struct bw_mono sent, uint16_t host, float nats)
{
	uint32_t bit = UINT32_C(1) << host % 32;

	if (silence->hosts & bit)
		nats = fminf(nats, SILENCE_AGAIN * (float)bw_mono_since(sent, silence->last) /
					   (3600.0F * (float)BW_S));
	silence->last = sent;
	silence->hosts |= bit;
	if (silence->next_nats <= 0)
		silence->next = sent;
	silence->next_nats += nats;
	if (silence->next_nats < SILENCE_SURE)
		return;
	silence->before = silence->sure;
	silence->sure = silence->next;
	silence->sealed = sent;
	silence->next_nats = 0;
	silence->hosts = 0;
}

void silence_take_back(struct silence *silence, struct bw_mono t)
{
	if (!bw_mono_before(silence->last, t)) {
		silence->next_nats = 0;
		silence->hosts = 0;
	}
	if (bw_mono_before(silence->sealed, t))
		return;
	silence->sealed = silence->sure; /* `before` weighed enough by then */
	if (!bw_mono_before(silence->before, t))
		silence->before.ns = INT64_MIN;
	silence->sure = silence->before;
}
