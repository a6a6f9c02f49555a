/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trace/trace_run.h"

#include <inttypes.h>
#include <signal.h>

#include "app/common/log.h"
#include "sys/loop/loop.h"
#include "sys/machine/clock.h"
#include "sys/transport/netio.h"

#define ACTIVE_MAX 4096 /* traces at a time */

struct trace_run {
	const struct trace_run_config *config;
	struct tracer *tracer;
	struct netio *netio;
	struct loop *loop;
	struct bw_transport transport;
	struct bw_now now;
	uint32_t next; /* the next trace to start */
	bool stopped;
	int failure;
	struct bw_err *err;
};

/* A trace that needs no packet: to this machine, or to where none may or can be sent. */
static void report_unsent(struct trace_run *run, const struct trace_wish *wish,
			  enum trace_stop stop)
{
	struct trace trace = {
		.dst = wish->dst,
		.method = wish->method,
		.subject = wish->subject,
		.flow = wish->flow,
		.phase = TRACE_DONE,
		.stop = (uint8_t)stop,
		.reached = stop == TRACE_REACHED,
	};

	run->config->on_trace(run->config->self, &trace, run->now);
}

static bool next_wish(void *self, struct trace_wish *ret_wish)
{
	struct trace_run *run = self;
	bool local;
	int refused;

	while (run->next < run->config->destinations->trace_count) {
		refused = trace_destinations_wish(run->config->destinations, run->next++, ret_wish,
						  &local);
		if (refused == BW_ERR_NO_ROUTE)
			report_unsent(run, ret_wish, TRACE_STOP_UNREACHABLE);
		else if (refused < 0)
			report_unsent(run, ret_wish, TRACE_NOT_PERMITTED);
		else if (local)
			report_unsent(run, ret_wish, TRACE_REACHED);
		else
			return true;
	}
	return false;
}

static void on_hop(void *self, const struct trace *trace)
{
	struct trace_run *run = self;

	run->config->on_hop(run->config->self, trace);
}

static void on_trace(void *self, const struct trace *trace)
{
	struct trace_run *run = self;

	if (trace->status && trace->sent == 0 && trace_stop_of(trace->status) < 0)
		log_warn("nothing could be sent: %s", bw_error_text(trace->status));
	run->config->on_trace(run->config->self, trace, run->now);
}

static void on_frame(void *self, const struct bw_rx *rx)
{
	struct trace_run *run = self;

	tracer_receive(run->tracer, rx);
}

static void on_signal(void *self, int signal)
{
	struct trace_run *run = self;

	run->stopped = run->stopped || signal != SIGHUP;
}

static void on_wake(void *self, struct bw_now now)
{
	struct trace_run *run = self;

	run->now = now;
	if (run->failure == 0)
		run->failure = netio_dispatch(run->netio, now, run->err);
	if (run->failure > 0)
		run->failure = 0;
	if (run->stopped || run->failure < 0)
		tracer_interrupt(run->tracer);
	else
		tracer_tick(run->tracer, now.mono);
	if (tracer_is_done(run->tracer))
		loop_stop(run->loop);
	else
		loop_set_deadline(run->loop, tracer_deadline(run->tracer, now.mono));
}

static int open_network(struct trace_run *run, struct bw_err *err)
{
	const struct trace_run_config *config = run->config;
	struct netio_config netio = {
		.egress = config->destinations->egress.list,
		.egress_count = config->destinations->egress.count,
		.pinned = config->options->interface != NULL,
		.immediate = true,
		.rate_pps = config->options->rate_pps,
		.permit = &config->session->permit,
		.loop = run->loop,
		.on_frame = on_frame,
		.self = run,
	};
	int code = netio_open(&netio, &run->netio, err);

	if (code == 0)
		run->transport = netio_transport(run->netio);
	return code;
}

static int open_tracer(struct trace_run *run, const struct bw_methods *methods, struct bw_err *err)
{
	const struct trace_run_config *config = run->config;
	uint32_t count = config->destinations->trace_count;
	struct tracer_config tracer = {
		.transport = &run->transport,
		.egress = config->destinations->egress.list,
		.egress_count = config->destinations->egress.count,
		.methods = methods,
		.rate_pps = config->options->rate_pps,
		.limits = config->limits,
		.active_max = count < ACTIVE_MAX ? count : ACTIVE_MAX,
		.next = next_wish,
		.on_hop = config->on_hop ? on_hop : NULL,
		.on_trace = on_trace,
		.self = run,
	};

	return tracer_new(&tracer, run->now.mono, &run->tracer, err);
}

/* Whether a packet has to be sent at all: without one no privilege is needed. */
static bool needs_network(const struct trace_destinations *destinations)
{
	for (uint32_t trace = 0; trace < destinations->trace_count; trace++) {
		struct trace_wish wish;
		bool local;

		if (trace_destinations_wish(destinations, trace, &wish, &local) == 0 && !local)
			return true;
	}
	return false;
}

static void say_what_was_not_sent(const struct tracer *tracer)
{
	struct tracer_stats stats;

	tracer_stats(tracer, &stats);
	if (stats.send_errors > 0)
		log_warn("%" PRIu64 " of %" PRIu64 " probes could not be sent", stats.send_errors,
			 stats.send_errors + stats.sent);
}

static int run_network(struct trace_run *run, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {.on_wake = on_wake, .on_signal = on_signal};
	struct bw_methods methods = {0};
	int code = loop_new(&callbacks, run, &run->loop, err);

	trace_destinations_methods(run->config->destinations, &methods);
	if (code == 0)
		code = open_network(run, err);
	run->now = clock_now();
	if (code == 0)
		code = open_tracer(run, &methods, err);
	if (code == 0) {
		code = loop_run(run->loop);
		if (code < 0)
			bw_err_set(err, code, "the event loop failed: %s", bw_error_text(code));
		else
			code = run->failure;
		say_what_was_not_sent(run->tracer);
	}
	tracer_free(run->tracer);
	netio_close(run->netio);
	loop_free(run->loop);
	return code;
}

int trace_run(const struct trace_run_config *config, struct bw_err *err)
{
	struct trace_run run = {.config = config, .now = clock_now(), .err = err};
	struct trace_wish wish;

	if (needs_network(config->destinations))
		return run_network(&run, err);
	(void)next_wish(&run, &wish);
	return 0;
}
