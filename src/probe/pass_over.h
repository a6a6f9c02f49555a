/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PASS_OVER_H
#define PROBE_PASS_OVER_H

#include <stdint.h>

#include "probe/outcome.h"

/*
 * The way of the first probe of a ring takes nothing now. Those at the head that leave by the same
 * way go behind all others, so that other ways do not wait for it. With one way the order stays.
 */
void pass_over(struct probe *queue, uint32_t max, uint32_t *head, uint32_t count);

#endif
