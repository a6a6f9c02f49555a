/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/tx/transmit.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/machine/clock.h"
#include "sys/machine/privilege.h"
#include "sys/tx/link.h"

/*
 * Chooses the socket for each packet; sys/tx/batch.c sends the batches.
 *
 * The sockets are not bound to an interface unless the user named one. A bound socket takes
 * every IPv4 address for on-link once the route is gone, and sends ARP requests for it,
 * where an unbound one fails with "network is unreachable".
 *
 * At the link layer, one packet a second of each egress still leaves at layer 3. That makes
 * the kernel refresh the neighbour entry, which is then read again. Without a gateway, on
 * other links than Ethernet and without a valid entry, all packets leave at layer 3.
 */

#define SEND_BUFFER (1 << 20)
#define REFRESH_NS BW_S

struct egress_sockets {
	struct bw_egress egress;
	struct batch_socket raw, link; /* fd -1: not open */
	bool linked;                   /* the link layer is safe at the moment */
	bool looked;                   /* link_refresh() was called, at looked_at */
	struct bw_mono looked_at;
	atomic_bool stopped;
};

struct transmit {
	struct egress_sockets list[BW_EGRESS_MAX];
	uint8_t count;
	bool pinned, link;
	struct batch *batch;
};

struct transmit *transmit_new(const struct transmit_config *config)
{
	struct transmit *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	assert(config->egress_count <= BW_EGRESS_MAX);
	t->count = config->egress_count;
	t->pinned = config->pinned;
	t->link = config->link;
	t->batch = batch_new(config->permit, config->call);
	for (uint8_t i = 0; i < t->count; i++) {
		t->list[i].egress = config->egress[i];
		t->list[i].raw =
			(struct batch_socket){.fd = -1, .scope = config->egress[i].interface_index};
		t->list[i].link.fd = -1;
	}
	if (!t->batch) {
		transmit_free(t);
		return NULL;
	}
	return t;
}

static void close_socket(struct batch_socket *out)
{
	if (out->fd >= 0)
		close(out->fd);
}

void transmit_free(struct transmit *t)
{
	if (!t)
		return;
	for (uint8_t i = 0; i < t->count; i++) {
		close_socket(&t->list[i].raw);
		close_socket(&t->list[i].link);
	}
	batch_free(t->batch);
	free(t);
}

static int bind_source(int fd, const struct bw_egress *egress)
{
	union batch_name name;
	socklen_t size = batch_name(&name, &egress->source, egress->interface_index);

	return bind(fd, &name.any, size);
}

/* Returns 0 or -errno. */
static int open_socket(const struct bw_egress *egress, bool pinned, int *ret_fd)
{
	bool v4 = egress->source.family == 4;
	int fd = socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
			IPPROTO_RAW);
	int one = 1, size = SEND_BUFFER;

	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	/* Without this a full device queue drops packets silently. */
	if (v4)
		setsockopt(fd, IPPROTO_IP, IP_RECVERR, &one, sizeof(one));
	else
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (pinned && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, egress->interface,
				 (socklen_t)strlen(egress->interface)) < 0)
		return -errno;
	return bind_source(fd, egress) < 0 ? -errno : 0;
}

int transmit_open(struct transmit *t, struct bw_err *err)
{
	for (uint8_t i = 0; i < t->count; i++) {
		const struct bw_egress *egress = &t->list[i].egress;
		int r = open_socket(egress, t->pinned, &t->list[i].raw.fd);
		char text[BW_ADDR_TEXT];

		if (privilege_is_missing(r))
			return privilege_error(err);
		if (r == -EADDRNOTAVAIL)
			return bw_err_set(err, r,
					  "cannot send from %s: no interface has this "
					  "address, or it is not ready yet (IPv6 duplicate address "
					  "detection)",
					  bw_addr_format(&egress->source, text));
		if (r < 0)
			return bw_err_set(err, r, "cannot send through %s: %s", egress->interface,
					  strerror(-r));
	}
	return 0;
}

void transmit_stop(struct transmit *t, unsigned interface_index)
{
	for (uint8_t i = 0; i < t->count; i++)
		if (t->list[i].egress.interface_index == interface_index)
			atomic_store_explicit(&t->list[i].stopped, true, memory_order_relaxed);
}

/* Counts the first packets of a batch that have the same egress. */
static size_t same_egress(const struct bw_tx *batch, size_t count)
{
	size_t n = 1;

	while (n < count && batch[n].egress == batch[0].egress &&
	       batch[n].dst.family == batch[0].dst.family)
		n++;
	return n;
}

/* Returns 0, or the status of all packets of this egress. */
static int check_egress(const struct transmit *t, const struct bw_tx *tx)
{
	if (tx->egress >= t->count || t->list[tx->egress].egress.source.family != tx->dst.family)
		return BW_ERR_INTERNAL;
	if (atomic_load_explicit(&t->list[tx->egress].stopped, memory_order_relaxed))
		return -ENODEV;
	return 0;
}

/* A packet a second at layer 3, then the neighbour entry is read again. */
static size_t refresh(struct transmit *t, struct egress_sockets *out, struct bw_tx *batch)
{
	struct bw_mono now = clock_now().mono;

	if (out->looked && bw_mono_since(now, out->looked_at) <= REFRESH_NS)
		return 0;
	if (batch_send(t->batch, &out->raw, batch, 1) == 0)
		return 0;
	out->linked = link_refresh(&out->link, &out->egress);
	out->looked = true;
	out->looked_at = now;
	return 1;
}

static size_t send_egress(struct transmit *t, struct egress_sockets *out, struct bw_tx *batch,
			  size_t count)
{
	size_t done = t->link ? refresh(t, out, batch) : 0;

	return done + batch_send(t->batch, out->linked ? &out->link : &out->raw, batch + done,
				 count - done);
}

size_t transmit_send(struct transmit *t, struct bw_tx *batch, size_t count)
{
	size_t done = 0;

	while (done < count) {
		size_t run = same_egress(batch + done, count - done), sent = 0;
		int verdict = check_egress(t, &batch[done]);

		if (verdict == 0)
			sent = send_egress(t, &t->list[batch[done].egress], batch + done, run);
		else
			while (sent < run)
				batch_refuse(t->batch, &batch[done + sent++], verdict);
		done += sent;
		if (sent < run)
			break;
	}
	return done;
}

struct batch_stats transmit_stats(const struct transmit *t)
{
	return batch_stats(t->batch);
}
