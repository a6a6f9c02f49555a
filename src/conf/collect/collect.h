/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_COLLECT_COLLECT_H
#define CONF_COLLECT_COLLECT_H

#include <stdio.h>

#include "conf/keys/keys.h"

/*
 * The configuration of the collector, as plain data. conf/collect/collect_keys.c has the table
 * of its keys with their ranges, defaults and meaning.
 */
#define CONF_COLLECT_SQLITE "sqlite:" /* of "store", followed by a path */

struct conf_collect_vantage {
	struct keys_place place;
	const char *name;
	const char *token_file; /* NULL: its records come by the stream alone */
	uint64_t asn;           /* of its upstream; 0: not known */
};

/* Who is told of events: one of URL and COMMAND is given. */
struct conf_collect_webhook {
	struct keys_place place;
	const char *url;           /* or NULL */
	struct keys_texts command; /* the program and its arguments */
	const char *secret_file;   /* NULL: not signed */
	struct keys_texts targets; /* none: all */
};

/* How long what is kept. */
struct conf_collect_retention {
	int64_t records_ns;   /* records as they came */
	int64_t intervals_ns; /* what was merged, hourly sums, outages, events; 0: forever */
};

struct conf_collect {
	const char *listen; /* "127.0.0.1:8080" */
	struct {
		struct keys_place place;       /* line 0: without TLS */
		const char *certificate, *key; /* files; both or none */
	} tls;
	const char *store; /* CONF_COLLECT_SQLITE and a path, or the URL of a PostgreSQL database */
	struct {
		struct conf_collect_vantage *list;
		size_t count;
	} vantages;
	struct {
		struct keys_place place; /* line 0: records come over HTTP alone */
		const char *url;         /* NULL likewise */
		const char *stream, *durable, *subject;
		const char *credentials_file, *ca_file, *client_certificate, *client_key;
	} nats;
	struct conf_collect_retention retention;
	const char *read_token_file; /* NULL: anybody may read */
	struct {
		struct conf_collect_webhook *list;
		size_t count;
	} webhooks;
	uint64_t stale_after; /* rounds */
	uint64_t quorum;      /* different upstream networks that dark takes */
	const char *user;     /* who to become; NULL: nobody else */
	struct {
		struct keys_place listen, store, read_token_file, user, quorum;
	} places;
	struct pool pool; /* holds all of it */
};

/*
 * Reads a configuration. FILE_NAME lasts as long as CONF; relative paths begin at its folder.
 * Returns 0; BW_ERR_SYNTAX, BW_ERR_VALUE, BW_ERR_OVERLAP or BW_ERR_LIMIT for what is wrong in
 * it, with file, line, column and key; -ENOMEM.
 */
int conf_collect_parse(const char *bytes, size_t length, const char *file_name,
		       struct conf_collect *conf, struct bw_err *err);

/* Whether the store is a PostgreSQL database; otherwise it is a path of SQLite. */
bool conf_collect_is_postgresql(const struct conf_collect *conf);

/* Also for one that could not be read, or {0}. */
void conf_collect_fini(struct conf_collect *conf);

/* Prints all values in words, for --check-config; of the store no user and no password. */
void conf_collect_print(const struct conf_collect *conf, FILE *out);

/* Prints the JSON Schema of a file. Returns 0 or -ENOMEM. */
int conf_collect_print_schema(FILE *out);

#endif
