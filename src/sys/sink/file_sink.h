/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SINK_FILE_SINK_H
#define SYS_SINK_FILE_SINK_H

#include <stddef.h>

/*
 * Records as JSON Lines in a file with rotation: PATH is written, PATH.1 is the file
 * before it, and so on up to PATH.KEEP. Lines are always whole; when the file is opened,
 * a line that a crash cut off at its end is removed. Reads no clock: records have their
 * own time. The file is locked (flock), so that no second process writes it.
 *
 * When writing fails (the disk is full), urgent lines wait in memory and are written
 * before anything else once writing works again. Other lines are lost and counted. When
 * no new file can be begun, the old one grows on, and it is tried again each minute.
 *
 * file_sink_open() (sys/sink/sink_kinds.h) opens or creates the file and uses no loop. It
 * returns BW_ERR_VALUE when PATH is no regular file or holds something other than records,
 * and BW_ERR_UNAVAILABLE when another process writes it or the system refuses.
 */
#define FILE_SINK_WAITING_MAX ((size_t)256 << 10) /* bytes of urgent lines */

#endif
