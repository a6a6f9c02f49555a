/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TX_BATCH_H
#define SYS_TX_BATCH_H

#include <netinet/in.h>
#include <sys/socket.h>

#include <blockwatch/transport.h>

#include "sys/tx/transmit_check.h"

/*
 * Sends packets, many with one system call. Each is checked by transmit_check() right
 * before, and has its own status afterwards. Every packet of blockwatch leaves here.
 */
struct batch;

#define BATCH_MAX 64      /* packets in one system call */
#define BATCH_LINK_MAX 14 /* bytes of a link-layer header */

/* sendmmsg(2), or the replacement of a test. */
typedef int (*batch_call)(int fd, struct mmsghdr *messages, unsigned count, int flags);

/* A socket. Without a link header the kernel routes packets by their destination. */
struct batch_socket {
	int fd;
	unsigned scope; /* layer 3: the interface of link-local destinations */
	uint8_t link_length;
	uint8_t link[BATCH_LINK_MAX]; /* the header before each packet */
};

/* An address as the socket calls take it. */
union batch_name {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct batch_stats {
	uint64_t sent, errors, refused;
};

/*
 * PERMIT is borrowed and checked for every packet; it may be changed between two sends.
 * CALL NULL: sendmmsg. Returns NULL when out of memory. batch_free() accepts NULL.
 */
struct batch *batch_new(const struct permit *permit, batch_call call);
void batch_free(struct batch *batch);

/*
 * As bw_transport_ops.send, through one socket. The status of a packet is 0, an error of
 * transmit_check() or -errno. A full socket buffer or device queue ends the batch.
 */
size_t batch_send(struct batch *batch, const struct batch_socket *out, struct bw_tx *packets,
		  size_t count);

/* Sets the status of a packet that is not sent, and counts it. */
void batch_refuse(struct batch *batch, struct bw_tx *packet, int status);

/* Returns the size of NAME. SCOPE is the interface of an IPv6 link-local address. */
socklen_t batch_name(union batch_name *name, const struct bw_addr *addr, unsigned scope);

struct batch_stats batch_stats(const struct batch *batch);

#endif
