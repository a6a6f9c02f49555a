/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_ANSWER_H
#define COLLECT_API_API_ANSWER_H

#include <stdbool.h>
#include <sys/types.h>

#include "json/json_out.h"

/* A request and its answer as plain data, without a socket. */
struct api_request {
	const char *method, *path;
	const char *text; /* the unpacked body */
	size_t length;
	unsigned refused; /* 0, or the status with which the server refuses the body */
	/* NULL: the request has none. */
	const char *(*header)(const void *arg, const char *name);
	const char *(*query)(const void *arg, const char *name);
	const void *arg;
};

#define API_FIELDS_MAX 8
#define API_VALUE_MAX 1024

/* A body that is made while it is sent. */
struct api_source {
	/* Writes up to SIZE bytes. Returns how many, 0 at the end, or -1: it breaks off. */
	ssize_t (*read)(void *self, char *buffer, size_t size);
	void (*free)(void *self);
	void *self;
};

struct api_answer {
	unsigned status;
	const char *type; /* of the body; NULL: none */
	char *body;       /* owned by who asked; NULL: out of memory, or empty */
	size_t length;
	struct api_source source; /* in place of BODY, if it has a READ; owned by who asked */
	struct {
		const char *name;
		char value[API_VALUE_MAX];
	} fields[API_FIELDS_MAX];
	size_t field_count;
	bool streams; /* the beginning of a stream of events */
};

#define API_JSON "application/json"

void api_answer_field(struct api_answer *answer, const char *name, const char *value);

/* Takes the text over that OUT has written; 500 when the memory ran out. */
void api_answer_json(struct api_answer *answer, unsigned status, struct json_out *out);

/* {"error":"MESSAGE"} */
void api_answer_error(struct api_answer *answer, unsigned status, const char *message);

/* In place of an answer that could not be made: 503 with what RESULT, a negative error, means. */
void api_answer_failure(struct api_answer *answer, int result);

#endif
