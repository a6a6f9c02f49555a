/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BLOCKWATCH_ERR_H
#define BLOCKWATCH_ERR_H

/*
 * Errors. A function returns 0 or a count for success and a negative number for failure: -errno
 * for an error of the system, or one of the codes below. Where a person must read the error, a
 * `struct bw_err *` comes last; it may be NULL. It carries the message and the place: file, line,
 * column, field.
 */

#define BW_ERROR_LIST(X)                                                       \
	X(BW_ERR_USAGE, -1000, "wrong usage")                                  \
	X(BW_ERR_SYNTAX, -1001, "bad syntax")                                  \
	X(BW_ERR_VALUE, -1002, "value not allowed")                            \
	X(BW_ERR_OVERLAP, -1003, "duplicate or overlapping")                   \
	X(BW_ERR_LIMIT, -1004, "limit reached")                                \
	X(BW_ERR_MISSING, -1005, "not found")                                  \
	X(BW_ERR_PRIVILEGE, -1006, "missing privilege")                        \
	X(BW_ERR_UNAVAILABLE, -1007, "unavailable")                            \
	X(BW_ERR_NO_ROUTE, -1008, "no route")                                  \
	X(BW_ERR_SPECIAL_PURPOSE, -1009, "special-purpose address")            \
	X(BW_ERR_BLOCKLISTED, -1010, "on the block list")                      \
	X(BW_ERR_INTERNAL, -1011, "internal error")

enum bw_error {
#define X(name, value, text) name = (value),
	BW_ERROR_LIST(X)
#undef X
};

struct bw_err {
	int code;          /* the value that the function returned */
	int line, column;  /* from 1; 0: not known */
	char file[256];    /* "" when no file is concerned */
	char field[96];    /* JSON path or option, "" when none */
	char message[320]; /* what is wrong and what to do, one line, no period */
};

/* A short English text for any negative code, own or -errno; never NULL. */
const char *bw_error_text(int code);

/*
 * Fills *err (place cleared) with CODE and a formatted message and returns CODE,
 * so that `return bw_err_set(err, ...)` is the usual last line. err may be NULL.
 */
int bw_err_set(struct bw_err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds the place to an error that is set. NULL or 0 leaves a part as it is. */
void bw_err_place(struct bw_err *err, const char *file, int line, int column, const char *field);

/*
 * Writes "FILE:LINE:COLUMN: FIELD: MESSAGE" (the parts that are known) into
 * buffer, always terminated, control characters replaced by '?'. Returns buffer.
 */
char *bw_err_format(const struct bw_err *err, char *buffer, unsigned long size);

#endif
