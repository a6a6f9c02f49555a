/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_EVIDENCE_BEGAN_H
#define INFER_EVIDENCE_BEGAN_H

#include "infer/evidence/evidence.h"

/*
 * The latest moment at which the silence began, right in 999 of 1000 cases: its first silent
 * probes may have been lost by chance, so it may have begun after them. BW_NEVER: no silence.
 */
struct bw_mono began_by(const struct evidence_log *log, struct bw_mono last_answer,
			struct bw_mono now);

#endif
