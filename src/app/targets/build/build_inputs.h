/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_BUILD_INPUTS_H
#define APP_TARGETS_BUILD_INPUTS_H

#include <blockwatch/target.h>

#include "app/targets/build/build_options.h"

/*
 * Reads all inputs of `targets build` and fills networks, inputs, what is left out and the second
 * opinion into TARGET. Returns 0; BW_ERR_VALUE when nothing is left; BW_ERR_USAGE for an input
 * without any date; errors of the readers, with file and line.
 */
int build_inputs_read(struct build_request *request, struct bw_target *target, struct bw_err *err);

#endif
