/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey.h"

#include <stdio.h>

#include "app/common/log.h"
#include "app/survey/survey_dry_run.h"
#include "app/survey/survey_egress.h"
#include "app/survey/survey_run.h"
#include "conf/options/common.h"
#include "probe/sweep/sweep.h"
#include "sys/transport/netio.h"

#define AT(member) offsetof(struct survey_options, member)

static const struct options_item asking[] = {
	{"method", 'm', OPTIONS_METHODS, AT(methods), "METHOD", 0, 0, NULL,
	 "how to ask: " BW_METHOD_FORMS ", several with commas between; default: icmp"},
	{"rate", 'r', OPTIONS_TEXT, AT(rate), "RATE", 0, 0, "10000",
	 "packets a second (50k, 1M) or bits a second on the wire (100Mbit), at most; max: as fast "
	 "as this machine can without losing answers"},
	{"passes", 'P', OPTIONS_COUNT, AT(passes), "N", 1, SWEEP_PASSES_MAX, "1",
	 "ask everybody so many times"},
	{"pause", 0, OPTIONS_DURATION, AT(pause_ns), "DURATION", 0, 864000, "10s",
	 "between two passes"},
	{"retries", 0, OPTIONS_COUNT, AT(retries), "N", 0, SWEEP_RETRIES_MAX, "0",
	 "when this machine has lost answers, ask those again who are concerned, so many times"},
	{"cooldown", 'c', OPTIONS_DURATION, AT(cooldown_ns), "DURATION", 0, 60, "8s",
	 "listen for so long behind the last probe; shorter when everybody has answered"},
	{"timeout", 't', OPTIONS_DURATION, AT(timeout_ns), "DURATION", CONF_TIMEOUT_MIN_S,
	 CONF_TIMEOUT_MAX_S, "3s", "answers that take longer are counted as late; they count"},
	{"max-runtime", 0, OPTIONS_DURATION, AT(max_runtime_ns), "DURATION", 0, 31536000, NULL,
	 "end after so long, as if interrupted; default: never"},
	{"shard", 0, OPTIONS_TEXT, AT(shard), "I/N", 0, 0, NULL,
	 "ask only the I-th of N shares, which are disjoint and together complete; needs --seed"},
	{"resume", 0, OPTIONS_TEXT, AT(resume), "FILE", 0, 0, NULL,
	 "when interrupted, keep in FILE where it was; when FILE is there, go on from it"},
	{"seed", 0, OPTIONS_COUNT, AT(seed), "NUMBER", 1, 18446744073709551615.0, NULL,
	 "makes the order repeatable; default: random"},
	{"dry-run", 'n', OPTIONS_FLAG, AT(dry_run), NULL, 0, 0, NULL,
	 "print who would be asked how, in this order; send nothing"},
	{"ipv4", '4', OPTIONS_FLAG, AT(v4), NULL, 0, 0, NULL, CONF_V4_HELP},
	{"ipv6", '6', OPTIONS_FLAG, AT(v6), NULL, 0, 0, NULL, CONF_V6_HELP},
	{"resolve", 0, OPTIONS_FLAG, AT(resolve), NULL, 0, 0, NULL, CONF_RESOLVE_HELP},
};
static const struct options_item permission[] = {
	{"blocklist", 'b', OPTIONS_TEXTS, AT(blocklists), "FILE", 0, 0, NULL,
	 "never ask the prefixes and addresses listed in FILE; read again on SIGHUP"},
	{"allow-reserved", 0, OPTIONS_FLAG, AT(allow_reserved), NULL, 0, 0, NULL,
	 "also ask special-purpose addresses (private, loopback, benchmarking ...)"},
	{"allow-everything", 0, OPTIONS_FLAG, AT(allow_everything), NULL, 0, 0, NULL,
	 "also more than half of the IPv4 Internet"},
};
static const struct options_item way_out[] = {
	{"interface", 'i', OPTIONS_TEXT, AT(interface), "NAME", 1, 15, NULL,
	 "send and capture on this interface instead of the one that the routing table names"},
	{"source", 0, OPTIONS_ADDRESSES, AT(source), "ADDRESS", 0, 0, NULL,
	 "send from this address; once for IPv4 and once for IPv6"},
	{"senders", 'T', OPTIONS_COUNT, AT(senders), "N", 1, NETIO_SENDERS_MAX, NULL,
	 "threads that send and share the rate; default: 2 above 100k, else 1"},
	{"layer3", 0, OPTIONS_FLAG, AT(layer3), NULL, 0, 0, NULL,
	 "send through the kernel's IP layer even where the link layer would do"},
};
static const struct options_item output[] = {
	{"json", 'j', OPTIONS_FLAG, AT(json), NULL, 0, 0, NULL,
	 "print probe records as JSON Lines, and a survey record at the end"},
	{"csv", 0, OPTIONS_TEXT, AT(csv), "FIELDS", 0, 0, NULL,
	 "print these fields as CSV: zmap's names (saddr,ttl,classification,timestamp_str ...) and "
	 "host, from, method, kind, rtt_ms, block"},
	{"quiet", 'q', OPTIONS_FLAG, AT(quiet), NULL, 0, 0, NULL,
	 "no warnings, no progress, no sums at the end"},
	{"errors", 0, OPTIONS_FLAG, AT(errors), NULL, 0, 0, NULL, "print ICMP errors too"},
	{"write", 'w', OPTIONS_TEXT, AT(write), "FILE", 0, 0, NULL,
	 "make a target file of those who answered, with their availability over the passes"},
	{"summary", 0, OPTIONS_TEXT, AT(summary), "FILE", 0, 0, NULL,
	 "write the survey record to FILE, whatever else is printed"},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
static const struct options_group groups[] = {
	{"Asking", asking, COUNT(asking), 0},
	{"Permission", permission, COUNT(permission), 0},
	{"Way out", way_out, COUNT(way_out), 0},
	{"Output", output, COUNT(output), 0},
	{NULL, NULL, 0, 0},
};
static const struct options_example examples[] = {
	{"blockwatch survey 192.0.2.0/24", "who answers in this prefix?"},
	{"blockwatch survey --rate max --json 198.51.100.0/22", "as fast as this machine can"},
	{"blockwatch survey -m tcp:80,tcp:443 - < hosts.txt", "a list, by TCP SYN to two ports"},
	{"blockwatch survey -P 5 --pause 1h -w xx.json kp", "who is usually there, as a target"},
	{NULL, NULL},
};
static const struct options_exit exits[] = {
	{0, "done, or interrupted and cleanly ended"},
	CONF_COMMON_EXITS,
};

static const struct options_command options = {
	.name = "survey",
	.operands = "PREFIX|FILE|TARGET|-...",
	.description =
		"Asks every address once, in a random order, and prints who answers: address, "
		"round trip time and kind of answer, one line an answering address (and "
		"method).\n"
		"What to ask: prefixes and addresses, files that list them one a line, '-' for "
		"such a list on standard input, or targets. Of a target every address of its IPv4 "
		"networks is asked, and in IPv6 the hosts that it lists.\n"
		"It slows down before this machine loses answers; what is lost all the same is "
		"counted and said at the end. Interrupting it is safe: it ends cleanly, and goes "
		"on later with --resume.",
	.groups = groups,
	.operands_min = 1,
	.operands_max = -1,
	.examples = examples,
	.exits = exits,
};

static int probe(const struct survey_job *job, struct egress_set *egress, struct bw_err *err)
{
	int code = survey_egress_find(job->input, job->options, egress, err);

	return code < 0 ? code : survey_run(job, err);
}

static int survey(void *parsed, const struct options_result *result, int *ret_status,
		  struct bw_err *err)
{
	struct survey_options *survey = parsed;
	struct survey_input input = {.space = NULL};
	struct egress_set egress = {.count = 0};
	struct survey_job job = {
		.options = survey,
		.input = &input,
		.egress = &egress,
		.operands = result->operands,
		.operand_count = (size_t)result->count,
	};
	int code = survey_options_check(survey, err);

	(void)ret_status;
	log_set_verbosity(survey->quiet, false);
	if (code == 0)
		code = survey_input_open(&input, survey, job.operands, job.operand_count, err);
	if (code == 0 && survey->dry_run)
		survey_dry_run(survey, &input, stdout);
	else if (code == 0)
		code = probe(&job, &egress, err);
	survey_input_close(&input);
	return code;
}

static int run(int argc, char **argv)
{
	struct survey_options values = {0};

	return command_run(&options, argc, argv, &values, survey);
}

const struct command survey_command = {"survey", "ask every address of a prefix once", run};
