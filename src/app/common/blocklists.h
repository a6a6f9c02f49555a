/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_BLOCKLISTS_H
#define APP_COMMON_BLOCKLISTS_H

#include "base/addr/prefix_set.h"
#include "conf/options/options.h"

/*
 * Reads the files of all --blocklist options into one new set, sealed. The caller frees the
 * set (prefix_set_free()). Without files the set is empty. Returns 0, -ENOMEM, or the first
 * error of blocklist_read().
 */
int blocklists_read(const struct options_texts *files, struct prefix_set **ret_set,
		    struct bw_err *err);

#endif
