/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_SQLITE_PART_H
#define SYS_DB_SQLITE_PART_H

#include <limits.h>
#include <sys/stat.h>

#include <blockwatch/err.h>

#define SQLITE_PART_ENDING ".part"

/*
 * Private to sys/db: the file in which a copy is made, until it takes the place of PATH: PATH.part.
 * It is locked (flock), so that two copies to one file are not mixed. One that a program left
 * behind when it was killed has no lock and is replaced.
 */
struct sqlite_part {
	char path[PATH_MAX];
	int fd; /* -1: none */
};

/*
 * Makes it, empty, with the permissions of MODE. Returns 0; BW_ERR_LIMIT; BW_ERR_PRIVILEGE; or
 * BW_ERR_UNAVAILABLE, also while another copy to PATH is made. Call sqlite_part_end() in all cases.
 */
int sqlite_part_open(struct sqlite_part *part, const char *path, mode_t mode, struct bw_err *err);

/* Gives it an owner, and writes it to the disk. */
int sqlite_part_give(const struct sqlite_part *part, const struct stat *owner, struct bw_err *err);

/* Puts it in the place of PATH. */
int sqlite_part_put(struct sqlite_part *part, const char *path, struct bw_err *err);

/* Removes it unless it was put in its place. */
void sqlite_part_end(struct sqlite_part *part);

/* Removes what a copy to PATH left behind that nobody makes any more. */
void sqlite_part_sweep(const char *path);

/* The owner of a file becomes that of another one. Returns 0, or -1 with errno. */
int sqlite_part_chown(int fd, const struct stat *owner);

/* What the system says of a file, and what can be done. */
int sqlite_part_fail(const char *path, const char *what, int error, struct bw_err *err);

#endif
