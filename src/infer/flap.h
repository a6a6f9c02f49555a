/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_FLAP_H
#define INFER_FLAP_H

#include <stdint.h>

/*
 * Damping as operators know it from BGP (RFC 2439): each confirmed transition
 * adds 1 to a penalty that halves in each half-life. From one threshold on the
 * block is flapping, below a lower one it no longer is.
 */
float flap_decay(float penalty, int64_t elapsed_ns, int64_t half_life_ns);

#endif
