/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of what happens in a world, who watches, and what must come of it. */
#include "conf/scenario/keys_course.h"

#include <blockwatch/verdict.h>

#include "infer/path/path.h"

#include "conf/scenario/keys.h"
#include "conf/scenario/keys_world.h"

#define DAY_S 86400.0
#define YEAR_S (366 * DAY_S)

static const struct keys_key vantage_keys[] = {
	{.name = "name", .type = KEYS_NAME, .offset = offsetof(struct scenario_vantage, name),
	 .min = 1, .max = 64, .standard = "\"sim\"", .help = "The name in each record."},
	{.name = "round", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_vantage, round_ns), .min = 1, .max = DAY_S,
	 .standard = "\"60s\"", .help = "From one round of a block to the next."},
	{.name = "confirm", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_vantage, confirm_ns), .max = 3600,
	 .standard = "\"5s\"", .help = "Evidence for a change reaches over so long."},
	{.name = "probes_per_hour", .type = KEYS_NUMBER,
	 .offset = offsetof(struct scenario_vantage, probes_per_hour), .min = 1, .max = 36000,
	 .standard = "20", .help = "Probes of a block an hour, at most."},
	{.name = "rate", .type = KEYS_NUMBER, .offset = offsetof(struct scenario_vantage, rate_pps),
	 .min = .1, .max = 1e7, .standard = "100", .help = "Packets a second, at most."},
	{.name = "false_dark_per_year", .type = KEYS_NUMBER,
	 .offset = offsetof(struct scenario_vantage, false_dark_per_year), .min = 1e-6, .max = 1000,
	 .standard = "1",
	 .help = "How often in a year a block that is up may be called dark by chance."},
	{.name = "gateway", .type = KEYS_BOOL, .offset = offsetof(struct scenario_vantage, gateway),
	 .standard = "true", .help = "It has a default gateway that answers."},
	{.name = "references", .type = KEYS_COUNT,
	 .offset = offsetof(struct scenario_vantage, references), .max = 64, .standard = "2",
	 .help = "So many hosts beyond its uplink that always answer."},
	{.name = "line", .type = KEYS_GROUP, .offset = offsetof(struct scenario_vantage, link),
	 .group = &scenario_link_group, .help = "How its uplink loses packets, for all alike."},
	{.name = "path", .type = KEYS_TEXTS, .offset = offsetof(struct scenario_vantage, path),
	 .absent = "none", .example = "[\"provider\"]",
	 .help = "Names of the routers that all its ways begin with."},
	{.name = "trace", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_vantage, trace_ns), .max = YEAR_S, .absent = "never",
	 .example = "\"1h\"",
	 .help = "The path to what is up is traced so often, and that to what goes dark at once."},
	{.name = "nat", .type = KEYS_ADDRESSES, .offset = offsetof(struct scenario_vantage, nat),
	 .absent = "none", .example = "\"203.0.113.7\"",
	 .help = "The addresses that a NAT gives it. ICMP errors of routers behind the first quote "
		 "them."},
	{.name = "second_uplink", .type = KEYS_TEXTS,
	 .offset = offsetof(struct scenario_vantage, second_uplink), .absent = "none",
	 .example = "[\"198.18.1.0/24\"]",
	 .help = "Prefixes of blocks that are reached by a second uplink, which has an interface, "
		 "addresses, a gateway and references of its own."},
};
const struct keys_group scenario_vantage_group = {
	.what = "the vantage", .keys = vantage_keys, .count = KEYS_COUNT_OF(vantage_keys),
	.size = sizeof(struct scenario_vantage)};

static const char *const fault_words[] = {"silent",     "unreachable", "loop",
					  "prohibited", "degraded",    NULL};

#define FAULT_TIME(member_name, member, nothing, sample, text)                                   \
	{.name = (member_name), .type = KEYS_DURATION,                                           \
	 .offset = offsetof(struct scenario_fault, member), .max = YEAR_S, .absent = (nothing),  \
	 .example = (sample), .help = (text)}

static const struct keys_key fault_keys[] = {
	{.name = "kind", .type = KEYS_CHOICE, .offset = offsetof(struct scenario_fault, kind),
	 .standard = "\"silent\"", .words = fault_words,
	 .help = "Packets vanish; a router says net or host unreachable; packets go round in a "
		 "loop; a router says prohibited; the way works but loses and delays."},
	{.name = "subject", .type = KEYS_TEXTS, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario_fault, subjects), .example = "\"land\"",
	 .help = "Whom it concerns: \"all\" (each network of each target by itself), a target "
		 "(as a whole, at its border), prefixes of networks or blocks."},
	SCENARIO_INTERVAL_KEYS(struct scenario_fault),
	FAULT_TIME("every", every_ns, "once", "\"1d\"", "It comes again so often."),
	FAULT_TIME("stagger", stagger_ns, "all at once", "\"10m\"",
		   "Each subject has it so much later than the one before."),
	FAULT_TIME("down", down_ns, "it does not come and go", "\"2m\"",
		   "It comes and goes: the mean length of a down time ..."),
	FAULT_TIME("up", up_ns, "it does not come and go", "\"10m\"",
		   "... and of an up time."),
	{.name = "spread", .type = KEYS_NUMBER, .offset = offsetof(struct scenario_fault, spread),
	 .max = 1, .standard = "0.5",
	 .help = "How much these lengths differ: 0 not at all, 1 exponentially."},
	{.name = "router", .type = KEYS_NAME, .offset = offsetof(struct scenario_fault, router),
	 .absent = "the last before the block", .example = "\"transit\"",
	 .help = "Behind which router the way ends."},
	{.name = "part", .type = KEYS_TEXT, .offset = offsetof(struct scenario_fault, part),
	 .absent = "the whole block", .example = "\"198.18.0.128/25\"",
	 .help = "Only these addresses."},
	{.name = "exempt", .type = KEYS_TEXTS, .offset = offsetof(struct scenario_fault, exempt),
	 .absent = "none", .example = "[\"198.18.4.0/24\"]",
	 .help = "Prefixes of networks or blocks of its subjects that do not have it."},
	SCENARIO_SHARE("loss", struct scenario_fault, loss, "Of a degraded way: what is lost."),
	FAULT_TIME("delay", delay_ns, "none", "\"200ms\"", "And what comes later, by so much."),
};
const struct keys_group scenario_fault_group = {
	.what = "a fault", .keys = fault_keys, .count = KEYS_COUNT_OF(fault_keys),
	.size = sizeof(struct scenario_fault)};

static const struct keys_key route_change_keys[] = {
	{.name = "subject", .type = KEYS_TEXTS, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario_route_change, subjects), .example = "\"land\"",
	 .help = "\"all\", a target, or prefixes of networks."},
	{.name = "path", .type = KEYS_TEXTS, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario_route_change, path), .example = "[\"detour\"]",
	 .help = "Names of the routers on the way, in place of those of target and network. Behind "
		 "them comes the border router, as before."},
	SCENARIO_INTERVAL_KEYS(struct scenario_route_change),
	{.name = "every", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_route_change, every_ns), .max = YEAR_S,
	 .absent = "once", .example = "\"1d\"", .help = "It comes again so often."},
};
const struct keys_group scenario_route_change_group = {
	.what = "a route change", .keys = route_change_keys,
	.count = KEYS_COUNT_OF(route_change_keys), .size = sizeof(struct scenario_route_change)};

static const char *const trouble_words[] = {"uplink-cut",   "lan-cut",   "send-error", "send-busy",
					    "capture-drop", "suspended", "clock-step", "restart",
					    "reload",       NULL};

static const struct keys_key vantage_fault_keys[] = {
	{.name = "kind", .type = KEYS_CHOICE, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario_vantage_fault, kind), .example = "\"uplink-cut\"",
	 .words = trouble_words,
	 .help = "Only the LAN answers; nothing answers; sending fails; nothing is taken to be "
		 "sent; a share of what arrives is dropped and counted; the machine sleeps; the "
		 "wall clock jumps; the program is stopped, and started again with what it saved; "
		 "it reads its configuration again, which takes no time."},
	SCENARIO_INTERVAL_KEYS(struct scenario_vantage_fault),
	{.name = "every", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_vantage_fault, every_ns), .max = YEAR_S,
	 .absent = "once",
	 .example = "\"1d\"", .help = "It comes again so often."},
	{.name = "share", .type = KEYS_NUMBER,
	 .offset = offsetof(struct scenario_vantage_fault, share),
	 .max = 1, .standard = "1", .help = "What the capture drops."},
	{.name = "uplink", .type = KEYS_COUNT,
	 .offset = offsetof(struct scenario_vantage_fault, uplink), .min = 1, .max = 2,
	 .absent = "all", .example = "2", .help = "Only this uplink: 1, or 2 for the second."},
	{.name = "family", .type = KEYS_COUNT,
	 .offset = offsetof(struct scenario_vantage_fault, family), .min = 4, .max = 6,
	 .absent = "both", .example = "6", .help = "Only packets of IPv4 (4) or IPv6 (6)."},
	{.name = "step_s", .type = KEYS_NUMBER,
	 .offset = offsetof(struct scenario_vantage_fault, step_s),
	 .min = -YEAR_S, .max = YEAR_S, .standard = "0",
	 .help = "By how many seconds the clock jumps; below 0: back."},
};
const struct keys_group scenario_vantage_fault_group = {
	.what = "a fault of the vantage", .keys = vantage_fault_keys,
	.count = KEYS_COUNT_OF(vantage_fault_keys), .size = sizeof(struct scenario_vantage_fault)};

static const struct keys_key spoofer_keys[] = {
	{.name = "block", .type = KEYS_TEXT, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario_spoofer, block), .example = "\"198.18.0.0/24\"",
	 .help = "In whose name somebody sends forged answers."},
	SCENARIO_INTERVAL_KEYS(struct scenario_spoofer),
	{.name = "rate", .type = KEYS_NUMBER, .offset = offsetof(struct scenario_spoofer, rate_pps),
	 .min = .001, .max = 1e6, .standard = "10", .help = "So many a second."},
};
const struct keys_group scenario_spoofer_group = {
	.what = "a spoofer", .keys = spoofer_keys, .count = KEYS_COUNT_OF(spoofer_keys),
	.size = sizeof(struct scenario_spoofer)};

static const struct keys_key move_keys[] = {
	{.name = "from", .type = KEYS_TEXT, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario_move, from), .example = "\"198.18.0.0/24\"",
	 .help = "The block that hosts leave."},
	{.name = "to", .type = KEYS_TEXT, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario_move, to), .example = "\"198.18.1.0/24\"",
	 .help = "The block in which they answer now."},
	SCENARIO_INTERVAL_KEYS(struct scenario_move),
	{.name = "share", .type = KEYS_NUMBER, .offset = offsetof(struct scenario_move, share),
	 .max = 1, .standard = "1", .help = "Of the hosts."},
};
const struct keys_group scenario_move_group = {
	.what = "a move", .keys = move_keys, .count = KEYS_COUNT_OF(move_keys),
	.size = sizeof(struct scenario_move)};

static const char *const expect_words[] = {"event", "block",     "target", "vantage",
					   "trace", "condition", NULL};
static const char *const path_kind_words[] = {
#define X(name, text) text,
	PATH_KIND_LIST(X)
#undef X
		NULL};
static const char *const scope_words[] = {
#define X(name, text) text,
	BW_SCOPE_LIST(X)
#undef X
		NULL};
static const char *const verdict_words[] = {
#define X(name, text) text,
	BW_VERDICT_LIST(X)
#undef X
		NULL};
static const char *const onset_words[] = {
#define X(name, text) text,
	BW_ONSET_LIST(X)
#undef X
		NULL};
static const char *const range_words[] = {
#define X(name, text) text,
	BW_RANGE_LIST(X)
#undef X
		NULL};
static const char *const condition_words[] = {
#define X(name, text, help) text,
	BW_CONDITION_LIST(X)
#undef X
		NULL};
static const char *const reason_words[] = {
#define X(name, text, help) text,
	BW_REASON_LIST(X)
#undef X
		NULL};

static const struct keys_key path_keys[] = {
	{.name = "kind", .type = KEYS_CHOICE, .offset = offsetof(struct scenario_path, kind),
	 .absent = "any", .example = "\"silent\"", .words = path_kind_words,
	 .help = "How it ends."},
	{.name = "last", .type = KEYS_TEXT, .offset = offsetof(struct scenario_path, last),
	 .absent = "any", .example = "\"transit\"",
	 .help = "The router that answers last, or its address."},
	{.name = "next", .type = KEYS_TEXT, .offset = offsetof(struct scenario_path, next),
	 .absent = "any", .example = "\"border\"",
	 .help = "The router that is missing behind it, or its address."},
	{.name = "shared", .type = KEYS_COUNT, .offset = offsetof(struct scenario_path, shared),
	 .min = 1, .max = 1e6, .absent = "any number", .example = "4",
	 .help = "So many networks end there."},
	{.name = "exempt", .type = KEYS_TEXTS, .offset = offsetof(struct scenario_path, exempt),
	 .absent = "any", .example = "\"198.18.4.0/24\"",
	 .help = "These networks are among those that still pass."},
	{.name = "text", .type = KEYS_TEXT, .offset = offsetof(struct scenario_path, text),
	 .min = 1, .max = 400, .absent = "any", .example = "\"end after 198.18.9.1\"",
	 .help = "The sentence has this in it."},
};
static const struct keys_group path_group = {
	.what = "a path", .keys = path_keys, .count = KEYS_COUNT_OF(path_keys),
	.size = sizeof(struct scenario_path)};

#define EXPECT_WORD(member_name, member, list, sample, text)                                     \
	{.name = (member_name), .type = KEYS_CHOICE,                                             \
	 .offset = offsetof(struct scenario_expect, member), .absent = "any",                    \
	 .example = (sample), .words = (list), .help = (text)}
#define EXPECT_FLAG(member_name, member, text)                                                   \
	{.name = (member_name), .type = KEYS_BOOL,                                               \
	 .offset = offsetof(struct scenario_expect, member), .standard = "false",                \
	 .help = (text)}

static const struct keys_key expect_keys[] = {
	{.name = "type", .type = KEYS_CHOICE, .offset = offsetof(struct scenario_expect, type),
	 .standard = "\"event\"", .words = expect_words,
	 .help = "Which records are meant. Of blocks, targets and the vantage any record in "
		 "`between` that says all of this will do."},
	EXPECT_WORD("scope", scope, scope_words, "\"target\"", "Of an event or a condition."),
	{.name = "subject", .type = KEYS_TEXT, .offset = offsetof(struct scenario_expect, subject),
	 .absent = "any", .example = "\"land\"",
	 .help = "The block, network or target that the record is about."},
	EXPECT_WORD("from", from, verdict_words, "\"up\"", "The verdict before an event."),
	EXPECT_WORD("to", to, verdict_words, "\"dark\"", "The verdict after it."),
	EXPECT_WORD("onset", onset, onset_words, "\"abrupt\"", "The onset that it states."),
	{.name = "between", .type = KEYS_TEXTS, .offset = offsetof(struct scenario_expect, between),
	 .absent = "any time", .example = "[\"2h\", \"2h1m\"]",
	 .help = "The record comes from the first of these two moments on, until before the "
		 "second."},
	EXPECT_FLAG("never", never, "No such record may come."),
	EXPECT_FLAG("withdrawn", withdrawn, "The event is a withdrawal, or has been withdrawn."),
	{.name = "times", .type = KEYS_COUNT, .offset = offsetof(struct scenario_expect, times),
	 .max = 1e6, .absent = "at least once", .example = "1",
	 .help = "Exactly so many come; 0 is the same as never."},
	{.name = "duration", .type = KEYS_TEXT,
	 .offset = offsetof(struct scenario_expect, duration), .absent = "any",
	 .example = "\"9h31m\"", .help = "The true length of the outage that the event ends ..."},
	{.name = "within", .type = KEYS_TEXT, .offset = offsetof(struct scenario_expect, within),
	 .absent = "the uncertainty that the event states", .example = "\"1m\"",
	 .help = "... and by how much the one that it states may differ from it."},
	EXPECT_WORD("verdict", verdict, verdict_words, "\"up\"",
		    "The verdict in a record of a block or target."),
	{.name = "conditions", .type = KEYS_CHOICES,
	 .offset = offsetof(struct scenario_expect, conditions), .absent = "any",
	 .example = "\"lone\"", .words = condition_words,
	 .help = "Conditions that the block's record has."},
	{.name = "reasons", .type = KEYS_CHOICES,
	 .offset = offsetof(struct scenario_expect, reasons), .absent = "any",
	 .example = "\"never-seen\"", .words = reason_words,
	 .help = "Reasons that the block's or the vantage's record has."},
	{.name = "dark", .type = KEYS_COUNT, .offset = offsetof(struct scenario_expect, dark),
	 .min = 1, .max = 1e6, .absent = "any number", .example = "4",
	 .help = "So many networks are dark in the target's record."},
	EXPECT_WORD("condition", range, range_words, "\"degraded\"",
		    "What the record of a condition says."),
	EXPECT_FLAG("over", over, "The record of a condition says that it is over."),
	EXPECT_FLAG("unhealthy", unhealthy, "The vantage's record says that it is not healthy."),
	{.name = "path", .type = KEYS_GROUP, .offset = offsetof(struct scenario_expect, path),
	 .group = &path_group,
	 .help = "What an event says of the end of the path, or a trace record that follows it."},
};
const struct keys_group scenario_expect_group = {
	.what = "an expectation", .keys = expect_keys, .count = KEYS_COUNT_OF(expect_keys),
	.size = sizeof(struct scenario_expect)};

#define LIMIT_TIME(member_name, member, text)                                                    \
	{.name = (member_name), .type = KEYS_DURATION,                                           \
	 .offset = offsetof(struct scenario_limits, member), .max = YEAR_S, .absent = "any",     \
	 .example = "\"130s\"", .help = (text)}

static const struct keys_key limits_keys[] = {
	{.name = "missed", .type = KEYS_COUNT, .offset = offsetof(struct scenario_limits, missed),
	 .max = 1e9, .standard = "0", .help = "Outages that are not seen, at most."},
	{.name = "false", .type = KEYS_COUNT, .offset = offsetof(struct scenario_limits, falsely),
	 .max = 1e9, .standard = "0", .help = "Outages that are said but never were, at most."},
	{.name = "wrong_paths", .type = KEYS_COUNT,
	 .offset = offsetof(struct scenario_limits, wrong_paths), .max = 1e9, .standard = "0",
	 .help = "Events that name another end of the path than the true one, at most."},
	LIMIT_TIME("detect", detect_ns, "The median time to detect, at most."),
	LIMIT_TIME("detect_p95", detect_p95_ns, "Its 95th percentile, at most."),
	LIMIT_TIME("recover", recover_ns, "The median time to see the recovery, at most."),
	LIMIT_TIME("recover_p95", recover_p95_ns, "Its 95th percentile, at most."),
	{.name = "inside", .type = KEYS_NUMBER, .offset = offsetof(struct scenario_limits, inside),
	 .max = 1, .standard = "0.99",
	 .help = "The share of true starts and ends within the bounds given, at least."},
	{.name = "probes_per_hour", .type = KEYS_NUMBER,
	 .offset = offsetof(struct scenario_limits, probes_per_hour), .max = 36000,
	 .absent = "any", .example = "20", .help = "Probes of a block an hour, at most."},
	{.name = "settle", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_limits, settle_ns), .max = YEAR_S,
	 .standard = "\"0s\"", .help = "So long from the start nothing is scored."},
};
const struct keys_group scenario_limits_group = {
	.what = "the score", .keys = limits_keys, .count = KEYS_COUNT_OF(limits_keys),
	.size = sizeof(struct scenario_limits)};
