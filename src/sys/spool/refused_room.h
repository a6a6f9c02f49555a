/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_REFUSED_ROOM_H
#define SYS_SPOOL_REFUSED_ROOM_H

#include "sys/spool/refused.h"

/*
 * Makes room for one more batch of LENGTH bytes in the folder `refused`: of what is there, the
 * oldest batches are removed, with a sixteenth of each limit to spare. Counts them in
 * REFUSED->removed. Other files are left alone and not counted. Returns 0, -ENOMEM or -errno.
 */
int refused_room_make(struct refused *refused, uint64_t length);

#endif
