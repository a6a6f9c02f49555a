/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_NOTES_H
#define APP_COMMON_NOTES_H

#include <blockwatch/target.h>

/* Logs the notes of a target (merged entries, sampled networks), one warning each. */
void notes_log(const struct bw_target *target);

#endif
