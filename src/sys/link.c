/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/link.h"

#include <assert.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/neighbour.h"

/*
 * A frame is two pieces: an Ethernet header, which is the same for all packets of a
 * way out, and the packet where it lies in the batch; nothing is copied here.
 * What the device cannot take comes back as ENOBUFS and is tried again, so that
 * nothing is dropped behind our back. The queueing discipline is not passed by
 * (PACKET_QDISC_BYPASS): measured, that gains nothing, and packets that pass it by
 * are seen by no tcpdump on this machine.
 *
 * A gateway's link address may change (a failover, a new card). The kernel knows, as
 * long as it has reason to look: our caller sends a packet a second at layer 3,
 * which keeps the entry fresh, and calls link_refresh().
 */

#define HEADER (2 * NEIGHBOUR_LINK_ADDR + 2)
#define SEND_BUFFER (4 << 20)

struct way {
	struct bw_egress egress;
	int fd; /* -1: not open */
	bool usable;
	uint8_t header[HEADER];
};

struct link {
	struct way ways[BW_EGRESS_MAX];
	uint8_t way_count;
	const struct permit *permit;
	struct mmsghdr messages[LINK_BATCH];
	struct iovec parts[LINK_BATCH][2];
};

struct link *link_new(const struct bw_egress *egress, uint8_t egress_count,
		      const struct permit *permit)
{
	struct link *link = calloc(1, sizeof(*link));

	if (!link)
		return NULL;
	link->permit = permit;
	link->way_count = egress_count;
	for (uint8_t i = 0; i < egress_count; i++)
		link->ways[i] = (struct way){.egress = egress[i], .fd = -1};
	for (unsigned i = 0; i < LINK_BATCH; i++) {
		link->parts[i][0].iov_len = HEADER;
		link->messages[i].msg_hdr.msg_iov = link->parts[i];
		link->messages[i].msg_hdr.msg_iovlen = 2;
	}
	return link;
}

void link_free(struct link *link)
{
	if (!link)
		return;
	for (uint8_t i = 0; i < link->way_count; i++)
		if (link->ways[i].fd >= 0)
			close(link->ways[i].fd);
	free(link);
}

/* Protocol 0: this socket receives nothing. Returns 0 or -errno. */
static int open_way(struct way *way)
{
	struct sockaddr_ll name = {.sll_family = AF_PACKET,
				   .sll_ifindex = (int)way->egress.interface_index};
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
	way->fd = fd;
	return 0;
}

static bool refresh_way(struct way *way)
{
	const struct bw_egress *egress = &way->egress;
	uint16_t type = htons(egress->source.family == 4 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
	uint8_t *header = way->header;
	struct neighbour gateway;

	if (egress->gateway.family == 0 ||
	    neighbour_find(egress->interface_index, &egress->gateway, &gateway) < 0 ||
	    !gateway.valid || neighbour_own(egress->interface, header + NEIGHBOUR_LINK_ADDR) < 0)
		return false;
	memcpy(header, gateway.link_addr, NEIGHBOUR_LINK_ADDR);
	memcpy(header + HEADER - sizeof(type), &type, sizeof(type));
	return way->fd >= 0 || open_way(way) == 0;
}

unsigned link_refresh(struct link *link)
{
	unsigned usable = 0;

	for (uint8_t i = 0; i < link->way_count; i++) {
		link->ways[i].usable = refresh_way(&link->ways[i]);
		usable += link->ways[i].usable;
	}
	return usable;
}

bool link_is_usable(const struct link *link, uint8_t egress)
{
	return link && egress < link->way_count && link->ways[egress].usable;
}

static void put_message(struct link *link, unsigned n, struct bw_tx *tx)
{
	link->parts[n][0].iov_base = link->ways[tx->egress].header;
	link->parts[n][1] = (struct iovec){tx->bytes, tx->length};
}

/* The packets at the head of a batch that may leave: the last function to look at each. */
static unsigned gather(struct link *link, struct bw_tx *batch, size_t count)
{
	unsigned n = 0;

	while (n < count && n < LINK_BATCH && guard_check(link->permit, &batch[n]) == 0) {
		put_message(link, n, &batch[n]);
		n++;
	}
	return n;
}

static bool is_full(int error)
{
	return error == EAGAIN || error == ENOBUFS || error == ENOMEM;
}

/* Sends what was gathered. Returns how many were dealt with; fewer than COUNT: full. */
static unsigned send_run(struct link *link, struct bw_tx *batch, unsigned count)
{
	int fd = link->ways[batch[0].egress].fd;
	unsigned done = 0;

	while (done < count) {
		int r = sendmmsg(fd, link->messages + done, count - done, 0);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && is_full(errno))
			break;
		if (r <= 0) {
			batch[done++].status = r < 0 ? -errno : -EIO;
			continue;
		}
		for (int i = 0; i < r; i++)
			batch[done++].status = 0;
	}
	return done;
}

size_t link_send(struct link *link, struct bw_tx *batch, size_t count)
{
	struct bw_mono now = clock_now().mono;
	size_t done = 0;

	while (done < count) {
		unsigned run = gather(link, batch + done, count - done), sent;

		batch[done].sent = now;
		if (run == 0) {
			batch[done].status = guard_check(link->permit, &batch[done]);
			done++;
			continue;
		}
		for (unsigned i = 0; i < run; i++)
			batch[done + i].sent = now;
		sent = send_run(link, batch + done, run);
		done += sent;
		if (sent < run)
			break;
	}
	return done;
}
