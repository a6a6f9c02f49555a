/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_TARGET_NAME_H
#define COLLECT_API_API_TARGET_NAME_H

#include "collect/board/board.h"

/* The target in a path like /v1/targets/NAME/timeline; SUFFIX is "/timeline". NULL: none. */
const struct board_target *api_target_name_find(const struct board *board, const char *path,
						const char *suffix);

#endif
