/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_JSON_OUT_H
#define REPORT_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * Writes JSON (RFC 8259) front to back: into a buffer of the caller, on one line, with
 * nothing allocated, or into memory that grows. Commas come by themselves. What does not
 * fit sets a sticky overflow: from there on nothing is written, and the end says so;
 * calls need no check in between. Opening and closing must match (assert).
 *
 *     json_out_init(&out, buffer, sizeof(buffer));
 *     json_out_object(&out);
 *     json_out_key(&out, "belief");
 *     json_out_number(&out, 0.97, 4);
 *     json_out_object_end(&out);
 *     length = json_out_end(&out);
 *
 * It replaces jansson's writer, which gives every real up to 17 digits.
 */
struct json_out {
	char *buffer;
	size_t size, length;
	int depth;
	bool overflow;
	bool comma;     /* something stands before at this level */
	bool after_key; /* the value of a member comes next */
	bool grows;     /* the buffer is on the heap */
	bool indent;    /* each value on a line of its own, two spaces a level */
};

void json_out_init(struct json_out *out, char *buffer, size_t size);

/* Terminates the text with a NUL. Returns its length or BW_ERR_LIMIT. */
int json_out_end(struct json_out *out);

/* The same into memory that grows. Each one that is begun must be ended by json_out_take(). */
void json_out_init_heap(struct json_out *out, bool indent);

/* The text, owned by the caller (free()); NULL: out of memory. */
char *json_out_take(struct json_out *out);

void json_out_object(struct json_out *out);
void json_out_object_end(struct json_out *out);
void json_out_array(struct json_out *out);
void json_out_array_end(struct json_out *out);

/* The name of a member; its value is the next call. */
void json_out_key(struct json_out *out, const char *key);

/* Escaped; bytes that are no UTF-8 become U+FFFD; NULL becomes null. */
void json_out_string(struct json_out *out, const char *text);

/* A value that is JSON already. */
void json_out_json(struct json_out *out, const char *json);

void json_out_null(struct json_out *out);
void json_out_bool(struct json_out *out, bool value);
void json_out_int(struct json_out *out, int64_t value);
void json_out_uint(struct json_out *out, uint64_t value);

/*
 * Rounded to the nearest with DECIMALS (0 to 9) behind the point and written in
 * the shortest form: 12.345, 0.1, 3, never -0. From 10^15 on the shortest form
 * that reads back as the same double. NaN and infinities become null. The
 * decimal point is a point in every locale.
 */
void json_out_number(struct json_out *out, double value, int decimals);

/*
 * With that many significant DIGITS (1 to 17) and always with a point or an exponent, so
 * that a reader takes it for a real number: 0.9, 1.0, 1e-6.
 */
void json_out_real(struct json_out *out, double value, int digits);

/* RFC 3339, UTC, microseconds, as a string; null when ns is 0. */
void json_out_time(struct json_out *out, struct bw_wall time);

/* A line end behind the outermost value. */
void json_out_newline(struct json_out *out);

#endif
