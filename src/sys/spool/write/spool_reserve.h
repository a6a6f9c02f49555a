/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_RESERVE_H
#define SYS_SPOOL_WRITE_SPOOL_RESERVE_H

#include "sys/spool/write/spool_home.h"

/*
 * The file `reserve` in the folder of the spool keeps bytes of the disk. On a full disk they are
 * given up, so that a segment can be written anew without the records that go.
 */

/*
 * Makes the file with SIZE bytes, or fewer where the disk has less than sixteen times as many. One
 * that is there stays. It is no error that there is no room for one.
 */
void spool_reserve_make(const struct spool_home *home, uint64_t size);

/* Its bytes; 0: there is none. */
uint64_t spool_reserve_size(const struct spool_home *home);

/* Removes it. */
void spool_reserve_give_up(const struct spool_home *home);

#endif
