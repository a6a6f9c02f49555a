/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_SPOOL_ID_H
#define SYS_SPOOL_SPOOL_ID_H

#include <stdbool.h>

#include <blockwatch/err.h>

/*
 * The file `spool.json` in the folder of a spool: a random id, made together with the folder. A
 * position that has another id belongs to another spool. FOLDER is a descriptor of the folder.
 */
#define SPOOL_ID_TEXT 33 /* up to 32 hexadecimal digits */

/* Reads the id. Returns false, and sets it to "", where the file is missing or has none. */
bool spool_id_read(int folder, char id[SPOOL_ID_TEXT]);

/* Makes a new id and writes the file. Returns 0 or -errno, with a message. */
int spool_id_make(int folder, char id[SPOOL_ID_TEXT], struct bw_err *err);

#endif
