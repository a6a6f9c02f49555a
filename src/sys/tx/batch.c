/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sending half of the hot path, the same for a check, the daemon and a survey; the
 * receiving half is sys/rx/capture.c. Two libraries are bypassed here:
 *
 *   libnet builds the templates (wire/build.c) but sends nothing. libnet_write() assembles
 *   a packet from its blocks, computes the checksums again and makes one system call for it;
 *   that call is most of the cost of a probe. A probe is a template with a few bytes
 *   changed, and one sendmmsg() sends 64 of them from where they lie.
 *
 *   libpcap captures but does not inject. pcap_inject() makes a system call a packet too, on
 *   the socket that has the ring, and sends at the link layer only, which takes the link
 *   address of the gateway. sys/tx/link.c does that where it is safe and was asked for;
 *   otherwise a raw socket sends, and the kernel's routes and firewall apply to each packet.
 *
 * A batch is sent in order. Packets that pass transmit_check() are gathered to a run, and
 * sendmmsg() sends the run. When it stops in the middle, it hides why. The rest is then
 * sent again and fails at its first packet, with the error: a full queue (EAGAIN, ENOBUFS,
 * ENOMEM) ends the batch; any other error is the status of that packet, and the next one is
 * tried. So no packet is skipped, and one that fails is tried twice at most.
 *
 * transmit_check() is called in gather(), the last function before the system call. A batch
 * belongs to one thread. Nothing is allocated, and only headers are copied.
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
static void put_message(struct batch *batch, const struct batch_socket *out, unsigned n,
			struct bw_tx *packet)
{
	struct msghdr *message = &batch->headers[n].msg_hdr;
	struct iovec *part = batch->parts[n];

	if (out->link_length == 0) {
		message->msg_name = &batch->names[n];
		message->msg_namelen = batch_name(&batch->names[n], &packet->dst, out->scope);
		message->msg_iovlen = 1;
	} else {
		message->msg_name = NULL;
		message->msg_namelen = 0;
		message->msg_iovlen = 2;
		/* sendmmsg() does not write to it. */
		*part++ = (struct iovec){(void *)(uintptr_t)out->link, out->link_length};
	}
	*part = (struct iovec){packet->bytes, packet->length};
}

/* Gathers the first packets that may leave. Nothing looks at a packet after this. */
static unsigned gather(struct batch *batch, const struct batch_socket *out, struct bw_tx *packets,
		       size_t count)
{
	unsigned n = 0;

	while (n < count && n < BATCH_MAX && transmit_check(batch->permit, &packets[n]) == 0) {
		put_message(batch, out, n, &packets[n]);
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

/* Sends the run. Returns how many packets have a status; fewer than COUNT: the queue is full. */
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

size_t batch_send(struct batch *batch, const struct batch_socket *out, struct bw_tx *packets,
		  size_t count)
{
	size_t done = 0;

	while (done < count) {
		unsigned run = gather(batch, out, packets + done, count - done), sent;

		if (run == 0) {
			batch_refuse(batch, &packets[done],
				     transmit_check(batch->permit, &packets[done]));
			done++;
			continue;
		}
		sent = send_run(batch, out->fd, packets + done, run);
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
