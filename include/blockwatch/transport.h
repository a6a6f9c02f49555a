/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BLOCKWATCH_TRANSPORT_H
#define BLOCKWATCH_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/time.h>

/*
 * Where packets go and come from: the machine (sys) or a simulated Internet (sim). The
 * engine sends batches through the operations. The owner of the transport hands received
 * frames to the engine.
 */

#define BW_PACKET_MAX 192 /* the longest packet that a probe can be */
#define BW_EGRESS_MAX 16  /* egresses of a vantage */
#define BW_BATCH_MAX 64   /* packets handed to send() at once */

/* An egress: an interface and the source address of packets that leave by it. */
struct bw_egress {
	char interface[16];
	unsigned interface_index;
	struct bw_addr source;
	struct bw_addr gateway; /* family 0: on-link */
};

/* One packet to send: a whole IPv4 or IPv6 packet. */
struct bw_tx {
	struct bw_addr dst;
	uint8_t egress; /* index into the vantage's egress table */
	uint16_t length;
	int status;          /* set by send: 0, or why it was not sent (-errno, BW_ERR_...) */
	struct bw_mono sent; /* set by send: when it left */
	uint8_t bytes[BW_PACKET_MAX];
};

/* One frame received; bytes are borrowed for the call. */
struct bw_rx {
	struct bw_mono at;
	int linktype; /* DLT_ value of libpcap */
	uint32_t length, wire_length;
	const uint8_t *bytes;
};

/* Cumulative since the transport was opened. */
struct bw_transport_stats {
	uint64_t sent, send_errors;
	uint64_t refused; /* special-purpose or on the block list */
	uint64_t received, capture_dropped;
};

struct bw_transport_ops {
	/*
	 * Sends batch[0..count), sets status and sent of each, and returns how many it
	 * handled. The status of the others is untouched; try them again later (a full
	 * socket buffer).
	 */
	size_t (*send)(void *self, struct bw_tx *batch, size_t count);
	void (*stats)(void *self, struct bw_transport_stats *ret_stats);
};

struct bw_transport {
	const struct bw_transport_ops *ops;
	void *self;
};

#endif
