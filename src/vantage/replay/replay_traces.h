/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_TRACES_H
#define VANTAGE_REPLAY_TRACES_H

#include "probe/passive/passive_traces.h"
#include "vantage/ledger/ledger.h"
#include "vantage/replay/capture_index.h"

/* The traceroutes of the vantage in a capture, each of which gives a record when it is over. */
struct replay_traces {
	struct ledger *ledger;             /* borrowed */
	const struct capture_index *index; /* borrowed */
	struct passive_traces *passive;
	struct prefix_set *blocks; /* by number; made with the first trace; NULL: none yet */
};

/* Returns 0 or -ENOMEM. Must not move afterwards; fini always follows. */
int replay_traces_init(struct replay_traces *traces, struct ledger *ledger,
		       const struct capture_index *index);
void replay_traces_fini(struct replay_traces *traces);

#endif
