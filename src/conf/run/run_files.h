/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_FILES_H
#define CONF_RUN_FILES_H

#include "conf/run/run.h"

/* Private to conf/run: the texts of a configuration, read one after the other. */

#define RUN_FILES_MAX 256
#define RUN_FILES_DEPTH 8 /* of includes in each other, the first file counted */

/*
 * Reads PATH (or BYTES under this name, when they are not NULL) and what it includes
 * into CONF, whose defaults are set, then does keys_finish(). Returns as
 * conf_run_read().
 */
int run_files_read(struct conf_run *conf, const char *path, const char *bytes, size_t length,
		   struct bw_err *err);

#endif
