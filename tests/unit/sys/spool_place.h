/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SYS_SPOOL_PLACE_H
#define TESTS_UNIT_SYS_SPOOL_PLACE_H

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ship/spool/recovery.h"
#include "sys/spool/write/spool.h"
#include "sys/spool/write/spool_lines.h"

#define MIB ((uint64_t)1 << 20)
#define WALL INT64_C(1796083200000000000)

/* A state directory of its own, and the time of the test. */
struct place {
	char directory[64];
	struct bw_now now;
	struct plan_limits limits;
	struct spool *spool;
	uint64_t seq;
	char boot[16];
};

static inline void open_spool(struct place *place)
{
	struct spool_config config = {
		.directory = place->directory,
		.limits = place->limits,
	};

	assert_int_equal(spool_open(&config, place->now, &place->spool), 0);
}

static inline int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	/* In memory where that is possible: each event is an fsync(). */
	snprintf(place->directory, sizeof(place->directory), "%s/bw-spool-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(place->directory));
	place->now = (struct bw_now){{1000 * BW_S}, {WALL}};
	place->limits = (struct plan_limits){16 * MIB, 86400 * BW_S};
	snprintf(place->boot, sizeof(place->boot), "b1");
	*state = place;
	return 0;
}

static inline int tear_down(void **state)
{
	struct place *place = *state;
	char command[128];

	spool_close(place->spool);
	snprintf(command, sizeof(command), "rm -rf %s", place->directory);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

static inline void again(struct place *place)
{
	spool_close(place->spool);
	place->spool = NULL;
	open_spool(place);
}

static inline void put(struct place *place, unsigned type, size_t padding)
{
	static char text[32768];
	char time[BW_WALL_TEXT];
	int length = snprintf(text, sizeof(text),
			      "{\"schema\":\"blockwatch/record/1\",\"type\":\"%s\","
			      "\"vantage\":\"v\",\"boot\":\"%s\",\"seq\":%llu,"
			      "\"time\":\"%s\",\"x\":\"%0*d\"}\n",
			      spool_type_name(type), place->boot, (unsigned long long)++place->seq,
			      bw_wall_format(place->now.wall, time), (int)padding, 0);
	struct spool_line line = {text,        (size_t)length, type,
				  place->boot, place->seq,     place->now.wall};

	spool_put(place->spool, &line, place->now);
}

static inline void pass(struct place *place, int64_t ns)
{
	place->now.mono.ns += ns;
	place->now.wall.ns += ns;
	spool_wake(place->spool, place->now);
}

static inline char *path_of(const struct place *place, const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/spool/%s", place->directory, name);
	return path;
}

static inline void append_bytes(const struct place *place, const char *name, const char *bytes,
				size_t length)
{
	int fd = open(path_of(place, name), O_WRONLY | O_APPEND | O_CREAT, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t)length);
	close(fd);
}

static inline bool is_there(const struct place *place, const char *name)
{
	return access(path_of(place, name), F_OK) == 0;
}

static inline struct spool_stats stats_of(const struct place *place)
{
	struct spool_stats stats;

	spool_stats(place->spool, place->now, &stats);
	return stats;
}

struct reading {
	uint64_t records, last_seq, bad;
	char boot[SPOOL_GROUP_BOOT];
};

/* Every record is of a higher number than the one before it, unless a boot began. */
static inline int take_line(void *self, const char *text, size_t length)
{
	struct reading *reading = self;
	struct spool_line line;
	char boot[SPOOL_GROUP_BOOT];

	if (!recovery_scan(text, length, boot, &line)) {
		reading->bad++;
		return 0;
	}
	if (strcmp(boot, reading->boot) == 0)
		assert_true(line.seq > reading->last_seq);
	snprintf(reading->boot, sizeof(reading->boot), "%s", boot);
	reading->last_seq = line.seq;
	reading->records++;
	return 0;
}

static inline struct reading read_all(const struct place *place, unsigned first, unsigned last)
{
	struct reading reading = {.records = 0};

	for (unsigned n = first; n <= last; n++) {
		char name[64];
		int fd;

		snprintf(name, sizeof(name), "records-%u.jsonl", n);
		fd = open(path_of(place, name), O_RDONLY);
		if (fd < 0)
			continue;
		assert_int_equal(spool_lines_read(fd, 0, take_line, &reading), 0);
		close(fd);
	}
	return reading;
}

static inline void check_news(const struct place *place, const char *part)
{
	struct bw_err news;

	if (!part) {
		assert_false(spool_news(place->spool, &news));
		return;
	}
	assert_true(spool_news(place->spool, &news));
	assert_non_null(strstr(news.message, part));
}

#endif
