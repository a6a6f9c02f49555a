/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_MARKS_H
#define PROBE_SWEEP_MARKS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Which addresses have answered: a bit for each address in each layer (a method in a
 * pass). Pages without a set bit take no memory. One thread sets bits, another may read.
 */
struct sweep_marks {
	_Atomic uint64_t *words;
	uint64_t words_a_layer;
	uint32_t layers;
};

/* For numbers below COUNT. 0 or -ENOMEM. */
int sweep_marks_init(struct sweep_marks *marks, uint64_t count, uint32_t layers);
void sweep_marks_fini(struct sweep_marks *marks);

static inline _Atomic uint64_t *sweep_marks_word(const struct sweep_marks *marks, uint32_t layer,
						 uint64_t number)
{
	return &marks->words[layer * marks->words_a_layer + number / 64];
}

static inline bool sweep_marks_has(const struct sweep_marks *marks, uint32_t layer, uint64_t number)
{
	uint64_t word =
		atomic_load_explicit(sweep_marks_word(marks, layer, number), memory_order_relaxed);

	return word >> number % 64 & 1;
}

/* Returns false when it was set already. */
static inline bool sweep_marks_set(struct sweep_marks *marks, uint32_t layer, uint64_t number)
{
	_Atomic uint64_t *word = sweep_marks_word(marks, layer, number);
	uint64_t before = atomic_load_explicit(word, memory_order_relaxed);
	uint64_t bit = UINT64_C(1) << number % 64;

	atomic_store_explicit(word, before | bit, memory_order_relaxed);
	return !(before & bit);
}

/* True when NUMBER is marked in a layer FIRST, FIRST + STEP, ... */
bool sweep_marks_any(const struct sweep_marks *marks, uint32_t first, uint32_t step,
		     uint64_t number);

#endif
