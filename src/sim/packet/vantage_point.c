/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/packet/vantage_point.h"

#include "base/chance.h"
#include "sim/topology/check.h"

#define FAULTS_MAX 4096

const char *sim_fate_name(enum sim_fate fate)
{
	static const char *const names[] = {
#define X(name, text) text,
		SIM_FATE_LIST(X)
#undef X
	};

	return fate < SIM_FATES ? names[fate] : "";
}

int vantage_point_init(struct vantage_point *point, unsigned number, uint64_t seed,
		       const struct sim_vantage *config, struct bw_err *err)
{
	int rc = sim_link_check(&config->link, err);

	if (rc < 0)
		return rc;
	if ((config->outside_v4.family && config->outside_v4.family != 4) ||
	    (config->outside_v6.family && config->outside_v6.family != 6))
		return bw_err_set(err, BW_ERR_VALUE, "an outside address of the other family");
	if ((config->v4.family && config->v4.family != 4) ||
	    (config->v6.family && config->v6.family != 6) ||
	    (!config->v4.family && !config->v6.family))
		return bw_err_set(err, BW_ERR_VALUE, "a vantage has an IPv4 or IPv6 address");
	*point = (struct vantage_point){
		.number = number,
		.config = *config,
		.rng = rng_of(chance_key(seed, ~(uint64_t)number)),
		.faults = array_of(sizeof(struct sim_vantage_fault)),
		.quiet_to_ns = INT64_MIN,
	};
	return 0;
}

void vantage_point_fini(struct vantage_point *point)
{
	array_fini(&point->faults);
}

int vantage_point_add_fault(struct vantage_point *point, const struct sim_vantage_fault *fault,
			    struct bw_err *err)
{
	int rc = fault->kind == SIM_CLOCK_STEP ? 0 : check_interval(fault->start, fault->end, err);

	if (rc < 0)
		return rc;
	if (!check_chance(fault->share))
		return bw_err_set(err, BW_ERR_VALUE, "a share is from 0 to 1");
	if (fault->kind == SIM_SEND_ERROR && fault->status >= 0)
		return bw_err_set(err, BW_ERR_VALUE, "the status of a send error is below 0");
	if (point->faults.count == FAULTS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d faults of a vantage", FAULTS_MAX);
	rc = array_put(&point->faults, fault, FAULTS_MAX, err);
	return rc < 0 ? rc : 0;
}

static const struct sim_vantage_fault *fault_at(const struct vantage_point *point, uint32_t n)
{
	return (const struct sim_vantage_fault *)array_at(&point->faults, n);
}

/* When there is no fault at AT, stores the interval around it without a fault. */
static void find_quiet(struct vantage_point *point, int64_t at_ns)
{
	int64_t from = INT64_MIN, to = INT64_MAX;

	for (uint32_t i = 0; i < point->faults.count; i++) {
		const struct sim_vantage_fault *fault = fault_at(point, i);

		if (fault->kind == SIM_CLOCK_STEP)
			continue;
		if (fault->start.ns <= at_ns && at_ns < fault->end.ns)
			return;
		if (fault->end.ns <= at_ns && fault->end.ns > from)
			from = fault->end.ns;
		if (fault->start.ns > at_ns && fault->start.ns < to)
			to = fault->start.ns;
	}
	point->quiet_from_ns = from;
	point->quiet_to_ns = to;
}

const struct sim_vantage_fault *vantage_point_fault(struct vantage_point *point,
						    enum sim_vantage_fault_kind kind,
						    int family, int64_t at_ns)
{
	if (at_ns >= point->quiet_from_ns && at_ns < point->quiet_to_ns)
		return NULL;
	for (uint32_t i = 0; i < point->faults.count; i++) {
		const struct sim_vantage_fault *fault = fault_at(point, i);

		if (fault->kind == kind && fault->start.ns <= at_ns && at_ns < fault->end.ns &&
		    (fault->family == 0 || fault->family == family))
			return fault;
	}
	find_quiet(point, at_ns);
	return NULL;
}

bool vantage_point_admits(struct vantage_point *point, const struct arrival *arrival)
{
	const struct sim_vantage_fault *drop;
	int64_t at = arrival->at.ns;
	int family = arrival->bytes[0] >> 4; /* the version of the IP header */

	if (vantage_point_fault(point, SIM_SUSPENDED, 0, at) ||
	    vantage_point_fault(point, SIM_LAN_CUT, family, at))
		return false;
	if (!arrival->lan && vantage_point_fault(point, SIM_UPLINK_CUT, family, at))
		return false;
	drop = vantage_point_fault(point, SIM_CAPTURE_DROP, family, at);
	if (drop && chance_hit(&point->rng, drop->share)) {
		point->stats.capture_dropped++;
		return false;
	}
	point->stats.received++;
	return true;
}

int64_t vantage_point_clock_offset(const struct vantage_point *point, int64_t at_ns)
{
	int64_t offset = 0;

	for (uint32_t i = 0; i < point->faults.count; i++) {
		const struct sim_vantage_fault *fault = fault_at(point, i);

		if (fault->kind == SIM_CLOCK_STEP && fault->start.ns <= at_ns)
			offset += fault->step_ns;
	}
	return offset;
}

struct bw_mono vantage_point_awake(struct vantage_point *point, struct bw_mono at)
{
	const struct sim_vantage_fault *sleep;

	while ((sleep = vantage_point_fault(point, SIM_SUSPENDED, 0, at.ns)))
		at = sleep->end;
	return at;
}
