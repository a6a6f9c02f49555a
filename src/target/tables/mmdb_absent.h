/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_TABLES_MMDB_ABSENT_H
#define TARGET_TABLES_MMDB_ABSENT_H

/*
 * The counterpart of mmdb.c in a build without libmaxminddb (-Dmmdb=disabled): it offers the same
 * functions, and mmdb_open() refuses every file with BW_ERR_UNAVAILABLE.
 */
#include "target/tables/mmdb.h"

#endif
