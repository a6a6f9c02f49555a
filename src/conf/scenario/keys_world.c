/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of what a world is made of. */
#include "conf/scenario/keys_world.h"

#include "conf/scenario/keys.h"

#define DAY_S 86400.0
#define YEAR_S (366 * DAY_S)

static const struct keys_key line_keys[] = {
	SCENARIO_SHARE("loss", struct scenario_link, loss,
		       "The chance that a probe is lost on its way, always."),
	SCENARIO_SHARE("burst_loss", struct scenario_link, burst_loss,
		       "The same in a burst (Gilbert-Elliott: good and bad times)."),
	{.name = "good", .type = KEYS_DURATION, .offset = offsetof(struct scenario_link, good_ns),
	 .max = YEAR_S, .absent = "no bursts", .example = "\"10m\"",
	 .help = "The mean length of good times."},
	{.name = "bad", .type = KEYS_DURATION, .offset = offsetof(struct scenario_link, bad_ns),
	 .max = YEAR_S, .absent = "no bursts", .example = "\"5s\"",
	 .help = "The mean length of bad times."},
	SCENARIO_SHARE("scheduled_loss", struct scenario_link, scheduled_loss,
		       "The chance to be lost at set times."),
	{.name = "first", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_link, first_ns), .max = YEAR_S, .standard = "\"0s\"",
	 .help = "When the first of these times begins."},
	{.name = "period", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_link, period_ns), .max = YEAR_S,
	 .absent = "no set times", .example = "\"1h\"", .help = "From one to the next."},
	{.name = "length", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_link, length_ns), .max = YEAR_S,
	 .absent = "no set times", .example = "\"20s\"", .help = "How long each lasts."},
};
const struct keys_group scenario_link_group = {
	.what = "a line", .keys = line_keys, .count = KEYS_COUNT_OF(line_keys),
	.size = sizeof(struct scenario_link)};

#define MISCHIEF_TIME(member_name, member, text)                                                 \
	{.name = (member_name), .type = KEYS_DURATION,                                           \
	 .offset = offsetof(struct scenario_impairment, member), .max = YEAR_S,                  \
	 .standard = "\"0s\"", .help = (text)}

static const struct keys_key impairment_keys[] = {
	SCENARIO_SHARE("duplicate", struct scenario_impairment, duplicate,
		       "The chance that an answer comes more than once."),
	{.name = "copies", .type = KEYS_COUNT,
	 .offset = offsetof(struct scenario_impairment, copies), .min = 2, .max = 1000,
	 .standard = "2", .help = "How often at most."},
	SCENARIO_SHARE("late", struct scenario_impairment, late,
		       "The chance that an answer is delayed."),
	MISCHIEF_TIME("late_min", late_min_ns, "By so much at least."),
	MISCHIEF_TIME("late_max", late_max_ns, "By so much at most."),
	SCENARIO_SHARE("replayed", struct scenario_impairment, replayed,
		       "The chance that somebody sends an answer again."),
	MISCHIEF_TIME("replay_min", replay_min_ns, "After so long at least."),
	MISCHIEF_TIME("replay_max", replay_max_ns, "After so long at most."),
	SCENARIO_SHARE("alias", struct scenario_impairment, alias,
		       "The chance that an answer comes from a neighbouring address."),
	SCENARIO_SHARE("corrupt", struct scenario_impairment, corrupt,
		       "The chance that one bit of an answer is wrong."),
};
static const struct keys_group impairment_group = {
	.what = "mischief", .keys = impairment_keys, .count = KEYS_COUNT_OF(impairment_keys),
	.size = sizeof(struct scenario_impairment)};

#define PROFILE_TIME(member_name, member, text)                                                  \
	{.name = (member_name), .type = KEYS_DURATION,                                           \
	 .offset = offsetof(struct scenario_profile, member), .max = 3600,                       \
	 .standard = "\"0s\"", .help = (text)}
#define PROFILE_NUMBER(member_name, member, most, text)                                          \
	{.name = (member_name), .type = KEYS_NUMBER,                                             \
	 .offset = offsetof(struct scenario_profile, member), .max = (most), .standard = "0",    \
	 .help = (text)}
#define PROFILE_FLAG(member_name, member, text)                                                  \
	{.name = (member_name), .type = KEYS_BOOL,                                               \
	 .offset = offsetof(struct scenario_profile, member), .standard = "false",               \
	 .help = (text)}

static const struct keys_key profile_keys[] = {
	{.name = "name", .type = KEYS_NAME, .flags = KEYS_REQUIRED | KEYS_UNIQUE,
	 .offset = offsetof(struct scenario_profile, name), .min = 1, .max = 64,
	 .example = "\"far\"", .help = "What targets and networks call it."},
	{.name = "rtt", .type = KEYS_DURATION, .offset = offsetof(struct scenario_profile, rtt_ns),
	 .max = 3600, .standard = "\"150ms\"",
	 .help = "The part of the round trip that is always there."},
	PROFILE_TIME("rtt_spread", spread_ns, "A part that differs from block to block, at most."),
	PROFILE_TIME("rtt_tail", tail_ns, "The median of a log-normal part."),
	PROFILE_NUMBER("rtt_sigma", sigma, 10, "The sigma of that part, from probe to probe."),
	PROFILE_NUMBER("rtt_host_sigma", host_sigma, 10, "The same from host to host."),
	{.name = "line", .type = KEYS_GROUP, .offset = offsetof(struct scenario_profile, link),
	 .help = "How the way to a block loses packets.", .group = &scenario_link_group},
	{.name = "mischief", .type = KEYS_GROUP,
	 .offset = offsetof(struct scenario_profile, impairment),
	 .help = "What happens to answers.", .group = &impairment_group},
	PROFILE_NUMBER("limit_pps", limit_pps, 1e9,
		       "Answers of a block a second, at most. 0: no limit."),
	PROFILE_NUMBER("limit_burst", limit_burst, 1e6, "As many may come at once."),
	PROFILE_FLAG("border", border, "The router at a block's first address answers."),
	PROFILE_FLAG("proxy", proxy, "That router answers for every address."),
	PROFILE_FLAG("unreachables", unreachables,
		     "That router says host unreachable for hosts that are off or not there."),
	{.name = "renumber", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_profile, renumber_ns), .max = YEAR_S,
	 .absent = "never", .example = "\"1d\"",
	 .help = "The hosts of a block get new addresses so often."},
};
const struct keys_group scenario_profile_group = {
	.what = "a profile", .keys = profile_keys, .count = KEYS_COUNT_OF(profile_keys),
	.size = sizeof(struct scenario_profile)};
const struct keys_group scenario_world_group = {
	.what = "the world", .keys = profile_keys + 1, .count = KEYS_COUNT_OF(profile_keys) - 1,
	.size = sizeof(struct scenario_profile)};

static const struct keys_key router_keys[] = {
	{.name = "name", .type = KEYS_NAME, .flags = KEYS_REQUIRED | KEYS_UNIQUE,
	 .offset = offsetof(struct scenario_router, name), .min = 1, .max = 64,
	 .example = "\"border\"", .help = "What paths and faults call it."},
	{.name = "address", .type = KEYS_ADDRESSES,
	 .offset = offsetof(struct scenario_router, addresses), .absent = "it is silent",
	 .example = "\"10.98.0.2\"", .help = "Its addresses."},
	SCENARIO_SHARE("silent", struct scenario_router, silent, "The chance not to answer."),
	{.name = "errors_pps", .type = KEYS_NUMBER,
	 .offset = offsetof(struct scenario_router, errors_pps), .max = 1e9, .standard = "0",
	 .help = "ICMP errors a second, at most. 0: no limit."},
	{.name = "long_quote", .type = KEYS_BOOL,
	 .offset = offsetof(struct scenario_router, long_quote), .standard = "false",
	 .help = "It quotes the whole probe, not 8 bytes of it."},
	{.name = "asn", .type = KEYS_COUNT, .offset = offsetof(struct scenario_router, asn),
	 .min = 1, .max = 4294967295.0, .absent = "not known", .example = "64497",
	 .help = "The AS of its addresses, as the vantage's tables of ranges have it."},
	{.name = "country", .type = KEYS_TEXT, .offset = offsetof(struct scenario_router, country),
	 .min = 2, .max = 2, .absent = "not known", .example = "\"KP\"",
	 .help = "Their country, likewise."},
};
const struct keys_group scenario_router_group = {
	.what = "a router", .keys = router_keys, .count = KEYS_COUNT_OF(router_keys),
	.size = sizeof(struct scenario_router)};

static const char *const day_words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};

#define REST_HOUR(member_name, member, least, text)                                              \
	{.name = (member_name), .type = KEYS_NUMBER,                                             \
	 .offset = offsetof(struct scenario_rest, member), .min = (least), .max = 24,            \
	 .standard = "0", .help = (text)}

static const struct keys_key rest_keys[] = {
	SCENARIO_SHARE("share", struct scenario_rest, share, "So many of the hosts rest at all."),
	REST_HOUR("from_hour", from_hour, 0, "From this hour of the local day ..."),
	REST_HOUR("to_hour", to_hour, 0, "... to this one; over midnight where it is earlier."),
	REST_HOUR("jitter_hours", jitter_hours, 0, "Each host's hours differ by up to so much."),
	REST_HOUR("utc_offset_hours", utc_offset_hours, -24, "Local time less UTC."),
	{.name = "days", .type = KEYS_CHOICES, .offset = offsetof(struct scenario_rest, days),
	 .absent = "none", .example = "[\"sat\", \"sun\"]", .words = day_words,
	 .help = "Days on which they rest from midnight to midnight."},
};
static const struct keys_group rest_group = {
	.what = "rest", .keys = rest_keys, .count = KEYS_COUNT_OF(rest_keys),
	.size = sizeof(struct scenario_rest)};

static const char *const closed_words[] = {"silent", "rst", "unreachable", "prohibited", NULL};

static const struct keys_key hosts_keys[] = {
	{.name = "count", .type = KEYS_COUNT, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario_hosts, count), .min = 1, .max = 65536,
	 .absent = "none", .example = "10", .help = "So many in each block."},
	{.name = "availability", .type = KEYS_NUMBER,
	 .offset = offsetof(struct scenario_hosts, availability), .min = .001, .max = 1,
	 .standard = "1", .help = "The share of the time that each is on."},
	{.name = "tau", .type = KEYS_DURATION, .offset = offsetof(struct scenario_hosts, tau_ns),
	 .max = YEAR_S, .absent = "each probe finds it on or off by itself",
	 .example = "\"8h\"", .help = "How long it remembers: a two-state Markov chain."},
	{.name = "session", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_hosts, session_ns), .max = YEAR_S,
	 .absent = "as tau says", .example = "\"3h\"",
	 .help = "The mean length of an on time, instead of tau."},
	SCENARIO_SHARE("miss", struct scenario_hosts, miss,
		       "The chance to miss a probe while on."),
	{.name = "methods", .type = KEYS_METHODS,
	 .offset = offsetof(struct scenario_hosts, methods), .standard = "\"icmp\"",
	 .help = "What they answer: at most four ports."},
	{.name = "closed", .type = KEYS_CHOICE, .offset = offsetof(struct scenario_hosts, closed),
	 .standard = "\"silent\"", .words = closed_words,
	 .help = "What they say at a port that is not open."},
	{.name = "rest", .type = KEYS_GROUP, .offset = offsetof(struct scenario_hosts, rest),
	 .help = "When they are off: at night, at the weekend.", .group = &rest_group},
};
static const struct keys_group hosts_group = {
	.what = "a group of hosts", .keys = hosts_keys, .count = KEYS_COUNT_OF(hosts_keys),
	.size = sizeof(struct scenario_hosts)};

static const struct keys_key network_keys[] = {
	{.name = "prefix", .type = KEYS_TEXT, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct scenario_network, prefix), .example = "\"198.18.0.0/24\"",
	 .help = "The network, or the first of several."},
	{.name = "count", .type = KEYS_COUNT, .offset = offsetof(struct scenario_network, count),
	 .min = 1, .max = 1 << 20, .standard = "1",
	 .help = "So many networks of this length follow each other."},
	{.name = "block_length", .type = KEYS_COUNT,
	 .offset = offsetof(struct scenario_network, block_length), .min = 1, .max = 128,
	 .absent = "24 for IPv4, 48 for IPv6", .example = "24",
	 .help = "The prefix length of its blocks."},
	{.name = "profile", .type = KEYS_NAME,
	 .offset = offsetof(struct scenario_network, profile), .absent = "that of the target",
	 .example = "\"far\"", .help = "How its blocks behave."},
	{.name = "hosts", .type = KEYS_LIST, .offset = offsetof(struct scenario_network, hosts),
	 .absent = "none", .example = "[{\"count\": 10}]", .group = &hosts_group,
	 .help = "Who lives in each of its blocks: up to four groups."},
	{.name = "path", .type = KEYS_TEXTS, .offset = offsetof(struct scenario_network, path),
	 .absent = "none", .example = "[\"metro\"]",
	 .help = "Names of further routers on the way to it, behind those of the target's path and "
		 "before its border router."},
};
static const struct keys_group network_group = {
	.what = "a network", .keys = network_keys, .count = KEYS_COUNT_OF(network_keys),
	.size = sizeof(struct scenario_network)};

static const struct keys_key target_keys[] = {
	{.name = "file", .type = KEYS_TARGET, .offset = offsetof(struct scenario_target, file),
	 .absent = "the networks are given here", .example = "\"kp\"",
	 .help = "A TARGET whose networks and hosts are taken."},
	{.name = "name", .type = KEYS_NAME, .offset = offsetof(struct scenario_target, name),
	 .min = 1, .max = 48, .absent = "that of the file", .example = "\"land\"",
	 .help = "Its name, where it has no file."},
	{.name = "title", .type = KEYS_TEXT, .offset = offsetof(struct scenario_target, title),
	 .min = 1, .max = 100, .absent = "none", .example = "\"A small country\"",
	 .help = "What people call it."},
	{.name = "country", .type = KEYS_TEXT, .offset = offsetof(struct scenario_target, country),
	 .min = 2, .max = 2, .absent = "none, or that of the file", .example = "\"KP\"",
	 .help = "The country that it is, of which its border routers are, too."},
	{.name = "copies", .type = KEYS_COUNT, .offset = offsetof(struct scenario_target, copies),
	 .min = 1, .max = 4096, .standard = "1",
	 .help = "So many targets like this one, each with its networks behind those of the one "
		 "before; they are called NAME-1, NAME-2 and so on."},
	{.name = "methods", .type = KEYS_METHODS,
	 .offset = offsetof(struct scenario_target, methods), .standard = "\"icmp\"",
	 .help = "How its hosts are probed, where it has no file."},
	{.name = "listed", .type = KEYS_NUMBER, .offset = offsetof(struct scenario_target, listed),
	 .max = 1, .standard = "1",
	 .help = "The share of its hosts that the target lists; 0: only prefixes."},
	{.name = "claimed", .type = KEYS_NUMBER,
	 .offset = offsetof(struct scenario_target, claimed), .max = 1, .absent = "the truth",
	 .example = "0.9", .help = "The availability that the target states of its hosts."},
	{.name = "networks", .type = KEYS_LIST,
	 .offset = offsetof(struct scenario_target, networks), .absent = "those of the file",
	 .example = "[{\"prefix\": \"198.18.0.0/24\"}]", .group = &network_group,
	 .help = "Its networks."},
	{.name = "hosts", .type = KEYS_LIST, .offset = offsetof(struct scenario_target, hosts),
	 .absent = "none", .example = "[{\"count\": 10}]", .group = &hosts_group,
	 .help = "Who lives in each block of networks that say nothing of it; with a file: beside "
		 "the hosts that it lists, which are on as often as it states."},
	{.name = "profile", .type = KEYS_NAME, .offset = offsetof(struct scenario_target, profile),
	 .absent = "`world`", .example = "\"far\"", .help = "How its blocks behave."},
	{.name = "tau", .type = KEYS_DURATION, .offset = offsetof(struct scenario_target, tau_ns),
	 .max = YEAR_S, .absent = "each probe finds them on or off by itself",
	 .example = "\"8h\"", .help = "As of a group of hosts, for those of the file."},
	{.name = "path", .type = KEYS_TEXTS, .offset = offsetof(struct scenario_target, path),
	 .absent = "none", .example = "[\"transit\", \"left|right\"]",
	 .help = "Names of the routers on the way, from the vantage outward; with '|' between "
		 "those that share the load. Behind them comes a border router of the target's "
		 "own."},
	{.name = "round", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_target, round_ns), .min = 1, .max = DAY_S,
	 .absent = "that of the vantage", .example = "\"10s\"",
	 .help = "Its round."},
	{.name = "confirm", .type = KEYS_DURATION,
	 .offset = offsetof(struct scenario_target, confirm_ns), .max = 3600,
	 .absent = "that of the vantage", .example = "\"5s\"",
	 .help = "Evidence for a change reaches over so long."},
	{.name = "probes_per_hour", .type = KEYS_NUMBER,
	 .offset = offsetof(struct scenario_target, probes_per_hour), .max = 36000,
	 .absent = "that of the vantage", .example = "360",
	 .help = "Probes of a block an hour, at most."},
};
const struct keys_group scenario_target_group = {
	.what = "a target", .keys = target_keys, .count = KEYS_COUNT_OF(target_keys),
	.size = sizeof(struct scenario_target)};
