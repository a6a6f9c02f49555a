/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_SINKS_H
#define CONF_RUN_SINKS_H

#include <stdint.h>

#include "conf/keys/keys.h"

/*
 * The kinds of sinks of `run` and their keys, as two lists. Made from them are the struct
 * below, the configuration with its messages and its schema (conf/run/run_sink_keys.c),
 * and the table of constructors (sys/sink/sink_kinds.h).
 *
 * A new kind is a line in the first list, its keys in the second, and a file in sys/sink,
 * which sys/meson.build lists. conf/config.schema.json is printed anew.
 */

/* X(NAME, module, word): the word in "type"; module_open() opens such a sink. */
#define CONF_RUN_SINK_LIST(X)                     \
	X(CONF_RUN_STDOUT, stdout_sink, "stdout") \
	X(CONF_RUN_FILE, file_sink, "file")

/*
 * K(type, member, key, keys_type, words, ...): a key and the member of struct conf_run_sink
 * that holds its value. Only the kinds in WORDS have the key, as in "http nats"; NULL: all
 * kinds. The rest are further members of struct keys_key.
 */
#define CONF_RUN_SINK_KEYS(K)                                                                     \
	K(const char *, path, "path", KEYS_PATH, "file", .flags = KEYS_REQUIRED | KEYS_UNIQUE,    \
	  .min = 1, .max = 4000, .example = "\"/var/lib/blockwatch/records.jsonl\"",              \
	  .help = "The file that records are appended to. The ones before it are PATH.1 "         \
		  "(the youngest), PATH.2 and so on. A relative path begins at the "              \
		  "folder of the configuration file that it stands in.")                          \
	K(uint64_t, max_size, "max_size", KEYS_SIZE, "file", /* bytes */                          \
	  .min = 64e3, .max = 1e12, .standard = "\"100MB\"",                                      \
	  .help = "A new file is begun before this one becomes larger.")                          \
	K(int64_t, max_age_ns, "max_age", KEYS_DURATION, "file", .min = 1, .max = 366 * 86400.0,  \
	  .standard = "\"1d\"",                                                                   \
	  .help = "A new file is begun when the first record of this one is so old.")             \
	K(uint64_t, keep, "keep", KEYS_COUNT, "file", .min = 1, .max = 1000, .unit = "old files", \
	  .standard = "14", .help = "How many old files are kept; the oldest is deleted.")

/* The order is that of the words in the table of keys; 0 is none of them. */
enum conf_run_sink_type {
	CONF_RUN_SINK_NONE,
#define X(NAME, module, word) NAME,
	CONF_RUN_SINK_LIST(X)
#undef X
};

/* The values of keys that a kind does not have are zero bytes or defaults. */
struct conf_run_sink {
	struct keys_place place;
	unsigned type; /* enum conf_run_sink_type */
#define K(type, member, key, keys_type, words, ...) type member;
	CONF_RUN_SINK_KEYS(K)
#undef K
};

#endif
