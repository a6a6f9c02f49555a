/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hot path out, the same for a check, the daemon and a survey; capture.c is the
 * one in. What goes around the two libraries here, and why:
 *
 *   libnet builds the templates (wire/build.c) and sends nothing. libnet_write()
 *   copies a packet together from its blocks, sums it up anew and makes one system
 *   call for it; most of what a probe costs is that call. A probe is a template with
 *   some bytes changed, and 64 of them leave with one sendmmsg(), from where they lie.
 *
 *   libpcap captures and does not inject. pcap_inject() is a system call a packet too,
 *   through the very socket that has the ring; and it sends at the link layer only,
 *   which wants the gateway's address. That is taken where it is safe and asked for
 *   (sys/tx/link.c); else packets go out by a raw socket, and the kernel's routes and
 *   firewall have their say, packet by packet.
 *
 * A batch is worked through in order. Packets that transmit_check() lets pass are gathered
 * to a run; a run is one sendmmsg(). When that stops in the middle it hides why, so
 * the rest of the run is tried again and then fails at its first packet, with the
 * reason: a full queue (EAGAIN, ENOBUFS, ENOMEM) ends the batch, anything else is the
 * fate of that one packet and the next is tried. Hence a packet that fails is tried
 * twice at most and none is passed over.
 *
 * transmit_check() is called in gather(), the last function before the system call. A batch
 * belongs to one thread; nothing is allocated and nothing but headers is copied.
 */
#include "sys/tx/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sys/machine/clock.h"

struct batch {
	const struct permit *permit;
	batch_call call;
	struct batch_stats stats;
	struct mmsghdr headers[BATCH_MAX];
	struct iovec parts[BATCH_MAX][2];
	union batch_name names[BATCH_MAX];
};

struct batch *batch_new(const struct permit *permit, batch_call call)
{
	struct batch *batch = calloc(1, sizeof(*batch));

	if (!batch)
		return NULL;
	batch->permit = permit;
	batch->call = call ? call : sendmmsg;
	for (unsigned i = 0; i < BATCH_MAX; i++)
		batch->headers[i].msg_hdr.msg_iov = batch->parts[i];
	return batch;
}

void batch_free(struct batch *batch)
{
	free(batch);
}

socklen_t batch_name(union batch_name *name, const struct bw_addr *addr, unsigned scope)
{
	if (addr->family == 4) {
		name->v4 = (struct sockaddr_in){.sin_family = AF_INET};
		memcpy(&name->v4.sin_addr, addr->bytes, 4);
		return sizeof(name->v4);
	}
	name->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6};
	memcpy(&name->v6.sin6_addr, addr->bytes, 16);
	if (addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0x80)
		name->v6.sin6_scope_id = scope;
	return sizeof(name->v6);
}

/* Appends a packet to the run that is being gathered, as its N-th. */
static void put_message(struct batch *batch, const struct batch_way *way, unsigned n,
			struct bw_tx *packet)
{
	struct msghdr *message = &batch->headers[n].msg_hdr;
	struct iovec *part = batch->parts[n];

	if (way->link_length == 0) {
		message->msg_name = &batch->names[n];
		message->msg_namelen = batch_name(&batch->names[n], &packet->dst, way->scope);
		message->msg_iovlen = 1;
	} else {
		message->msg_name = NULL;
		message->msg_namelen = 0;
		message->msg_iovlen = 2;
		/* sendmmsg() does not write there. */
		*part++ = (struct iovec){(void *)(uintptr_t)way->link, way->link_length};
	}
	*part = (struct iovec){packet->bytes, packet->length};
}

/* The packets at the head that may leave: the last function to look at each. */
static unsigned gather(struct batch *batch, const struct batch_way *way, struct bw_tx *packets,
		       size_t count)
{
	unsigned n = 0;

	while (n < count && n < BATCH_MAX && transmit_check(batch->permit, &packets[n]) == 0) {
		put_message(batch, way, n, &packets[n]);
		n++;
	}
	return n;
}

void batch_refuse(struct batch *batch, struct bw_tx *packet, int status)
{
	packet->status = status;
	packet->sent = clock_now().mono;
	if (status == BW_ERR_BLOCKLISTED || status == BW_ERR_SPECIAL_PURPOSE)
		batch->stats.refused++;
	else
		batch->stats.errors++;
}

static bool is_full(int error)
{
	return error == EAGAIN || error == ENOBUFS || error == ENOMEM;
}

/* Sends the gathered run. Returns how many packets were dealt with; fewer than count: full. */
static unsigned send_run(struct batch *batch, int fd, struct bw_tx *packets, unsigned count)
{
	unsigned done = 0;

	while (done < count) {
		struct bw_mono now = clock_now().mono;
		int r = batch->call(fd, batch->headers + done, count - done, 0);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && is_full(errno))
			break;
		if (r <= 0) {
			batch_refuse(batch, &packets[done++], r < 0 ? -errno : -EIO);
			continue;
		}
		for (int i = 0; i < r; i++, done++) {
			packets[done].status = 0;
			packets[done].sent = now;
		}
		batch->stats.sent += (unsigned)r;
	}
	return done;
}

size_t batch_send(struct batch *batch, const struct batch_way *way, struct bw_tx *packets,
		  size_t count)
{
	size_t done = 0;

	while (done < count) {
		unsigned run = gather(batch, way, packets + done, count - done), sent;

		if (run == 0) {
			batch_refuse(batch, &packets[done],
				     transmit_check(batch->permit, &packets[done]));
			done++;
			continue;
		}
		sent = send_run(batch, way->fd, packets + done, run);
		done += sent;
		if (sent < run)
			break;
	}
	return done;
}

struct batch_stats batch_stats(const struct batch *batch)
{
	return batch->stats;
}
