/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_FILES_H
#define CONF_RUN_FILES_H

#include "conf/run/run.h"

/* Private to conf/run: the texts of a configuration, read one after the other. */

#define RUN_FILES_MAX 256
#define RUN_FILES_DEPTH 8 /* of includes in each other, the first file counted */

/* The first text. */
struct run_files_text {
	const char *path;
	const char *bytes; /* NULL: those of the file */
	size_t length;
};

/*
 * Reads a text and what it includes into CONF, whose defaults are set, then does keys_finish().
 * FLAWS: as that of a document, or NULL. Returns as conf_run_read().
 */
int run_files_read(struct conf_run *conf, const struct run_files_text *text,
		   const struct document_flaws *flaws, struct bw_err *err);

#endif
