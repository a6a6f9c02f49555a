/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BLOCKWATCH_METHOD_H
#define BLOCKWATCH_METHOD_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/err.h>

/* How a host is probed: "icmp" (echo, IPv4 and IPv6) or "tcp:PORT" (SYN). */
enum bw_protocol {
	BW_PROTOCOL_ICMP = 1,
	BW_PROTOCOL_TCP = 2,
};

struct bw_method {
	uint8_t protocol; /* enum bw_protocol; 0: none */
	uint16_t port;    /* TCP only */
};

#define BW_METHODS_MAX 8  /* methods of one host or target */
#define BW_METHOD_TEXT 16 /* room for a method's text */

/* In the order in which they are tried. */
struct bw_methods {
	uint8_t count;
	struct bw_method list[BW_METHODS_MAX];
};

static inline bool bw_method_equal(struct bw_method a, struct bw_method b)
{
	return a.protocol == b.protocol && a.port == b.port;
}

/* Returns 0 or BW_ERR_VALUE with a message that names the two forms. */
int bw_method_parse(const char *text, struct bw_method *ret_method, struct bw_err *err);
char *bw_method_format(struct bw_method method, char *buffer);

/*
 * Adds one method. Returns 0; BW_ERR_OVERLAP when it is there already;
 * BW_ERR_LIMIT beyond BW_METHODS_MAX.
 */
int bw_methods_add(struct bw_methods *methods, struct bw_method method, struct bw_err *err);

/* Adds every method of a comma-separated list; errors as the two above. */
int bw_methods_parse(const char *text, struct bw_methods *methods, struct bw_err *err);

#endif
