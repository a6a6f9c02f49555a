/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_ORIGIN_H
#define TARGET_ORIGIN_H

#include <blockwatch/target.h>

#include "json/json_out.h"
#include "json/node.h"

/*
 * The part of a target file that says how `targets build` has made it: "inputs", "left_out" and
 * "second".
 */
#define ORIGIN_INPUTS_MAX 256

/* The origin of a target, made when it has none; NULL: out of memory. */
struct bw_origin *origin_of(struct bw_target *target);
void origin_free(struct bw_origin *origin);

/* Reads it, if it is there. Returns as target_parse(). */
int origin_read(const struct node *target_node, struct bw_target *target);

/* Writes its members into the object of the target; nothing for NULL. */
void origin_write(struct json_out *out, const struct bw_origin *origin);

#endif
