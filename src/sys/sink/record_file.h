/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SINK_RECORD_FILE_H
#define SYS_SINK_RECORD_FILE_H

#include <blockwatch/time.h>

/* A file of records (JSON Lines) that is open for appending; see sys/sink/file_sink.h. */
struct record_file {
	int fd;               /* -1: none */
	uint64_t size;        /* bytes of whole lines */
	uint64_t cut_off;     /* lines without an end when it was opened: 0 or 1 */
	struct bw_wall began; /* time of its first record; ns 0: there is none */
};

/*
 * Opens PATH, or creates it, and locks it. A line without an end is removed. Returns 0;
 * BW_ERR_VALUE when it is no regular file, or does not begin and end as a file of records;
 * BW_ERR_UNAVAILABLE when another process has the lock or the system refuses; with the path.
 */
int record_file_open(const char *path, struct record_file *ret_file, struct bw_err *err);

/*
 * Creates PATH and locks it; follows no link. An empty file or a link that is at PATH is
 * removed first. Returns 0, or BW_ERR_UNAVAILABLE with the path.
 */
int record_file_create(const char *path, struct record_file *ret_file, struct bw_err *err);
void record_file_close(struct record_file *file);

/* True when PATH names this file. */
bool record_file_is_at(const struct record_file *file, const char *path);

/* Removes what follows after `size`. Returns 0 or -errno. */
int record_file_cut(const struct record_file *file);

#endif
