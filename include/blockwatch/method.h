/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BLOCKWATCH_METHOD_H
#define BLOCKWATCH_METHOD_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/err.h>

/*
 * How a host is probed: by a protocol and, where the protocol has ports, a port. The
 * text of a method is the name alone ("icmp") or the name and the port ("tcp:443").
 *
 * X(NAME, name, number, has_port). Numbers are consecutive from 1 and never change:
 * fingerprints of surveys depend on them. What a protocol means in packets is
 * described by a struct method_ops for each line (wire/method/method_ops.h).
 */
#define BW_PROTOCOL_LIST(X)                                       \
	X(ICMP, icmp, 1, false) /* echo request, IPv4 and IPv6 */ \
	X(TCP, tcp, 2, true)    /* SYN */

/*
 * All methods in words, for messages and help: their texts; their texts with what they
 * send; what they send. And their texts as a regular expression.
 */
#define BW_METHOD_FORMS "icmp or tcp:PORT"
#define BW_METHOD_HELP "\"icmp\" (echo) or \"tcp:PORT\" (SYN)"
#define BW_METHOD_PROBES "echo requests and TCP SYNs"
#define BW_METHOD_PATTERN "icmp|tcp:[0-9]{1,5}"

/*
 * Methods of traceroute alone, numbered on: so few bits of a token come back that no verdict
 * may rest on an answer. bw_method_parse() refuses them.
 */
#define BW_TRACE_PROTOCOL_LIST(X) X(UDP, udp, 3, true) /* to a port that should be closed */
#define BW_TRACE_METHOD_FORMS "icmp, tcp:PORT or udp:PORT"

enum bw_protocol {
#define X(NAME, name, number, has_port) BW_PROTOCOL_##NAME = (number),
	BW_PROTOCOL_LIST(X) BW_TRACE_PROTOCOL_LIST(X)
#undef X
};

enum {
#define X(NAME, name, number, has_port) +1
	BW_PROTOCOL_COUNT = 0 BW_PROTOCOL_LIST(X), /* without those of traceroute alone */
	BW_PROTOCOL_ALL = BW_PROTOCOL_COUNT BW_TRACE_PROTOCOL_LIST(X),
#undef X
};

#define X(NAME, name, number, has_port) \
	_Static_assert((number) >= 1 && (number) <= BW_PROTOCOL_ALL, "a gap in the numbers");
BW_PROTOCOL_LIST(X)
BW_TRACE_PROTOCOL_LIST(X)
#undef X

struct bw_method {
	uint8_t protocol; /* enum bw_protocol; 0: none */
	uint16_t port;    /* 0 when the protocol has no ports */
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

static inline bool bw_protocol_has_port(uint8_t protocol)
{
	switch (protocol) {
#define X(NAME, name, number, has_port) \
	case number:                    \
		return has_port;
		BW_PROTOCOL_LIST(X)
		BW_TRACE_PROTOCOL_LIST(X)
#undef X
	default:
		return false;
	}
}

/* Returns 0 or BW_ERR_VALUE with a message that names the forms. */
int bw_method_parse(const char *text, struct bw_method *ret_method, struct bw_err *err);

/* The same, for a traceroute: it takes the methods of traceroute alone, too. */
int bw_trace_method_parse(const char *text, struct bw_method *ret_method, struct bw_err *err);

/* Writes the text of METHOD, "-" for none, into BUFFER of BW_METHOD_TEXT bytes; returns BUFFER. */
char *bw_method_format(struct bw_method method, char *buffer);

static inline bool bw_methods_has(const struct bw_methods *methods, struct bw_method method)
{
	for (unsigned n = 0; n < methods->count; n++)
		if (bw_method_equal(methods->list[n], method))
			return true;
	return false;
}

/*
 * Adds one method. Returns 0; BW_ERR_OVERLAP when it is in the list already;
 * BW_ERR_LIMIT beyond BW_METHODS_MAX.
 */
int bw_methods_add(struct bw_methods *methods, struct bw_method method, struct bw_err *err);

/* Adds every method of a comma-separated list; errors as the two above. */
int bw_methods_parse(const char *text, struct bw_methods *methods, struct bw_err *err);
int bw_trace_methods_parse(const char *text, struct bw_methods *methods, struct bw_err *err);

#endif
