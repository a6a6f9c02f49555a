/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The receiving half of the hot path, the same for a check, the daemon and a survey; the
 * sending half is sys/tx/batch.c. libpcap maps the ring, compiles the filter into the kernel
 * and passes frames where they lie. With blocks of frames (TPACKET_V3) this takes no system
 * call a frame. Immediate mode (TPACKET_V2) wakes the reader for each frame, which suits a
 * check of a few hosts, but not thousands of answers a second.
 *
 * The counters of the kernel are read with getsockopt() in place of pcap_stats(). Reading
 * resets them, so only one place may add them up; and the senders of a survey read them
 * each millisecond from other threads, in the middle of a pcap_dispatch(). Therefore both
 * sums are atomic, and the kernel's own lock does the rest.
 */
#include "sys/rx/capture.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/machine/privilege.h"
#include "sys/net/interface.h"
#include "sys/rx/filter.h"
#include "wire/link/frame.h"

#define RETIRE_MS 5 /* the kernel may hold back frames so long, unless immediate */

struct capture {
	pcap_t *pcap;
	unsigned interface_index;
	char interface[INTERFACE_NAME];
	int linktype;
	int64_t tick_ns; /* of the fraction in a pcap time stamp */
	void (*on_frame)(void *self, const struct bw_rx *rx);
	void *self;
	const struct clock *clock; /* during a dispatch */
	_Atomic uint64_t taken, arrived, dropped;
};

static int fail(struct capture *capture, int code, struct bw_err *err)
{
	if (code == PCAP_ERROR_PERM_DENIED || code == PCAP_ERROR_PROMISC_PERM_DENIED)
		return privilege_error(err);
	if (code == PCAP_ERROR_NO_SUCH_DEVICE)
		return bw_err_set(err, BW_ERR_MISSING, "there is no interface %s",
				  capture->interface);
	if (code == PCAP_ERROR_IFACE_NOT_UP)
		return bw_err_set(err, -ENETDOWN, "the interface %s is down", capture->interface);
	return bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot capture on %s: %s", capture->interface,
			  pcap_geterr(capture->pcap));
}

static int set_filter(struct capture *capture, const struct capture_config *config,
		      struct bw_err *err)
{
	char text[FILTER_TEXT];
	struct bpf_program program;
	int r;

	filter_format(config->local, config->local_count, text);
	r = pcap_compile(capture->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN);
	if (r < 0)
		return fail(capture, r, err);
	r = pcap_setfilter(capture->pcap, &program);
	pcap_freecode(&program);
	return r < 0 ? fail(capture, r, err) : 0;
}

/*
 * Outgoing packets are not needed, and on lo each frame would come twice. The socket option
 * saves the wake-ups too; on an old kernel without it, libpcap drops them.
 */
static void leave_out_outgoing(struct capture *capture)
{
	int one = 1;

	setsockopt(pcap_fileno(capture->pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING, &one,
		   sizeof(one));
	pcap_setdirection(capture->pcap, PCAP_D_IN);
}

static int activate(struct capture *capture, const struct capture_config *config,
		    struct bw_err *err)
{
	pcap_t *pcap = capture->pcap;
	int r;

	pcap_set_snaplen(pcap, CAPTURE_SNAPLEN);
	pcap_set_promisc(pcap, 0);
	pcap_set_immediate_mode(pcap, config->immediate);
	pcap_set_timeout(pcap, RETIRE_MS);
	pcap_set_buffer_size(pcap, (int)config->buffer_size);
	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	r = pcap_activate(pcap);
	if (r < 0)
		return fail(capture, r, err);
	capture->tick_ns =
		pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO ? 1 : BW_US;
	capture->linktype = pcap_datalink(pcap);
	if (!frame_is_readable(capture->linktype))
		return bw_err_set(err, BW_ERR_UNAVAILABLE,
				  "cannot read the frames of %s: link type %s is not supported",
				  capture->interface,
				  pcap_datalink_val_to_description_or_dlt(capture->linktype));
	leave_out_outgoing(capture);
	return set_filter(capture, config, err);
}

int capture_open(const struct capture_config *config, struct capture **ret_capture,
		 struct bw_err *err)
{
	struct capture *capture = calloc(1, sizeof(*capture));
	char why[PCAP_ERRBUF_SIZE] = "";
	int r = -ENOMEM;

	if (!capture)
		return bw_err_set(err, -ENOMEM, "out of memory");
	snprintf(capture->interface, sizeof(capture->interface), "%s", config->interface);
	capture->interface_index = if_nametoindex(config->interface);
	capture->on_frame = config->on_frame;
	capture->self = config->self;
	capture->pcap = pcap_create(config->interface, why);
	if (!capture->pcap)
		bw_err_set(err, r, "cannot capture on %s: %s", config->interface, why);
	else
		r = activate(capture, config, err);
	if (r == 0 && pcap_setnonblock(capture->pcap, 1, why) < 0)
		r = bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot capture on %s: %s",
			       config->interface, why);
	if (r < 0) {
		capture_close(capture);
		return r;
	}
	*ret_capture = capture;
	return 0;
}

void capture_close(struct capture *capture)
{
	if (!capture)
		return;
	if (capture->pcap)
		pcap_close(capture->pcap);
	free(capture);
}

int capture_fd(const struct capture *capture)
{
	return pcap_get_selectable_fd(capture->pcap);
}

static void take_frame(u_char *self, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct capture *capture = (struct capture *)(void *)self;
	struct bw_wall at = {(int64_t)header->ts.tv_sec * BW_S +
			     (int64_t)header->ts.tv_usec * capture->tick_ns};
	struct bw_rx rx = {
		.at = clock_mono(capture->clock, at),
		.linktype = capture->linktype,
		.length = header->caplen,
		.wire_length = header->len,
		.bytes = bytes,
	};

	/* No other thread writes it. */
	atomic_store_explicit(&capture->taken,
			      atomic_load_explicit(&capture->taken, memory_order_relaxed) + 1,
			      memory_order_relaxed);
	capture->on_frame(capture->self, &rx);
}

int capture_dispatch(struct capture *capture, const struct clock *clock, int limit,
		     struct bw_err *err)
{
	int r;

	capture->clock = clock;
	r = pcap_dispatch(capture->pcap, limit, take_frame, (u_char *)(void *)capture);
	capture->clock = NULL;
	if (r >= 0)
		return r;
	r = interface_state(capture->interface_index);
	if (r == -ENODEV)
		return bw_err_set(err, r, "the interface %s has vanished", capture->interface);
	if (r == -ENETDOWN)
		return bw_err_set(err, r, "the interface %s went down", capture->interface);
	return bw_err_set(err, -EIO, "capturing on %s failed: %s", capture->interface,
			  pcap_geterr(capture->pcap));
}

struct capture_stats capture_stats(struct capture *capture)
{
	/* Read first, so that it is not ahead of what arrived meanwhile. */
	uint64_t taken = atomic_load_explicit(&capture->taken, memory_order_relaxed);
	struct tpacket_stats_v3 counted;
	socklen_t size = sizeof(counted);

	if (getsockopt(capture_fd(capture), SOL_PACKET, PACKET_STATISTICS, &counted, &size) == 0) {
		atomic_fetch_add_explicit(&capture->arrived, counted.tp_packets - counted.tp_drops,
					  memory_order_relaxed);
		atomic_fetch_add_explicit(&capture->dropped, counted.tp_drops,
					  memory_order_relaxed);
	}
	return (struct capture_stats){
		.taken = taken,
		.arrived = atomic_load_explicit(&capture->arrived, memory_order_relaxed),
		.dropped = atomic_load_explicit(&capture->dropped, memory_order_relaxed),
	};
}
