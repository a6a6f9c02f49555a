/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_SINKS_H
#define CONF_RUN_SINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/keys/keys.h"

/*
 * The kinds of sinks of `run` and their keys, as two lists. Made from them are the struct
 * below, the configuration with its messages and its schema (conf/run/run_sink_keys.c),
 * and the table of constructors (sys/sink/sink_kinds.h).
 *
 * A new kind is a line in the first list, its keys in the second, and a file in sys/sink,
 * which sys/meson.build lists. conf/config.schema.json is printed anew.
 *
 * Network sinks are a list of their own: `run` puts their records into the spool, and `ship`
 * opens them.
 */

/* X(NAME, module, word): the word in "type"; module_open() opens such a sink. */
#define CONF_RUN_SINK_LIST(X)                     \
	X(CONF_RUN_STDOUT, stdout_sink, "stdout") \
	X(CONF_RUN_FILE, file_sink, "file")

/* X(NAME, word): the kinds behind the spool. */
#define CONF_RUN_NETWORK_SINK_LIST(X) \
	X(CONF_RUN_HTTP, "http")      \
	X(CONF_RUN_NATS, "nats")

/* X(NAME, word): how records stand in a request; how it is compressed. */
#define CONF_RUN_FRAMING_LIST(X)              \
	X(CONF_RUN_NDJSON, "ndjson")          \
	X(CONF_RUN_ES_BULK, "es_bulk")        \
	X(CONF_RUN_LOKI, "loki")
#define CONF_RUN_COMPRESSION_LIST(X) \
	X(CONF_RUN_GZIP, "gzip")     \
	X(CONF_RUN_ZSTD, "zstd")     \
	X(CONF_RUN_NO_COMPRESSION, "none")

/* The lists of words of choices, which end with NULL. */
extern const char *const conf_run_spool_types[], *const conf_run_framings[],
	*const conf_run_compressions[];

#define CONF_RUN_SUBJECT "blockwatch.{vantage}.{target}.{type}"

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
	  .standard = "14", .help = "How many old files are kept; the oldest is deleted.")         \
	K(const char *, name, "name", KEYS_NAME, "http nats",                                     \
	  .flags = KEYS_REQUIRED | KEYS_UNIQUE, .min = 1, .max = 63, .example = "\"centre\"",     \
	  .help = "The name of this sink in messages and vantage records. Its position in the "   \
		  "spool is kept under this name: a sink with a new name begins at the oldest "   \
		  "record.")                                                                      \
	K(const char *, url, "url", KEYS_TEXT, "http nats", .flags = KEYS_REQUIRED, .min = 1,     \
	  .max = 2000, .example = "\"https://centre.example/v1/records\"",                        \
	  .help = "Where records are sent: http:// or https:// for \"http\"; nats:// or tls:// "  \
		  "for \"nats\". A password does not belong here: see \"token_file\" and "        \
		  "\"credentials_file\".")                                                        \
	K(unsigned, types, "types", KEYS_CHOICES, "http nats", .words = conf_run_spool_types,     \
	  .absent = "those of \"records\"", .example = "[\"event\", \"target\"]",                 \
	  .help = "Which types of records are sent. \"probe\" makes `run` write a record of "     \
		  "each probe.")                                                                  \
	K(struct keys_texts, targets, "targets", KEYS_TEXTS, "http nats", .min = 1, .max = 255,   \
	  .absent = "all", .example = "[\"kp\"]",                                                 \
	  .help = "The names of the targets whose records are sent. Records that belong to no "   \
		  "target are always sent.")                                                      \
	K(unsigned, framing, "framing", KEYS_CHOICE, "http", .words = conf_run_framings,          \
	  .standard = "\"ndjson\"",                                                               \
	  .help = "How records stand in a request: JSON Lines, the bulk interface of "            \
		  "Elasticsearch and OpenSearch, or the push interface of Loki.")                 \
	K(unsigned, compression, "compression", KEYS_CHOICE, "http",                              \
	  .words = conf_run_compressions, .standard = "\"gzip\"",                                 \
	  .help = "How requests are compressed.")                                                 \
	K(const char *, token_file, "token_file", KEYS_PATH, "http",                              \
	  .flags = KEYS_MAY_BE_NULL, .min = 1, .max = 4000,                                       \
	  .example = "\"/etc/blockwatch/centre.token\"",                                          \
	  .help = "The file of the bearer token that stands in each request. Nobody but its "     \
		  "owner and group should be able to read it.")                                   \
	K(struct keys_pairs, headers, "headers", KEYS_PAIRS, "http", .min = 1, .max = 4000,       \
	  .example = "{\"X-Scope-OrgID\": \"probes\"}",                                           \
	  .help = "Further headers of each request.")                                             \
	K(const char *, proxy, "proxy", KEYS_TEXT, "http", .flags = KEYS_MAY_BE_NULL, .min = 1,   \
	  .max = 2000, .absent = "as https_proxy and http_proxy in the environment say",          \
	  .example = "\"http://proxy.example:3128\"", .help = "The proxy of the requests.")       \
	K(int64_t, timeout_ns, "timeout", KEYS_DURATION, "http nats", .min = 1, .max = 3600,      \
	  .standard = "\"60s\"",                                                                  \
	  .help = "So long the server may be silent before the request is given up and sent "     \
		  "again.")                                                                       \
	K(const char *, stream, "stream", KEYS_NAME, "nats", .min = 1, .max = 255,                \
	  .standard = "\"BLOCKWATCH\"",                                                           \
	  .help = "The JetStream stream. It is made if there is none of this name.")              \
	K(const char *, subject, "subject", KEYS_TEXT, "nats", .min = 1, .max = 1000,             \
	  .standard = "\"" CONF_RUN_SUBJECT "\"",                                                 \
	  .help = "The subject of a record, with {vantage}, {target}, {type} and {boot} in "      \
		  "place of its values.")                                                         \
	K(const char *, credentials_file, "credentials_file", KEYS_PATH, "nats",                  \
	  .flags = KEYS_MAY_BE_NULL, .min = 1, .max = 4000,                                       \
	  .example = "\"/etc/blockwatch/stream.creds\"",                                          \
	  .help = "The credentials file (JWT and seed) of the user at the NATS server.")          \
	K(const char *, ca_file, "ca_file", KEYS_PATH, "http nats", .flags = KEYS_MAY_BE_NULL,    \
	  .min = 1, .max = 4000, .absent = "those of the system",                                 \
	  .example = "\"/etc/blockwatch/ca.pem\"",                                                \
	  .help = "The certificates of the authorities that the server's certificate is checked " \
		  "by, as PEM.")                                                                  \
	K(const char *, client_certificate, "client_certificate", KEYS_PATH, "http nats",         \
	  .flags = KEYS_MAY_BE_NULL, .min = 1, .max = 4000,                                       \
	  .example = "\"/etc/blockwatch/client.pem\"",                                            \
	  .help = "The certificate of this client for mutual TLS, as PEM.")                       \
	K(const char *, client_key, "client_key", KEYS_PATH, "http nats",                         \
	  .flags = KEYS_MAY_BE_NULL, .min = 1, .max = 4000,                                       \
	  .example = "\"/etc/blockwatch/client.key\"",                                            \
	  .help = "The private key of \"client_certificate\", as PEM.")

/* The order is that of the words in the table of keys; 0 is none of them. */
enum conf_run_sink_type {
	CONF_RUN_SINK_NONE,
#define X(NAME, module, word) NAME,
	CONF_RUN_SINK_LIST(X)
#undef X
#define X(NAME, word) NAME,
	CONF_RUN_NETWORK_SINK_LIST(X)
#undef X
};

/* As `framing` and `compression` hold them; 0: none is given. */
enum conf_run_framing {
	CONF_RUN_FRAMING_NONE,
#define X(NAME, word) NAME,
	CONF_RUN_FRAMING_LIST(X)
#undef X
};
enum conf_run_compression {
	CONF_RUN_COMPRESSION_NONE,
#define X(NAME, word) NAME,
	CONF_RUN_COMPRESSION_LIST(X)
#undef X
};

/* The values of keys that a kind does not have are zero bytes or defaults. */
struct conf_run_sink {
	struct keys_place place;
	unsigned type; /* enum conf_run_sink_type */
	/* `types` is a set of 1 << enum spool_type (ship/spool/spool_type.h). */
#define K(type, member, key, keys_type, words, ...) type member;
	CONF_RUN_SINK_KEYS(K)
#undef K
};

/* Whether it lies behind the spool. */
bool conf_run_sink_is_network(const struct conf_run_sink *sink);

#endif
