/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/round/request.h"

#include <math.h>

#include "infer/condition/rate_limit.h"
#include "infer/evidence/fading.h"
#include "infer/evidence/rest.h"
#include "vantage/roster_weigh.h"
#include "vantage/watch/schedule/siblings.h"

#define PATIENCE_MIN_NS BW_S
#define PATIENCE_RTTS 3
#define HEARSAY 0.5F   /* what a target states counts at most so much until a host answers */
#define OTHER_METHOD 3 /* each such probe of a round uses another method than is known */
#define UNLIKELY 0.1F  /* that this one is answered */
#define RESUMED 2      /* who is asked in a silence that goes on was silent so often */
#define OFF_AGAIN 0.1F /* who is off answers so much less often when asked again */
#define GAP_ROUNDS 4   /* after such a gap ... */
#define AVAILABILITY_SURE 0.8F /* ... hosts below this are in doubt */

static struct request make_request(const struct ledger *l, uint32_t block, uint16_t host,
				   unsigned method, int64_t patience_ns)
{
	const struct roster *roster = l->config.roster;

	method %= roster_method_count(roster, block, host);
	return (struct request){
		.probe =
			{
				.client = PROBE_OF_ROUND,
				.subject = block,
				.host = host,
				.egress = roster->blocks[block].egress,
				.dst = roster_host_addr(roster, block, host),
				.method = roster_method(roster, block, host, method),
				.patience_us = (uint32_t)(patience_ns / BW_US),
			},
		.method = method,
	};
}

static unsigned times_asked(const struct evidence_log *x, uint16_t host)
{
	unsigned times = 0;

	for (unsigned i = 0; i < x->count; i++)
		times += x->list[i].host == host && x->list[i].state != EVIDENCE_VOID;
	return times;
}

struct request request_stated(const struct ledger *l, uint32_t block, const struct evidence_log *x,
			      uint16_t host)
{
	const struct roster *roster = l->config.roster;
	unsigned method = evidence_method(x, host, l->config.params.sample);
	struct request request = make_request(l, block, host, method, l->config.params.timeout_ns);

	request.availability =
		fading_availability(roster_availability(roster, block, host),
				    roster_gone(roster, block, host), times_asked(x, host));
	request.resting = request.availability;
	return request;
}

struct request request_recalled(const struct ledger *l, uint32_t number,
				const struct evidence_log *x, uint16_t host)
{
	const struct block *block = &l->blocks[number];
	unsigned answered = hotlist_method(&block->hot, host);
	unsigned next = answered + evidence_method(x, host, l->config.params.sample);
	struct request request = make_request(l, number, host, next, l->config.params.timeout_ns);
	float rate = hotlist_hot_rate(&block->hot);

	if (request.method != answered % roster_method_count(l->config.roster, number, host))
		rate = fminf(rate, UNLIKELY);
	request.availability =
		fading_availability(rate,
				    fading_gone(bw_mono_since(l->now.mono, block->last_answer)),
				    times_asked(x, host));
	request.resting = request.availability;
	return request;
}

struct evidence request_evidence(const struct ledger *l, uint32_t block,
				 const struct request *request)
{
	const struct roster_network *network = roster_network_of(l->config.roster, block);

	return (struct evidence){
		.host = request->probe.host,
		.availability = request->availability,
		.resting = request->resting,
		.cold = !hotlist_has(&l->blocks[block].hot, request->probe.host),
		.method = (uint8_t)request->method,
		.protocol = request->probe.method.protocol,
		.part = (uint8_t)parts_of(&request->probe.dst,
					  bw_network_block_length(network->network)),
	};
}

static int64_t learned_patience_ns(const struct ledger *l, uint32_t block)
{
	int64_t timeout = l->config.params.timeout_ns, late = ledger_late_ns(l, block), patience;

	if (late > 0)
		return late;
	if (l->tracks[block].srtt_us == 0)
		return timeout;
	patience = PATIENCE_RTTS * (int64_t)l->tracks[block].srtt_us * BW_US;
	if (patience < PATIENCE_MIN_NS)
		patience = PATIENCE_MIN_NS;
	return patience < timeout ? patience : timeout;
}

/* Each third probe uses another method, so that a new filter against one is not silence. */
static unsigned learned_method(const struct ledger *l, uint32_t block, const struct evidence_log *x,
			       uint16_t host)
{
	const struct hotlist *hot = &l->blocks[block].hot;

	if (!hotlist_has(hot, host))
		return evidence_method(x, host, l->config.params.sample);
	return hotlist_method(hot, host) + (x->count % OTHER_METHOD == OTHER_METHOD - 1);
}

/* How often the host was silent just now, as far as is known. */
static unsigned silences_of(const struct block *block, const struct evidence_log *x, uint16_t host)
{
	bool asked = hotlist_has(&block->hot, host) || block->hosts <= EVIDENCE_MAX;

	return (x->resumed && asked ? RESUMED : 0) + times_asked(x, host);
}

/*
 * The availability while the hosts of the block are at rest. A hot host was heard when the block
 * was heard last, or so many rounds before as there are fresher ones. Cold hosts rest together: a
 * silence that goes on says nothing new of them.
 */
static float resting(const struct allowance *a, uint32_t number, const struct evidence_log *x,
		     uint16_t host, float availability)
{
	const struct ledger *l = a->ledger;
	const struct block *block = &l->blocks[number];
	unsigned silences = silences_of(block, x, host) + hotlist_is_doubted(&block->hot, host);
	int64_t age_ns;

	if (!hotlist_has(&block->hot, host))
		return silences || x->resumed ? 0 : rest_of_cold(availability);
	if (silences)
		return hotlist_after_silences(&block->hot, hotlist_hot_rate(&block->hot), silences);
	if (block->last_answer.ns == BLOCK_NEVER_ANSWERED.ns)
		return availability; /* known from before the start */
	age_ns = bw_mono_since(l->now.mono, block->last_answer) +
		 hotlist_fresher(&block->hot, host) * allowance_interval_ns(a, number);
	return rest_of_hot(availability, age_ns);
}

struct request request_learned(const struct allowance *a, uint32_t block,
			       const struct evidence_log *x, uint16_t host)
{
	const struct ledger *l = a->ledger;
	struct request request = make_request(l, block, host, learned_method(l, block, x, host),
					      learned_patience_ns(l, block));

	request.availability = request_availability(a, block, x, host, request.method);
	request.resting = resting(a, block, x, host, request.availability);
	return request;
}

/* Nothing was learned since the last answer: hosts may have gone off, or to rest. */
static float while_down(const struct allowance *a, uint32_t number, uint16_t host)
{
	const struct block *block = &a->ledger->blocks[number];
	bool is_new = block->last_answer.ns == BLOCK_NEVER_ANSWERED.ns; /* to this run */
	int64_t silent_ns = is_new ? 0 : bw_mono_since(a->ledger->now.mono, block->last_answer);
	float aged = hotlist_aged(&block->hot, block->hosts, host, silent_ns,
				  allowance_interval_ns(a, number));

	if (rest_unpack(block->rest) < 0)
		return aged;
	return hotlist_has(&block->hot, host) ? rest_of_hot(aged, silent_ns) : rest_of_cold(aged);
}

/*
 * After SILENCES of this silence. Unless much is lost, a doubted host that answers no more often
 * than a cold one is off, most likely, and stays so: to ask it again says little.
 */
static float asked_again(const struct ledger *l, uint32_t number, uint16_t host, float learned,
			 unsigned silences)
{
	const struct hotlist *hot = &l->blocks[number].hot;

	if (hotlist_is_doubted(hot, host) && learned <= hotlist_cold_rate(hot) &&
	    !current_loss_is_bad(siblings_delivered(l, number)))
		return learned * OFF_AGAIN;
	return fmaxf(hotlist_after_silences(hot, learned, silences),
		     fminf(learned, EVIDENCE_REPEATED));
}

float request_availability(const struct allowance *a, uint32_t number, const struct evidence_log *x,
			   uint16_t host, unsigned method)
{
	const struct ledger *l = a->ledger;
	const struct block *block = &l->blocks[number];
	float learned = hotlist_availability(&block->hot, block->hosts, host);
	unsigned silences;

	if (hotlist_has(&block->hot, host) && hotlist_method(&block->hot, host) != method)
		return UNLIKELY;
	if (block->last_answer.ns == BLOCK_NEVER_ANSWERED.ns)
		return learned < HEARSAY ? learned : HEARSAY;
	if (block_is_down(block))
		return while_down(a, number, host);
	silences = silences_of(block, x, host);
	if (silences > 0)
		learned = asked_again(l, number, host, learned, silences);
	return learned * rate_limit_factor(&l->tracks[number].condition, l->now.mono);
}

void request_doubt_after(const struct allowance *a, uint32_t number, int64_t elapsed_ns)
{
	struct block *block = &a->ledger->blocks[number];
	int64_t interval_ns = allowance_interval_ns(a, number);

	if (block->hot.count > 0 && elapsed_ns > GAP_ROUNDS * interval_ns &&
	    hotlist_aged(&block->hot, block->hosts, block->hot.hosts[block->hot.count - 1],
			 elapsed_ns, interval_ns) < AVAILABILITY_SURE)
		hotlist_doubt_all(&block->hot);
}
