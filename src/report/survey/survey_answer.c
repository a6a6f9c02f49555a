/* SPDX-License-Identifier: Apache-2.0 */
#include "report/survey/survey_answer.h"

#include <blockwatch/target.h>

struct bw_prefix survey_block(const struct bw_addr *host)
{
	return bw_prefix_of(host, host->family == 4 ? BW_BLOCK_LENGTH_V4 : BW_BLOCK_LENGTH_V6);
}
