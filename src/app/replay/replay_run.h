/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_REPLAY_REPLAY_RUN_H
#define APP_REPLAY_REPLAY_RUN_H

#include "conf/options/options.h"

struct replay_options {
	struct options_texts targets;     /* none: the blocks that the capture shows probes to */
	struct options_texts references;  /* addresses or TARGETs */
	struct options_addresses vantage; /* per family; family 0: the one that sent probes */
	const char *name;                 /* of the vantage, in the records */
	int64_t round_ns, confirm_ns, timeout_ns;
	bool json;
};

/*
 * Replays captures as one ("-": standard input) and prints the records, as JSON Lines or as
 * text, to standard output. Logs each capture that cannot be read. Sets *RET_STATUS to the
 * exit code of the first of them, or 0. Returns 0 or the error that ended the replay.
 */
int replay_run(const struct replay_options *options, char *const *files, size_t count,
	       int *ret_status, struct bw_err *err);

#endif
