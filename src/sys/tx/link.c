/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/tx/link.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <string.h>
#include <unistd.h>

#include "sys/net/neighbour.h"

/*
 * A frame has two parts: an Ethernet header, the same for all packets of an egress, and the
 * packet, which stays where it lies in the batch. When the device queue is full, the send
 * fails with ENOBUFS and is repeated, so no packet is dropped silently. The queueing
 * discipline is not bypassed (PACKET_QDISC_BYPASS): by measurement that gains nothing, and
 * tcpdump on this machine would not see such packets.
 *
 * The link address of a gateway may change (a failover, a new card). The kernel notices
 * only if it uses the entry: the caller sends one packet a second at layer 3, which keeps
 * the entry fresh, and calls link_refresh().
 */

#define HEADER (2 * NEIGHBOUR_LINK_ADDR + 2)
#define SEND_BUFFER (4 << 20)

_Static_assert(HEADER <= BATCH_LINK_MAX, "an Ethernet header fits");

/* Protocol 0: this socket receives nothing. Returns it or -errno. */
static int open_socket(unsigned interface_index)
{
	struct sockaddr_ll name = {.sll_family = AF_PACKET, .sll_ifindex = (int)interface_index};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int size = SEND_BUFFER;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0) {
		int code = -errno;

		close(fd);
		return code;
	}
	return fd;
}

bool link_refresh(struct batch_socket *out, const struct bw_egress *egress)
{
	uint16_t type = htons(egress->source.family == 4 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
	struct neighbour gateway;

	if (egress->gateway.family == 0 ||
	    neighbour_find(egress->interface_index, &egress->gateway, &gateway) < 0 ||
	    !gateway.valid || neighbour_own(egress->interface, out->link + NEIGHBOUR_LINK_ADDR) < 0)
		return false;
	memcpy(out->link, gateway.link_addr, NEIGHBOUR_LINK_ADDR);
	memcpy(out->link + HEADER - sizeof(type), &type, sizeof(type));
	out->link_length = HEADER;
	if (out->fd < 0)
		out->fd = open_socket(egress->interface_index);
	return out->fd >= 0;
}
