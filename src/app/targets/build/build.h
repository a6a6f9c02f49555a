/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_BUILD_H
#define APP_TARGETS_BUILD_H

/*
 * `blockwatch targets build`: makes a target file of registry and routing data. ARGV[0] is
 * "build". Returns the exit code.
 *
 * build_options has the options and what of them must fit together, build_inputs the files that
 * are read, build_write the file that is written.
 */
int build_run(int argc, char **argv);

#endif
