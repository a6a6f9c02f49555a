/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_CONDITION_SATURATE_H
#define INFER_CONDITION_SATURATE_H

#include <stdint.h>

/* Adds MORE to a counter of 8 bits, which stops at its limit. */
static inline void saturate_add(uint8_t *value, unsigned more)
{
	*value = (uint8_t)(*value + more > UINT8_MAX ? UINT8_MAX : *value + more);
}

#endif
