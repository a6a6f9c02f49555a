/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_LIST_H
#define TARGET_LIST_H

#include <blockwatch/target.h>

/*
 * Makes a target of a plain list (target/list/lines.h). A prefix becomes a network; the
 * addresses of one block (/24, /48) become a network with these hosts. All networks have
 * known = false, because a list does not say which hosts answer. Entries that are listed twice
 * or lie in another are merged, and networks of too many blocks are sampled; the notes of the
 * target say so. The target is probed with icmp and has the name of the file.
 * FILE_NAME may be NULL: then name and file are too, and errors have no place.
 * Returns 0 or one of: -ENOMEM; an error of lines_next(); BW_ERR_VALUE for an empty list.
 */
int list_parse(const char *bytes, size_t length, const char *file_name,
	       struct bw_target **ret_target, struct bw_err *err);

#endif
