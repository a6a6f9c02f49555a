/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_FADING_H
#define INFER_FADING_H

#include <stdint.h>

/*
 * What an old answer of a host still says. An address that answered once may be switched off
 * or belong to somebody else by now. Half of the hosts are taken to be gone after 30 days; an
 * answer that is older than 180 days is no evidence.
 */
#define FADING_HALF_LIFE_DAYS 30
#define FADING_MAX_DAYS 180

/* The probability that a host is gone whose last answer is AGE_NS old; 0 for the future. */
float fading_gone(int64_t age_ns);

/*
 * The probability that a host answers its next probe while its block is up, after SILENCES
 * probes in a row that it did not answer. AVAILABILITY: of one that is not gone; GONE: the
 * probability that it is. The silences of one host never count more than ln(GONE) together.
 */
float fading_availability(float availability, float gone, unsigned silences);

#endif
