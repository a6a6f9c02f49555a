/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_SINK_H
#define SHIP_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include <blockwatch/err.h>
#include <blockwatch/time.h>

/*
 * A sink takes records and brings them somewhere: to a file, to standard output. Every
 * kind of sink is one table of functions, struct sink_ops. A record is encoded once, by
 * the owner of the sinks. A sink sees lines and knows nothing of their content.
 *
 * A sink never blocks and never fails its caller. A line that it cannot bring there
 * waits in its memory, which has a limit, or is lost and counted by reason. What people
 * should know is fetched with sink_news().
 */

/* A line to be written. */
struct sink_line {
	const char *text; /* one record with its newline; borrowed for the call */
	size_t length;
	const char *type;    /* of the record, "event" say */
	bool urgent;         /* an event: lost last */
	struct bw_wall time; /* of the record */
};

#define SINK_LOST_LIST(X)                                                               \
	X(SINK_NO_SPACE, "no space") /* disk, quota or file size */                     \
	X(SINK_FAILED, "write failed")                                                  \
	X(SINK_QUEUE_FULL, "not read") /* the reader is too slow */                     \
	X(SINK_TOO_LONG, "too long")   /* the record has no line: too long to encode */ \
	X(SINK_CUT_OFF, "cut off")     /* by a crash, found at the end of a file */

enum sink_lost {
#define X(name, text) name,
	SINK_LOST_LIST(X)
#undef X
		SINK_LOST_REASONS
};

struct sink_stats {
	uint64_t written;
	uint64_t waiting; /* lines in memory */
	uint64_t lost[SINK_LOST_REASONS];
};

/* SELF is the sink's own; OPTIONS is what the constructor of its kind takes. */
struct sink_ops {
	/* Takes a line: writes it, keeps it, or loses and counts it. */
	void (*put)(void *self, const struct sink_line *line);

	/* Tries to write what waits, until UNTIL at the latest, and hands all to the disk. */
	void (*flush)(void *self, struct bw_mono until);

	/*
	 * Takes new options and opens again what was moved away. Returns 0, or the error
	 * with a message; then all is as it was.
	 */
	int (*reopen)(void *self, const void *options, struct bw_err *err);

	/*
	 * When the sink wants to be woken, and what is called then. NULL: never. (A sink that
	 * waits for a descriptor watches it in the loop.)
	 */
	struct bw_mono (*deadline)(const void *self);
	void (*wake)(void *self, struct bw_now now);

	void (*stats)(const void *self, struct sink_stats *ret_stats);

	/* The next message for people since the last call. False: there is none. */
	bool (*news)(void *self, struct bw_err *ret_news);

	/* Names this sink in messages: its path, or "stdout". Lives as long as it. */
	const char *(*name)(const void *self);

	/* True when it has failed for good: no line is written any more. NULL: it never does. */
	bool (*is_over)(const void *self);

	/* Closes it, without a flush. */
	void (*free)(void *self);
};

struct sink {
	const struct sink_ops *ops;
	void *self; /* owned by the sink */
};

/* The operations, by their names. Each passes SINK's own to the function of its kind. */
void sink_put(const struct sink *sink, const struct sink_line *line);
void sink_flush(const struct sink *sink, struct bw_mono until);
int sink_reopen(const struct sink *sink, const void *options, struct bw_err *err);
struct bw_mono sink_deadline(const struct sink *sink); /* BW_NEVER: none */
void sink_wake(const struct sink *sink, struct bw_now now);
void sink_stats(const struct sink *sink, struct sink_stats *ret_stats);
bool sink_news(const struct sink *sink, struct bw_err *ret_news);
const char *sink_name(const struct sink *sink);
bool sink_is_over(const struct sink *sink);

/* Accepts {0}. */
void sink_free(struct sink *sink);

const char *sink_lost_name(enum sink_lost reason);

/* Lines lost for any reason. */
uint64_t sink_lost(const struct sink_stats *stats);

/*
 * "12 records written, 1 waiting, 3 lost (2 no space, 1 cut off)", in a buffer of
 * SINK_STATS_TEXT bytes. Returns it.
 */
#define SINK_STATS_TEXT 320
char *sink_stats_format(const struct sink_stats *stats, char text[SINK_STATS_TEXT]);

#endif
