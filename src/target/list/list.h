/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_LIST_H
#define TARGET_LIST_H

#include <blockwatch/target.h>

/*
 * Makes a target of a plain list. A prefix is a network of its own; addresses
 * are gathered into networks of one block each (/24, /48) with these hosts. All
 * networks have known = false: a list says where to look, not who answers. The
 * target is probed with icmp; its name is that of the file.
 * FILE_NAME may be NULL: then name and file are too, and errors have no place.
 * Returns 0; -ENOMEM; what lines_next() says; BW_ERR_OVERLAP for what is listed
 * twice (both lines named); BW_ERR_VALUE for an empty list; what
 * network_check() says.
 */
int list_parse(const char *bytes, size_t length, const char *file_name,
	       struct bw_target **ret_target, struct bw_err *err);

#endif
