/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/transmit.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/privilege.h"

/*
 * A batch is worked through in order. Packets that the guard lets pass and that
 * leave through the same socket are gathered to a run; a run is one sendmmsg().
 * When that stops in the middle it hides why, so the rest of the run is tried
 * again and then fails at its first packet, with the reason: a full queue
 * (EAGAIN, ENOBUFS, ENOMEM) ends the batch, anything else is the fate of that
 * one packet and the next is tried. Hence a packet that fails is tried twice at
 * most and none is passed over.
 *
 * The sockets are not bound to an interface unless the user named one: bound,
 * IPv4 takes every address for on-link once the route is gone and asks for it
 * with ARP, where it should say that the network is unreachable.
 */

#define SEND_BUFFER (1 << 20)

struct way {
	struct bw_egress egress;
	int fd; /* -1: not open */
	bool stopped;
};

struct transmit {
	struct way ways[BW_EGRESS_MAX];
	uint8_t way_count;
	bool pinned;
	const struct permit *permit;
	transmit_call call;
	struct transmit_stats stats;
	struct mmsghdr headers[TRANSMIT_BATCH];
	struct iovec parts[TRANSMIT_BATCH];
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} names[TRANSMIT_BATCH];
};

struct transmit *transmit_new(const struct transmit_config *config)
{
	struct transmit *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	assert(config->egress_count <= BW_EGRESS_MAX);
	t->way_count = config->egress_count;
	t->pinned = config->pinned;
	t->permit = config->permit;
	t->call = config->call ? config->call : sendmmsg;
	for (uint8_t i = 0; i < t->way_count; i++)
		t->ways[i] = (struct way){config->egress[i], -1, false};
	for (unsigned i = 0; i < TRANSMIT_BATCH; i++) {
		t->headers[i].msg_hdr.msg_iov = &t->parts[i];
		t->headers[i].msg_hdr.msg_iovlen = 1;
		t->headers[i].msg_hdr.msg_name = &t->names[i];
	}
	return t;
}

void transmit_free(struct transmit *t)
{
	if (!t)
		return;
	for (uint8_t i = 0; i < t->way_count; i++)
		if (t->ways[i].fd >= 0)
			close(t->ways[i].fd);
	free(t);
}

/* Only these two carry the kernel's name of an address. Returns its size. */
static socklen_t name_v4(struct sockaddr_in *name, const struct bw_addr *addr)
{
	*name = (struct sockaddr_in){.sin_family = AF_INET};
	memcpy(&name->sin_addr, addr->bytes, 4);
	return sizeof(*name);
}

static socklen_t name_v6(struct sockaddr_in6 *name, const struct bw_addr *addr, unsigned scope)
{
	*name = (struct sockaddr_in6){.sin6_family = AF_INET6};
	memcpy(&name->sin6_addr, addr->bytes, 16);
	if (addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0x80)
		name->sin6_scope_id = scope;
	return sizeof(*name);
}

static int bind_source(int fd, const struct bw_egress *egress)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (egress->source.family == 4)
		return bind(fd, (struct sockaddr *)&v4, name_v4(&v4, &egress->source));
	return bind(fd, (struct sockaddr *)&v6,
		    name_v6(&v6, &egress->source, egress->interface_index));
}

/* Returns 0 or -errno. */
static int open_way(struct way *way, bool pinned)
{
	const struct bw_egress *egress = &way->egress;
	bool v4 = egress->source.family == 4;
	int one = 1, size = SEND_BUFFER;

	way->fd = socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
			 IPPROTO_RAW);
	if (way->fd < 0)
		return -errno;
	/* Without this a full device queue drops packets and says nothing. */
	if (v4)
		setsockopt(way->fd, IPPROTO_IP, IP_RECVERR, &one, sizeof(one));
	else
		setsockopt(way->fd, IPPROTO_IPV6, IPV6_RECVERR, &one, sizeof(one));
	setsockopt(way->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (pinned && setsockopt(way->fd, SOL_SOCKET, SO_BINDTODEVICE, egress->interface,
				 (socklen_t)strlen(egress->interface)) < 0)
		return -errno;
	return bind_source(way->fd, egress) < 0 ? -errno : 0;
}

int transmit_open(struct transmit *t, struct bw_err *err)
{
	for (uint8_t i = 0; i < t->way_count; i++) {
		const struct bw_egress *egress = &t->ways[i].egress;
		int r = open_way(&t->ways[i], t->pinned);
		char text[BW_ADDR_TEXT];

		if (privilege_is_missing(r))
			return privilege_error(err);
		if (r == -EADDRNOTAVAIL)
			return bw_err_set(err, r, "cannot send from %s: no interface has this "
					  "address, or it is not ready yet (IPv6 duplicate address "
					  "detection)", bw_addr_format(&egress->source, text));
		if (r < 0)
			return bw_err_set(err, r, "cannot send through %s: %s", egress->interface,
					  strerror(-r));
	}
	return 0;
}

void transmit_stop(struct transmit *t, unsigned interface_index)
{
	for (uint8_t i = 0; i < t->way_count; i++)
		if (t->ways[i].egress.interface_index == interface_index)
			t->ways[i].stopped = true;
}

/* Appends a packet to the run that is being gathered, as its N-th. */
static void put_message(struct transmit *t, unsigned n, struct bw_tx *tx)
{
	struct msghdr *message = &t->headers[n].msg_hdr;
	unsigned scope = t->ways[tx->egress].egress.interface_index;

	t->parts[n] = (struct iovec){tx->bytes, tx->length};
	message->msg_namelen = tx->dst.family == 4 ? name_v4(&t->names[n].v4, &tx->dst)
						   : name_v6(&t->names[n].v6, &tx->dst, scope);
}

/* What speaks against sending the packet at all: 0 or its status. */
static int judge(const struct transmit *t, const struct bw_tx *tx)
{
	if (tx->egress >= t->way_count ||
	    t->ways[tx->egress].egress.source.family != tx->dst.family)
		return BW_ERR_INTERNAL;
	if (t->ways[tx->egress].stopped)
		return -ENODEV;
	return guard_check(t->permit, tx);
}

/* Gathers the run at the head of a batch: how many packets pass and share a socket. */
static unsigned gather(struct transmit *t, struct bw_tx *batch, size_t count)
{
	unsigned n = 0;

	while (n < count && n < TRANSMIT_BATCH && batch[n].egress == batch[0].egress &&
	       judge(t, &batch[n]) == 0) {
		put_message(t, n, &batch[n]);
		n++;
	}
	return n;
}

static void refuse(struct transmit *t, struct bw_tx *tx, int status)
{
	tx->status = status;
	tx->sent = clock_now().mono;
	if (status == BW_ERR_BLOCKLISTED || status == BW_ERR_SPECIAL_PURPOSE)
		t->stats.refused++;
	else
		t->stats.errors++;
}

static bool is_full(int error)
{
	return error == EAGAIN || error == ENOBUFS || error == ENOMEM;
}

/* Sends the gathered run. Returns how many packets were dealt with; fewer than count: full. */
static unsigned send_run(struct transmit *t, struct bw_tx *batch, unsigned count)
{
	int fd = t->ways[batch[0].egress].fd;
	unsigned done = 0;

	while (done < count) {
		struct bw_mono now = clock_now().mono;
		int r = t->call(fd, t->headers + done, count - done, 0);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && is_full(errno))
			break;
		if (r <= 0) {
			refuse(t, &batch[done++], r < 0 ? -errno : -EIO);
			continue;
		}
		for (int i = 0; i < r; i++, done++) {
			batch[done].status = 0;
			batch[done].sent = now;
		}
		t->stats.sent += (unsigned)r;
	}
	return done;
}

size_t transmit_send(struct transmit *t, struct bw_tx *batch, size_t count)
{
	size_t done = 0;

	while (done < count) {
		unsigned run = gather(t, batch + done, count - done), sent;

		if (run == 0) {
			refuse(t, &batch[done], judge(t, &batch[done]));
			done++;
			continue;
		}
		sent = send_run(t, batch + done, run);
		done += sent;
		if (sent < run)
			break;
	}
	return done;
}

struct transmit_stats transmit_stats(const struct transmit *t)
{
	return t->stats;
}
