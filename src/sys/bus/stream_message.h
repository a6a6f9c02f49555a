/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_STREAM_MESSAGE_H
#define SYS_BUS_STREAM_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A message of a stream as its reader hands it on. */
struct stream_message {
	const char *subject;
	const char *text; /* not terminated */
	size_t length;
	uint64_t sequence; /* its number in the stream */
	bool repeated;     /* it was delivered before */
	bool refused;      /* set by who takes it: it is of no use, and is never to come again */
};

#endif
