/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_marks.h"

#include <errno.h>
#include <stdlib.h>

int sweep_marks_init(struct sweep_marks *marks, uint64_t count, uint32_t layers)
{
	marks->words_a_layer = (count + 63) / 64;
	marks->layers = layers;
	marks->words = calloc(marks->words_a_layer * layers + 1, sizeof(*marks->words));
	return marks->words ? 0 : -ENOMEM;
}

void sweep_marks_fini(struct sweep_marks *marks)
{
	free(marks->words);
	marks->words = NULL;
}

bool sweep_marks_any(const struct sweep_marks *marks, uint32_t first, uint32_t step,
		     uint64_t number)
{
	for (uint32_t layer = first; layer < marks->layers; layer += step)
		if (sweep_marks_has(marks, layer, number))
			return true;
	return false;
}
