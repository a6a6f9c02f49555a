/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SIM_NET_H
#define TEST_SIM_NET_H

/* A small world with a vantage that sends probes. For the tests of sim. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/world/world.h"
#include "wire/build.h"
#include "wire/reply.h"

struct net {
	struct sim_world *world;
	struct siphash_key key;
	uint64_t nonce;
	struct token token; /* of the last probe */
	struct bw_err err;
};

static inline struct bw_addr net_addr(const char *text)
{
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	return addr;
}

static inline struct bw_prefix net_prefix(const char *text)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

static inline struct bw_mono net_at(int64_t ns)
{
	return (struct bw_mono){ns};
}

/* ADD(net, network, path) is sim_world_add_network(net->world, path, &net->err), and must work. */
#define ADD(net, what, ...) \
	net_ok((net), sim_world_add_##what((net)->world, __VA_ARGS__, &(net)->err))

static inline int net_ok(const struct net *net, int rc)
{
	if (rc < 0)
		fail_msg("%d: %s", rc, net->err.message);
	return rc;
}

static inline struct net net_new(uint64_t seed)
{
	struct sim_world_config config = {.seed = seed};
	struct net net = {.key = siphash_key_of(seed)};

	net.world = sim_world_new(&config);
	assert_non_null(net.world);
	return net;
}

static inline int net_add_vantage(struct net *net, int path)
{
	struct sim_vantage vantage = {.path = path};

	vantage.v4 = net_addr("198.18.255.1");
	vantage.v6 = net_addr("2001:db8:ffff::1");
	return ADD(net, vantage, &vantage);
}

/* A kind of host that is always on and answers echo requests and a SYN to port 443. */
static inline struct sim_host_kind net_steady_kind(void)
{
	return (struct sim_host_kind){.availability = 1,
				      .icmp = true,
				      .port_count = 1,
				      .ports = {{BW_PROTOCOL_TCP, 443}}};
}

/* A profile that fills a /24 block with hosts of kind 0. */
static inline struct sim_profile net_full_profile(void)
{
	return (struct sim_profile){.group_count = 1, .groups = {{253, 0}}};
}

/*
 * Adds network 0 without a path, host kind 0 as above, profile 0, and COUNT blocks of them
 * from 198.18.0.0/24 on.
 */
static inline void net_add_blocks(struct net *net, const struct sim_profile *profile,
				  uint32_t count)
{
	struct sim_host_kind kind = net_steady_kind();
	struct bw_prefix prefix = net_prefix("198.18.0.0/24");

	ADD(net, network, -1);
	ADD(net, host_kind, &kind);
	ADD(net, profile, profile);
	ADD(net, blocks, &prefix, count, 0, 0);
}

static inline void net_seal(struct net *net)
{
	net_ok(net, sim_world_seal(net->world, &net->err));
}

/* A sealed world with vantage 0 and COUNT blocks of a profile. */
static inline struct net net_of(uint64_t seed, const struct sim_profile *profile, uint32_t count)
{
	struct net net = net_new(seed);

	net_add_vantage(&net, -1);
	net_add_blocks(&net, profile, count);
	net_seal(&net);
	return net;
}

/*
 * The usual world, not sealed: vantage 0 and one block with COUNT hosts and a round trip of
 * 100 ms.
 */
static inline struct net net_usual(uint64_t seed, uint32_t count)
{
	struct net net = net_new(seed);
	struct sim_profile profile = {.group_count = 1,
				      .groups = {{count, 0}},
				      .delay = {.base_ns = 100 * BW_MS}};

	net_add_vantage(&net, -1);
	net_add_blocks(&net, &profile, 1);
	return net;
}

static inline struct bw_method net_method(const char *text)
{
	struct bw_method method;

	assert_int_equal(bw_method_parse(text, &method, NULL), 0);
	return method;
}

/* Builds a probe to DST from the vantage's address of that family. */
static inline struct bw_tx net_packet(struct net *net, const struct bw_addr *dst,
				      const char *method, uint8_t ttl)
{
	struct bw_addr source = net_addr(dst->family == 4 ? "198.18.255.1" : "2001:db8:ffff::1");
	struct bw_tx tx = {.dst = *dst, .status = 1};
	struct build_template template;

	assert_int_equal(build_template_init(&template, &source, net_method(method), NULL, NULL),
			 0);
	net->token = token_make(&net->key, dst, net_method(method), ++net->nonce, 7, 0);
	tx.length = build_probe(&template, dst, &net->token, ttl, 7, tx.bytes);
	return tx;
}

/* Sends one probe at AT; the send must work. */
static inline void net_send(struct net *net, int64_t at_ns, const char *dst, const char *method,
			    uint8_t ttl)
{
	struct bw_transport transport = sim_world_transport(net->world, 0);
	struct bw_addr addr = net_addr(dst);
	struct bw_tx tx = net_packet(net, &addr, method, ttl);

	sim_world_set_now(net->world, net_at(at_ns));
	assert_int_equal(transport.ops->send(transport.self, &tx, 1), 1);
	assert_int_equal(tx.status, 0);
	assert_int_equal(tx.sent.ns, at_ns);
}

/* Takes the next frame, whenever it comes, and decodes it. False: none is under way. */
static inline bool net_receive(struct net *net, struct reply *ret_reply, int64_t *ret_at)
{
	struct bw_mono next;
	struct bw_rx rx;

	if (ret_at)
		*ret_at = 0;
	while ((next = sim_world_next(net->world)).ns != INT64_MAX) {
		sim_world_set_now(net->world, next);
		if (!sim_world_take(net->world, NULL, &rx))
			continue;
		assert_int_equal(reply_decode(rx.linktype, rx.bytes, rx.length, rx.wire_length,
					      ret_reply),
				 REJECT_NONE);
		if (ret_at)
			*ret_at = rx.at.ns;
		return true;
	}
	return false;
}

/* Sends a probe and takes its only answer; false when there is none. */
static inline bool net_ask(struct net *net, int64_t at_ns, const char *dst, const char *method,
			   uint8_t ttl, struct reply *ret_reply)
{
	struct reply second;
	bool answered;

	net_send(net, at_ns, dst, method, ttl);
	answered = net_receive(net, ret_reply, NULL);
	assert_false(answered && net_receive(net, &second, NULL));
	if (answered)
		assert_int_equal(ret_reply->brief, net->token.brief);
	return answered;
}

static inline uint64_t net_fate(const struct net *net, enum sim_fate fate)
{
	uint64_t counts[SIM_FATES];

	sim_world_fates(net->world, 0, counts);
	return counts[fate];
}

/* Sends COUNT probes, STEP apart from START on, and lets the answers come. */
static inline void net_send_many(struct net *net, int64_t start_ns, int64_t step_ns, unsigned count,
				 const char *dst, const char *method)
{
	struct bw_transport transport = sim_world_transport(net->world, 0);
	struct bw_addr addr = net_addr(dst);
	struct bw_tx tx = net_packet(net, &addr, method, 64);
	struct bw_rx rx;

	for (unsigned i = 0; i < count; i++) {
		sim_world_set_now(net->world, net_at(start_ns + i * step_ns));
		while (sim_world_take(net->world, NULL, &rx))
			;
		assert_int_equal(transport.ops->send(transport.self, &tx, 1), 1);
	}
}

/* VALUE is within SIGMAS standard deviations of COUNT draws with chance P. */
static inline void net_near(double value, double count, double p, double sigmas)
{
	double mean = count * p, variance = count * p * (1 - p);

	if ((value - mean) * (value - mean) > sigmas * sigmas * variance)
		fail_msg("%g of %g, expected %g", value, count, mean);
}

#endif
