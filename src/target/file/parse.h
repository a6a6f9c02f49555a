/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_PARSE_H
#define TARGET_PARSE_H

#include <blockwatch/target.h>

#include "target/file/file.h"

#define TARGET_SCHEMA "blockwatch/target/1"
#define TARGET_JSON_MAX FILE_SIZE_MAX /* bytes: what a survey of a million hosts writes */

/*
 * Makes a target of a target file (JSON, target.schema.json). Fields that the schema does
 * not have are refused, so that a misspelt field is noticed.
 * A network with hosts has known = true. Without methods: icmp; without a name:
 * that of the file.
 * Returns 0; -ENOMEM; BW_ERR_SYNTAX for what is not JSON; BW_ERR_VALUE;
 * BW_ERR_OVERLAP for networks or hosts given twice or overlapping, and for fields
 * given twice; BW_ERR_LIMIT. err has file, line, column and field.
 */
int target_parse(const char *bytes, size_t length, const char *file_name,
		 struct bw_target **ret_target, struct bw_err *err);

/* As target_parse() when the first byte that is not space is '{', else as list_parse(). */
int target_parse_any(const char *bytes, size_t length, const char *file_name,
		     struct bw_target **ret_target, struct bw_err *err);

#endif
