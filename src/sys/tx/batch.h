/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TX_BATCH_H
#define SYS_TX_BATCH_H

#include <netinet/in.h>
#include <sys/socket.h>

#include <blockwatch/transport.h>

#include "sys/tx/transmit_check.h"

/*
 * Packets leave here, whoever sends them: many with one system call, each looked at
 * by transmit_check() right before, each with its own status behind it.
 */
struct batch;

#define BATCH_MAX 64       /* packets in one system call */
#define BATCH_LINK_MAX 14  /* bytes of a link-layer header */

/* sendmmsg(2), or what a test puts in its place. */
typedef int (*batch_call)(int fd, struct mmsghdr *messages, unsigned count, int flags);

/* A socket of one kind. Without a link header packets are sent by their destination. */
struct batch_way {
	int fd;
	unsigned scope; /* layer 3: the interface of link-local destinations */
	uint8_t link_length;
	uint8_t link[BATCH_LINK_MAX]; /* what stands before each packet */
};

/* The kernel's name of an address. */
union batch_name {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct batch_stats {
	uint64_t sent, errors, refused;
};

/*
 * PERMIT is borrowed and asked for every packet; it may be changed between two sends.
 * CALL may be NULL: sendmmsg. Returns NULL when out of memory. batch_free() accepts NULL.
 */
struct batch *batch_new(const struct permit *permit, batch_call call);
void batch_free(struct batch *batch);

/*
 * As bw_transport_ops.send, for packets that may all go this way: statuses are 0,
 * what transmit_check() says, or -errno. A full socket buffer or device queue ends it.
 */
size_t batch_send(struct batch *batch, const struct batch_way *way, struct bw_tx *packets,
		  size_t count);

/* Notes that a packet was not sent, and why. */
void batch_refuse(struct batch *batch, struct bw_tx *packet, int status);

/* Returns its size. SCOPE is the interface of an IPv6 link-local address. */
socklen_t batch_name(union batch_name *name, const struct bw_addr *addr, unsigned scope);

struct batch_stats batch_stats(const struct batch *batch);

#endif
