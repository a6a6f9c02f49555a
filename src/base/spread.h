/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SPREAD_H
#define BASE_SPREAD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * All numbers below a count, each once, in an order whose first few are spread over all of them,
 * however many are taken: that of their reversed bits (van der Corput, 1935).
 */
struct spread {
	size_t count, next;
	unsigned bits;
};

struct spread spread_over(size_t count);

/* False: there are no more. */
bool spread_next(struct spread *spread, size_t *ret_number);

#endif
