/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DISK_FILE_OPEN_H
#define SYS_DISK_FILE_OPEN_H

#include <blockwatch/time.h>

/* A file of records (JSON Lines) that more are appended to; see sys/disk/file_sink.h. */
struct file_open {
	int fd; /* -1: none */
	uint64_t size;        /* of its whole lines */
	uint64_t cut_off;     /* lines whose end was missing when it was opened, 0 or 1 */
	struct bw_wall began; /* the time of its first record; ns 0: there is none */
};

/*
 * Opens PATH for appending, makes it when it is not there, and takes a lock on it.
 * Returns 0; BW_ERR_VALUE for what is no regular file, or begins or ends like no file of
 * records; BW_ERR_UNAVAILABLE when another process has the lock, or what the system
 * says; with the path.
 */
int file_open(const char *path, struct file_open *ret_file, struct bw_err *err);
void file_open_close(struct file_open *file);

/* True when PATH names this very file. */
bool file_open_is_at(const struct file_open *file, const char *path);

/* Takes away what stands behind `size`. Returns 0 or -errno. */
int file_open_cut(const struct file_open *file);

#endif
