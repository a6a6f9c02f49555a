/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/truth/ground_truth.h"

int ground_truth_init(struct ground_truth *truth, uint64_t seed, struct bw_wall start)
{
	truth->seed = seed;
	profiles_init(&truth->profiles);
	paths_init(&truth->paths);
	blocks_init(&truth->blocks);
	hosts_init(&truth->hosts, seed, start.ns, &truth->blocks, &truth->profiles);
	return faults_init(&truth->faults, seed, &truth->blocks, &truth->profiles, &truth->paths);
}

void ground_truth_fini(struct ground_truth *truth)
{
	profiles_fini(&truth->profiles);
	paths_fini(&truth->paths);
	blocks_fini(&truth->blocks);
	hosts_fini(&truth->hosts);
	faults_fini(&truth->faults);
}

int ground_truth_seal(struct ground_truth *truth, struct bw_err *err)
{
	int rc = hosts_seal(&truth->hosts, err);

	if (rc == 0)
		faults_seal(&truth->faults);
	return rc;
}
