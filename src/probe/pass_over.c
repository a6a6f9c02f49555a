/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/pass_over.h"

void pass_over(struct probe *queue, uint32_t max, uint32_t *head, uint32_t count)
{
	uint32_t same = 1;

	while (same < count && queue[(*head + same) % max].egress == queue[*head].egress)
		same++;
	for (; same < count && same > 0; same--) {
		queue[(*head + count) % max] = queue[*head];
		*head = (*head + 1) % max;
	}
}
