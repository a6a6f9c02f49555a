/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAB_SYS_LAB_H
#define LAB_SYS_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <blockwatch/transport.h>

#include "sys/loop/loop.h"
#include "sys/transport/netio.h"
#include "sys/tx/transmit_check.h"
#include "wire/build.h"
#include "wire/reply.h"

/*
 * A cable between two network namespaces, for checks with real packets. This
 * process moves into a namespace of its own, so nothing that it does reaches
 * the machine's network.
 *
 *	here                          there (another process)
 *	v0 198.18.0.1/24              v1 198.18.0.2/24
 *	   2001:db8:0:1::1/64            2001:db8:0:1::2/64
 *	default routes -> there       answers for 198.18.4.0/24 and 2001:db8:4::/48,
 *	                              TCP port 443 is open
 */
#define LAB_HERE_V4 "198.18.0.1"
#define LAB_HERE_V6 "2001:db8:0:1::1"
#define LAB_THERE_V4 "198.18.0.2"
#define LAB_THERE_V6 "2001:db8:0:1::2"

#define LAB_PATIENCE (60 * BW_S) /* for what must come; an idle machine needs less than 1 ms */

/* Moves into a fresh namespace with nothing but lo; ends the process with 77 where it cannot. */
void lab_enter(void);

/*
 * Moves into a fresh namespace and lays the cable. Returns the process that
 * holds the far end; lab_leave() ends it, and with it the cable.
 */
pid_t lab_connect(void);
void lab_leave(pid_t there);

/* Runs a command here or there; the process ends when it fails. */
void lab_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
void lab_run_there(pid_t there, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct bw_addr lab_addr(const char *text);

/* Echo requests that the far end has received so far, IPv4 and IPv6. */
unsigned long lab_echoes_there(pid_t there);

/*
 * A netio opened for the egress to some destinations, and what came back.
 */
#define LAB_REPLIES 512

struct lab_reply {
	struct bw_mono at;
	struct reply reply;
};

struct lab {
	struct permit permit;
	struct bw_egress egress[BW_EGRESS_MAX];
	uint8_t egress_count;
	struct loop *loop;
	struct netio *netio;
	struct siphash_key key;
	uint64_t nonce;
	struct lab_reply replies[LAB_REPLIES];
	unsigned reply_count, other_count; /* other: frames that are no replies */
	unsigned wakes;       /* of this lab_wait() */
	unsigned wanted;      /* the loop stops at so many replies */
	struct bw_mono until; /* or then */
	int error;            /* of netio_dispatch() */
	struct bw_err err;
	const char *on_wake;  /* a command for the first wake, or NULL */
};

/* Opens with allow_reserved and the egress to DESTINATIONS. The process ends on failure. */
void lab_open(struct lab *lab, const struct bw_addr *destinations, size_t count,
	      const struct netio_config *config);
void lab_close(struct lab *lab);

/* A probe that is ready to be sent; its egress is the first of DST's family. */
struct bw_tx lab_probe(struct lab *lab, const char *dst, const char *method);

/* Sends all of them, as the engine would. */
void lab_send(struct lab *lab, struct bw_tx *batch, size_t count);

/*
 * Runs the loop until there are WANTED replies in all, an error, or TIMEOUT_NS
 * have passed. Neither the wake with which the loop starts nor that at the end
 * of the time takes frames: a frame that is seen has woken the loop.
 */
void lab_wait(struct lab *lab, unsigned wanted, int64_t timeout_ns);

struct bw_transport_stats lab_stats(struct lab *lab);

#endif
