/* SPDX-License-Identifier: Apache-2.0 */
#include "report/state/state_sum.h"

#include "base/siphash.h"

uint64_t state_sum(uint64_t sum, const char *line, size_t length)
{
	const struct siphash_key key = siphash_key_of(sum);

	return siphash(&key, line, length);
}
