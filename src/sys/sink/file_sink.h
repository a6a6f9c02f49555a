/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SINK_FILE_SINK_H
#define SYS_SINK_FILE_SINK_H

#include "conf/run/run.h"
#include "ship/sink.h"
#include "sys/loop/loop.h"

/*
 * Records as JSON Lines in a file with rotation: PATH is written, PATH.1 is the file
 * before it, and so on up to PATH.KEEP. Lines are always whole; when the file is opened,
 * a line that a crash cut off at its end is removed. Reads no clock: records have their
 * own time. The file is locked (flock), so that no second process writes it.
 *
 * When writing fails (the disk is full), urgent lines wait in memory and are written
 * before anything else once writing works again. Other lines are lost and counted. When
 * no new file can be begun, the old one grows on, and it is tried again each minute.
 */
#define FILE_SINK_WAITING_MAX ((size_t)256 << 10) /* bytes of urgent lines */

/*
 * Opens or creates the file that CONF names; of CONF it takes path, max_size, max_age_ns
 * and keep. LOOP is not used. Returns 0; BW_ERR_VALUE when it is no regular file or holds
 * something other than records; BW_ERR_UNAVAILABLE when another process writes it or the
 * system refuses; -ENOMEM; with the path. sink_reopen() takes a struct conf_run_sink too
 * and returns the same.
 */
int file_sink_open(const struct conf_run_sink *conf, struct loop *loop, struct sink *ret_sink,
		   struct bw_err *err);

#endif
