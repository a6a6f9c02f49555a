/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_CONFIG_CHECK_NETWORK_H
#define APP_RUN_CONFIG_CHECK_NETWORK_H

#include "app/run/config/run_config.h"

/*
 * Looks at the files that network sinks name, as who started this process: `run` opens them before
 * it gives up root. A file that cannot be read is a flaw; where another process ships it is a
 * warning, as are secrets that others may read. A credential of the service manager with the name
 * of the file counts instead of it.
 */
void check_network_files(const struct conf_run *conf, struct flaws *flaws);

/* Warns of sinks whose `targets` name none that is watched. After the inputs were read. */
void check_network_targets(const struct run_config *config);

#endif
