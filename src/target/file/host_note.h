/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_FILE_HOST_NOTE_H
#define TARGET_FILE_HOST_NOTE_H

#include <blockwatch/target.h>

#include "json/node.h"

/* Name and source of hosts. They are kept beside the hosts, so that those without pay nothing. */

#define HOST_NOTE_NAME_MAX 100 /* bytes of a name, */
#define HOST_NOTE_SOURCE_MAX 1000 /* of a source */

/*
 * Reads `name` and `source` of the host NODE with this address, and adds them to the target if
 * there are any. Returns 0, BW_ERR_VALUE or -ENOMEM.
 */
int host_note_read(const struct node *node, const struct bw_addr *addr, struct bw_target *target);

/* Puts the notes in order, after the last. */
void host_note_sort(struct bw_target *target);

#endif
