/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/topology/check.h"

int check_loss(const struct sim_loss *loss, struct bw_err *err)
{
	if (!check_chance(loss->out) || !check_chance(loss->back))
		return bw_err_set(err, BW_ERR_VALUE, "loss out %g, back %g: from 0 to 1", loss->out,
				  loss->back);
	return 0;
}

int check_line(const struct sim_line *line, struct bw_err *err)
{
	int rc = check_loss(&line->steady, err);

	if (rc >= 0)
		rc = check_loss(&line->bad, err);
	if (rc >= 0)
		rc = check_loss(&line->scheduled, err);
	if (rc < 0)
		return rc;
	if (line->bad_ns < 0 || (line->bad_ns > 0 && line->good_ns <= 0))
		return bw_err_set(err, BW_ERR_VALUE, "bursts: both states need a length");
	if (line->period_ns < 0 || line->length_ns < 0 || line->length_ns > line->period_ns)
		return bw_err_set(err, BW_ERR_VALUE, "scheduled loss is longer than its period");
	return 0;
}

int check_delay(const struct sim_delay *delay, struct bw_err *err)
{
	if (delay->base_ns < 0 || delay->spread_ns < 0 || delay->median_ns < 0 ||
	    !(delay->sigma >= 0 && delay->sigma <= 10) ||
	    !(delay->host_sigma >= 0 && delay->host_sigma <= 10))
		return bw_err_set(err, BW_ERR_VALUE, "delay: not below 0, sigma at most 10");
	return 0;
}

int check_mischief(const struct sim_mischief *mischief, struct bw_err *err)
{
	if (!check_chance(mischief->duplicate) || !check_chance(mischief->late) ||
	    !check_chance(mischief->replayed) || !check_chance(mischief->alias) ||
	    !check_chance(mischief->corrupt))
		return bw_err_set(err, BW_ERR_VALUE, "mischief: a chance is from 0 to 1");
	if (mischief->copies_max > 1000)
		return bw_err_set(err, BW_ERR_LIMIT, "at most 1000 copies");
	if (mischief->late_min_ns < 0 || mischief->late_max_ns < mischief->late_min_ns ||
	    mischief->replay_min_ns < 0 || mischief->replay_max_ns < mischief->replay_min_ns)
		return bw_err_set(err, BW_ERR_VALUE, "mischief: a delay ends before it starts");
	return 0;
}

int check_interval(struct bw_mono start, struct bw_mono end, struct bw_err *err)
{
	if (start.ns >= end.ns)
		return bw_err_set(err, BW_ERR_VALUE,
				  "an interval that ends at or before its start");
	return 0;
}
