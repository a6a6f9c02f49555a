/* SPDX-License-Identifier: Apache-2.0 */
#include "way.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"

#define DLT_RAW_NUMBER 12
#define V4_TTL 8
#define V6_TTL 7
#define MPLS_BYTES 12

struct way *way_new(unsigned routers)
{
	struct way *way = calloc(1, sizeof(*way));

	assert_non_null(way);
	way->done = calloc(WAY_TRACES_MAX, sizeof(*way->done));
	assert_non_null(way->done);
	way->routers = routers;
	way->syn_flags = 0x12;
	way->now.ns = 100 * BW_S;
	return way;
}

void way_free(struct way *way)
{
	free(way->done);
	free(way);
}

void way_wish(struct way *way, const char *dst, const char *method, uint8_t flow)
{
	struct trace_wish *wish = &way->wishes[way->wish_count];

	wish->dst = sample_addr(dst);
	assert_int_equal(bw_trace_method_parse(method, &wish->method, NULL), 0);
	wish->subject = way->wish_count++;
	wish->flow = flow;
	wish->egress = wish->dst.family == 4 ? 0 : 1;
}

struct bw_addr way_router(unsigned number, int family)
{
	struct bw_addr addr = sample_addr(family == 4 ? "10.0.0.0" : "2001:db8:ffff::");

	return bw_addr_add(&addr, number);
}

static struct way_frame *new_frame(struct way *way, unsigned distance)
{
	struct way_frame *frame = &way->frames[way->frame_count++];

	assert_true(way->frame_count <= WAY_FRAMES_MAX);
	frame->at = bw_mono_add(way->now, distance * WAY_HOP_NS);
	return frame;
}

/* What NAT leaves of a quoted probe. */
static void mangle(struct sample *probe)
{
	memcpy(probe->bytes + 12, "\xcb\x00\x71\x07", 4);
	put_u16(probe->bytes + 10, 0xbeef);
	if (probe->protocol == 1) {
		put_u16(probe->bytes + 20 + 4, 0x7777);
		put_u16(probe->bytes + 20 + 2, 0xbeef);
	} else {
		put_u16(probe->bytes + 20, 1025);
		if (probe->protocol == 17)
			put_u16(probe->bytes + 26, 0xbeef);
	}
}

/* Makes the quote 128 bytes long and adds a label stack. */
static void add_labels(struct sample *error)
{
	static const uint8_t extension[MPLS_BYTES] = {0x20, 0, 0, 0, 0, 8, 1, 1, 3, 0xe8, 0x51, 1};
	uint32_t quote_at = error->upper + 8;
	uint8_t *structure = error->bytes + quote_at + 128;
	bool v4 = error->bytes[0] >> 4 == 4;

	memset(error->bytes + error->length, 0, sizeof(error->bytes) - error->length);
	memcpy(structure, extension, MPLS_BYTES);
	put_u16(structure + 2, (uint16_t)~sample_sum(0, structure, MPLS_BYTES));
	error->bytes[error->upper + (v4 ? 5 : 4)] = v4 ? 32 : 16;
	error->length = quote_at + 128 + MPLS_BYTES;
	sample_finish(error);
}

static void send_error(struct way *way, const struct sample *probe, unsigned number,
		       unsigned distance, uint8_t left, unsigned error)
{
	bool v4 = probe->bytes[0] >> 4 == 4;
	uint8_t type = (uint8_t)(error >> 8), code = (uint8_t)error;
	struct sample quoted = *probe;
	struct bw_addr from = number ? way_router(number, v4 ? 4 : 6) : sample_dst(probe);
	struct way_frame *frame;

	if (way->answers_left[number] == 1)
		return;
	way->answers_left[number] -= way->answers_left[number] > 1;
	quoted.bytes[v4 ? V4_TTL : V6_TTL] = left;
	if (way->nat)
		mangle(&quoted);
	frame = new_frame(way, distance);
	frame->packet =
		sample_error(&quoted, &from, type, code, way->quoted ? way->quoted : quoted.length);
	if (way->nat) { /* the router knows whom it is for */
		struct bw_addr vantage = sample_src(probe);

		memcpy(frame->packet.bytes + 16, vantage.bytes, 4);
		sample_finish(&frame->packet);
	}
	if (way->mpls && type == (v4 ? 11 : 3))
		add_labels(&frame->packet);
}

static void send_answer(struct way *way, const struct sample *probe, uint8_t left)
{
	unsigned back = way->back ? way->back : way->routers;
	bool v4 = probe->bytes[0] >> 4 == 4;
	struct way_frame *frame;

	if (way->dst_silent)
		return;
	if (probe->protocol == 17) { /* the port is unreachable */
		send_error(way, probe, 0, way->routers + 1, left, v4 ? 3 << 8 | 3 : 1 << 8 | 4);
		return;
	}
	frame = new_frame(way, way->routers + 1);
	if (probe->protocol == 6)
		frame->packet = sample_tcp_reply(probe, way->syn_flags, 1);
	else
		frame->packet = sample_echo_reply(probe, (uint8_t)(64 - back));
	frame->packet.bytes[probe->bytes[0] >> 4 == 4 ? V4_TTL : V6_TTL] = (uint8_t)(64 - back);
	sample_finish(&frame->packet);
}

/* The router at a distance, with loops. */
static unsigned router_at(const struct way *way, unsigned distance)
{
	if (way->loop_from && distance > way->loop_to)
		return way->loop_from +
		       (distance - way->loop_from) % (way->loop_to - way->loop_from + 1);
	return distance;
}

static bool is_exempt(const struct way *way, const struct sample *probe)
{
	const struct bw_addr dst = sample_dst(probe);

	return way->exempt.addr.family != 0 && bw_prefix_contains(&way->exempt, &dst);
}

static void forward(struct way *way, const struct sample *probe)
{
	bool v4 = probe->bytes[0] >> 4 == 4;
	uint8_t left = probe->bytes[v4 ? V4_TTL : V6_TTL];

	for (unsigned distance = 1;; distance++, left--) {
		unsigned number = router_at(way, distance);

		if (number > way->routers)
			break;
		if (number == way->refuses) {
			send_error(way, probe, number, distance, left,
				   way->refuse_type << 8 | way->refuse_code);
			return;
		}
		if (left == 1) {
			if (!way->silent[number])
				send_error(way, probe, number, distance, 1, v4 ? 11 << 8 : 3 << 8);
			return;
		}
		if (number == way->cut && !is_exempt(way, probe))
			return;
	}
	if (way->dst_expires && left == 1)
		send_error(way, probe, 0, way->routers + 1, 1, v4 ? 11 << 8 : 3 << 8);
	else
		send_answer(way, probe, left);
}

static void note_sent(struct way *way, const struct sample *probe)
{
	bool v4 = probe->bytes[0] >> 4 == 4;
	struct cursor hashed = cursor_of(probe->bytes + probe->upper, 4);
	struct cursor first = cursor_of(probe->bytes, 4);
	struct way_sent *sent = &way->sent[way->sent_count++];

	assert_true(way->sent_count <= WAY_SENT_MAX);
	sent->at = way->now;
	sent->dst = sample_dst(probe);
	sent->ttl = probe->bytes[v4 ? V4_TTL : V6_TTL];
	sent->hashed = cursor_u32(&hashed);
	sent->label = v4 ? 0 : cursor_u32(&first) & 0xfffff;
}

static size_t way_send(void *self, struct bw_tx *batch, size_t count)
{
	struct way *way = self;

	for (size_t n = 0; n < count; n++) {
		struct sample probe = sample_probe(batch[n].bytes, batch[n].length);

		batch[n].status = way->status ? way->status(&batch[n]) : 0;
		batch[n].sent = way->now;
		if (batch[n].status)
			continue;
		note_sent(way, &probe);
		if (way->sent_count > way->lost)
			forward(way, &probe);
	}
	return count;
}

static bool next(void *self, struct trace_wish *ret_wish)
{
	struct way *way = self;

	if (way->wished == way->wish_count)
		return false;
	*ret_wish = way->wishes[way->wished++];
	return true;
}

static void on_trace(void *self, const struct trace *trace)
{
	struct way *way = self;
	struct way_trace *done = &way->done[trace->subject];

	assert_null(done->trace.hops);
	done->trace = *trace;
	memcpy(done->hops, trace->hops, (trace->last + 1U) * sizeof(*done->hops));
	done->trace.hops = done->hops;
	way->done_count++;
}

/* The frame that arrives first; NULL: none is on the way. */
static struct way_frame *first_frame(struct way *way)
{
	struct way_frame *first = NULL;

	for (unsigned n = 0; n < way->frame_count; n++)
		if (!first || bw_mono_before(way->frames[n].at, first->at))
			first = &way->frames[n];
	return first;
}

struct bw_mono way_next(struct way *way)
{
	const struct way_frame *first = first_frame(way);

	return first ? first->at : BW_NEVER;
}

void way_deliver(struct way *way, void (*receive)(void *self, const struct bw_rx *rx), void *self)
{
	struct way_frame *frame;

	while ((frame = first_frame(way)) && !bw_mono_before(way->now, frame->at)) {
		struct sample packet = frame->packet;

		*frame = way->frames[--way->frame_count];
		receive(self, &(struct bw_rx){
				      .at = way->now,
				      .linktype = DLT_RAW_NUMBER,
				      .length = packet.length,
				      .wire_length = packet.length,
				      .bytes = packet.bytes,
			      });
	}
}

static void receive(void *self, const struct bw_rx *rx)
{
	tracer_receive(self, rx);
}

struct bw_transport way_transport(struct way *way)
{
	static const struct bw_transport_ops ops = {.send = way_send};

	return (struct bw_transport){&ops, way};
}

struct trace_limits way_limits(const struct way *way)
{
	return (struct trace_limits){
		.max_ttl = 30,
		.gap = 5,
		.tries = 3,
		.eager = way->wish_count == 1,
		.timeout_ns = 3 * BW_S,
	};
}

void way_run(struct way *way, struct trace_limits limits)
{
	const struct bw_egress egress[2] = {{.source = sample_addr("198.18.0.1")},
					    {.source = sample_addr("2001:db8::1")}};
	struct bw_methods methods = {0};
	struct bw_transport transport = way_transport(way);
	struct tracer_config config = {
		.transport = &transport,
		.egress = egress,
		.egress_count = 2,
		.methods = &methods,
		.rate_pps = 1000,
		.limits = limits,
		.active_max = 64,
		.seed = 1,
		.next = next,
		.on_trace = on_trace,
		.self = way,
	};
	struct tracer *tracer;

	for (unsigned n = 0; n < way->wish_count; n++)
		(void)bw_methods_add(&methods, way->wishes[n].method, NULL);
	assert_int_equal(tracer_new(&config, way->now, &tracer, NULL), 0);
	for (unsigned turns = 0; turns < 1000000; turns++) {
		struct bw_mono at;

		tracer_tick(tracer, way->now);
		if (tracer_is_done(tracer))
			break;
		at = tracer_deadline(tracer, way->now);
		at = bw_mono_min(at, way_next(way));
		assert_true(at.ns != BW_NEVER.ns);
		way->now = bw_mono_max(at, way->now);
		way_deliver(way, receive, tracer);
	}
	assert_true(tracer_is_done(tracer));
	tracer_stats(tracer, &way->stats);
	tracer_free(tracer);
}
