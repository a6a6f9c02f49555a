/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_DELIVERY_SECRET_FILES_H
#define APP_RUN_DELIVERY_SECRET_FILES_H

#include "conf/run/run.h"
#include "sys/loop/child.h"

/*
 * The files that network sinks name: tokens, certificates, keys, credentials. `run` opens them
 * before it gives up root, and passes the descriptors to `ship`, which reads them. `run` itself
 * reads none.
 */
struct secret_files {
	struct secret_file {
		char *path;
		int fd;
	} list[CHILD_FDS_MAX];
	size_t count;
};

/*
 * Opens what CONF names, each file once. A file that cannot be opened keeps the descriptor that it
 * had, if any: after root was given up it may be out of reach. Others are left to `ship`, which
 * says what is wrong.
 */
void secret_files_open(struct secret_files *files, const struct conf_run *conf);
void secret_files_close(struct secret_files *files);

#endif
