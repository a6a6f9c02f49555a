/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_TABLES_MMDB_FILE_H
#define TARGET_TABLES_MMDB_FILE_H

#include <stdbool.h>

/*
 * Whether a regular file is an mmdb by the mark of its metadata, which stands in the last
 * 128 KiB. False also for a file that cannot be read. Works without libmaxminddb.
 */
bool mmdb_file_is(const char *path);

#endif
