/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_BUILD_FACTS_H
#define APP_TARGETS_BUILD_FACTS_H

#include <blockwatch/target.h>

#include "app/targets/build/build_options.h"
#include "sys/disk/input_file.h"

/* What is known of an input that has been read. All is borrowed. */
struct build_facts {
	const char *use, *path; /* the option, such as "delegated", and its file */
	const char *day;        /* that the file itself says; "": none */
	const struct input_facts *file;
};

/*
 * Adds an input to the target. Its day is that of the file itself, else that of --date, else
 * that of its modification. Returns 0; BW_ERR_USAGE, with the input, for one without any;
 * -ENOMEM.
 */
int build_facts_add(const struct build_request *request, struct bw_target *target,
		    const struct build_facts *facts, struct bw_err *err);

#endif
