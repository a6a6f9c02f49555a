/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay/replay.h"

#include <blockwatch/method.h>

#include "app/replay/replay_run.h"
#include "conf/options/common.h"

#define AT(member) offsetof(struct replay_options, member)
static const struct options_item items[] = {
	{"target", 0, OPTIONS_TEXTS, AT(targets), "TARGET", 0, 0, NULL,
	 "judge the blocks of TARGET; default: the blocks that the probes in the capture went to"},
	{"vantage", 0, OPTIONS_ADDRESSES, AT(vantage), "ADDRESS", 0, 0, NULL,
	 "who probes, where several addresses send requests; once for IPv4 and once for IPv6"},
	{"reference", 0, OPTIONS_TEXTS, AT(references), "ADDRESS|TARGET", 0, 0, NULL,
	 "hosts that tell whether the vantage was online"},
	{"round", 0, OPTIONS_DURATION, AT(round_ns), "DURATION", 1, 86400, "60s",
	 "a record of each block and target once in so long"},
	{"confirm", 0, OPTIONS_DURATION, AT(confirm_ns), "DURATION", 0.1, 3600, "5s",
	 "evidence for a change reaches over at least so long"},
	{"timeout", 't', OPTIONS_DURATION, AT(timeout_ns), "DURATION", CONF_TIMEOUT_MIN_S,
	 CONF_TIMEOUT_MAX_S, "3s", "a probe without an answer counts as lost after this long"},
	{"name", 0, OPTIONS_TEXT, AT(name), "NAME", 1, 64, "replay",
	 "the vantage's name in the records"},
	{"json", 'j', OPTIONS_FLAG, AT(json), NULL, 0, 0, NULL,
	 "print records as JSON Lines, with the capture's time"},
};
static const struct options_group groups[] = {
	{"Replay", items, sizeof(items) / sizeof(items[0]), 0},
	{NULL, NULL, 0, 0},
};
static const struct options_example examples[] = {
	{"blockwatch replay night.pcap", "what happened to the networks that were probed?"},
	{"blockwatch replay --target kp *.pcapng", "several captures as one, one country"},
	{"tcpdump -w - icmp | blockwatch replay -", "what tcpdump sees, until it ends"},
	{NULL, NULL},
};
static const struct options_exit exits[] = {
	{0, "the captures were read, whatever they say"},
	CONF_COMMON_EXITS,
};

static const struct options_command options = {
	.name = "replay",
	.operands = "CAPTURE...",
	.description =
		"Gives the verdicts and events that would have come of the probes in a capture "
		"(pcap or pcapng), with no network. Any tool may have sent them: " BW_METHOD_PROBES
		" are paired with what answers them. Time is that of the capture. Several "
		"captures are read as one.\n"
		"A block whose hosts have answered in the capture and then all fall silent is "
		"dark, if something else still answers; a block that never answered is unknown.\n"
		"Captures may be compressed with gzip, zstd or xz. '-' is standard input.",
	.groups = groups,
	.operands_min = 1,
	.operands_max = -1,
	.examples = examples,
	.exits = exits,
};

static int replay(void *values, const struct options_result *result, int *ret_status,
		  struct bw_err *err)
{
	return replay_run(values, result->operands, (size_t)result->count, ret_status, err);
}

static int run(int argc, char **argv)
{
	struct replay_options values = {0};

	return command_run(&options, argc, argv, &values, replay);
}

const struct command replay_command = {"replay", "give verdicts from a capture, with no network",
				       run};
