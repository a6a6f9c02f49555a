/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/topology/check.h"

int check_interval(struct bw_mono start, struct bw_mono end, struct bw_err *err)
{
	if (start.ns >= end.ns)
		return bw_err_set(err, BW_ERR_VALUE,
				  "an interval that ends at or before its start");
	return 0;
}
