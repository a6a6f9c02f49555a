/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/run/run_keys.h"

#include <stddef.h>

#include "conf/options/common.h"
#include "conf/run/run.h"
#include "conf/run/run_sink_keys.h"
#include "conf/run/run_spool_keys.h"
#include "conf/run/run_target_keys.h"
#include "conf/run/run_trace_keys.h"
#include "probe/trace/trace.h"
#include "wire/build.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define DAY_S 86400.0

static const char *const record_words[] = {
#define X(name, text) text,
	CONF_RUN_RECORD_LIST(X)
#undef X
	NULL};

static const struct keys_key flapping_keys[] = {
	{
		.name = "enter",
		.type = KEYS_NUMBER,
		.offset = offsetof(struct conf_run_flapping, enter),
		.min = 1,
		.max = 100,
		.standard = "3",
		.help = "A block whose penalty reaches this is flapping. Each confirmed change "
			"between up and dark adds 1 to the penalty.",
	},
	{
		.name = "leave",
		.type = KEYS_NUMBER,
		.offset = offsetof(struct conf_run_flapping, leave),
		.min = 0.1,
		.max = 50,
		.standard = "1",
		.help = "It stops flapping when its penalty has fallen below this; less than "
			"\"enter\".",
	},
	{
		.name = "half_life",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run_flapping, half_life_ns),
		.min = 1,
		.max = 7 * DAY_S,
		.standard = "\"1h\"",
		.help = "In this time a penalty falls to its half.",
	},
};
static const struct keys_group flapping = {
	.what = "\"flapping\"",
	.keys = flapping_keys,
	.count = COUNT(flapping_keys),
	.size = sizeof(struct conf_run_flapping),
};

static const char *const block_records_words[] = {
#define X(NAME, word) word,
	CONF_RUN_BLOCK_RECORDS_LIST(X)
#undef X
	NULL};

static const char *const ship_words[] = {
#define X(NAME, word) word,
	CONF_RUN_SHIP_LIST(X)
#undef X
	NULL};

static const struct keys_key keys[] = {
	{
		.name = "vantage",
		.type = KEYS_NAME,
		.flags = KEYS_REQUIRED | KEYS_RESTART,
		.offset = offsetof(struct conf_run, vantage),
		.min = 1,
		.max = 63,
		.example = "\"fra1\"",
		.help = "The name of this vantage: letters, digits, '.', '_' and '-'. It stands in "
			"every record.",
	},
	{
		.name = "targets",
		.type = KEYS_LIST,
		.flags = KEYS_REQUIRED,
		.offset = offsetof(struct conf_run, targets),
		.example = "[\"kp\"]",
		.group = &run_target_keys,
		.help = "What is watched: each a TARGET, or an object with a TARGET and what is "
			"different for it. Those of included files are added.",
	},
	{
		.name = "include",
		.type = KEYS_TEXTS,
		.flags = KEYS_INCLUDE,
		.min = 1,
		.max = 4000,
		.example = "\"conf.d/*.json\"",
		.help = "Configuration files that are read after this one: paths in which '*', '?' "
			"and '[...]' stand for what fits, in the order of their names. Relative "
			"ones begin at the folder of the including file.",
	},
	{
		.name = "round",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run, round_ns),
		.min = 1,
		.max = DAY_S,
		.standard = "\"60s\"",
		.help = "Every block is looked at once in this time.",
	},
	{
		.name = "focus_round",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run, focus_round_ns),
		.min = 5,
		.max = 60,
		.standard = "\"10s\"",
		.help = "The round of targets with \"focus\": true.",
	},
	{
		.name = "confirm",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run, confirm_ns),
		.min = 0.5,
		.max = 600,
		.standard = "\"5s\"",
		.help = "A change of a verdict is confirmed by evidence that reaches over at least "
			"this time: a burst of loss is no outage.",
	},
	{
		.name = "timeout",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run, timeout_ns),
		.min = CONF_TIMEOUT_MIN_S,
		.max = CONF_TIMEOUT_MAX_S,
		.standard = "\"3s\"",
		.help = "A probe without an answer counts as lost after this long; an answer that "
			"comes later still counts.",
	},
	{
		.name = "rate",
		.type = KEYS_NUMBER,
		.offset = offsetof(struct conf_run, rate_pps),
		.min = CONF_RATE_MIN,
		.max = CONF_RATE_MAX,
		.unit = "packets a second",
		.standard = "100",
		.help = "How fast probes are sent at most, all targets together.",
	},
	{
		.name = "methods",
		.type = KEYS_METHODS,
		.offset = offsetof(struct conf_run, methods),
		.absent = "those of the target files",
		.example = "[\"icmp\", \"tcp:443\"]",
		.help = "How hosts are probed, in the order in which it is tried: " BW_METHOD_HELP
			".",
	},
	{
		.name = "limits",
		.type = KEYS_GROUP,
		.offset = offsetof(struct conf_run, limits),
		.group = &run_limit_keys,
		.help = "What no target exceeds that has no limits of its own.",
	},
	{
		.name = "stale_after",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_run, stale_after_ns),
		.min = DAY_S,
		.max = 3650 * DAY_S,
		.standard = "\"90d\"",
		.help = "A warning is logged at each start and reload, and once a day, of targets "
			"that were updated longer ago: networks and hosts move.",
	},
	{
		.name = "false_dark_per_year",
		.type = KEYS_NUMBER,
		.offset = offsetof(struct conf_run, false_dark_per_year),
		.min = 1e-6,
		.max = 1000,
		.standard = "1",
		.help = "How often in a year a block that is up may be called dark by chance. The "
			"evidence that is demanded follows from it.",
	},
	{
		.name = "flapping",
		.type = KEYS_GROUP,
		.offset = offsetof(struct conf_run, flapping),
		.group = &flapping,
		.help = "When a block that comes and goes is called flapping.",
	},
	{
		.name = "references",
		.type = KEYS_TARGETS,
		.offset = offsetof(struct conf_run, references),
		.min = 1,
		.max = 4096,
		.absent = "those of the targets and the default gateway",
		.example = "[\"references\", \"198.18.0.1\"]",
		.help = "Hosts that tell whether this vantage itself is online: addresses, or "
			"TARGETs whose hosts are taken. The default gateway always is one. Those "
			"of included files are added.",
	},
	{
		.name = "sinks",
		.type = KEYS_LIST,
		.offset = offsetof(struct conf_run, sinks),
		.standard = "[{\"type\": \"stdout\"}]",
		.example = "[{\"type\": \"stdout\"}]",
		.group = &run_sink_keys,
		.help = "Where records go. Those of included files are added.",
	},
	{
		.name = "spool",
		.type = KEYS_GROUP,
		.offset = offsetof(struct conf_run, spool),
		.group = &run_spool_keys,
		.help = "The folder STATE_DIRECTORY/spool, in which records wait until the network "
			"sinks have them.",
	},
	{
		.name = "ship",
		.type = KEYS_CHOICE,
		.flags = KEYS_RESTART,
		.offset = offsetof(struct conf_run, ship),
		.standard = "\"child\"",
		.words = ship_words,
		.help = "Who ships the spool to the network sinks: a child process of `run`, or an "
			"external one, such as the unit blockwatch-ship.service.",
	},
	{
		.name = "records",
		.type = KEYS_CHOICES,
		.offset = offsetof(struct conf_run, records),
		.standard = "[\"block\", \"event\", \"condition\", \"target\", \"vantage\", "
			    "\"trace\"]",
		.words = record_words,
		.help = "Which types of records are written.",
	},
	{
		.name = "block_records",
		.type = KEYS_CHOICE,
		.offset = offsetof(struct conf_run, block_records),
		.standard = "\"rounds\"",
		.words = block_records_words,
		.help = "When a block record is written: in each round, or when something but "
			"counts has changed and once a day.",
	},
	{
		.name = "trace",
		.type = KEYS_GROUP,
		.offset = offsetof(struct conf_run, trace),
		.group = &run_trace_keys,
		.help = "Traceroutes to what is watched, which show where the path ends when it "
			"goes dark.",
	},
	{
		.name = "privacy_ttl",
		.type = KEYS_COUNT,
		.offset = offsetof(struct conf_run, privacy_ttl),
		.min = 0,
		.max = TRACE_TTL_MAX,
		.standard = "0",
		.help = "The first hops of each path, so many of them, are \"vantage network\" in "
			"records.",
	},
	{
		.name = "ranges",
		.type = KEYS_PATHS,
		.offset = offsetof(struct conf_run, ranges),
		.min = 1,
		.max = 4000,
		.example = "\"ranges.tsv\"",
		.help = "Files that say the country or the AS of addresses, for the hops of paths: "
			"lines of start, end and country or AS.",
	},
	{
		.name = "mmdb",
		.type = KEYS_PATHS,
		.offset = offsetof(struct conf_run, mmdbs),
		.min = 1,
		.max = 4000,
		.example = "\"asn.mmdb\"",
		.help = "The same as databases in the MaxMind format (mmdb).",
	},
	{
		.name = "state_directory",
		.type = KEYS_PATH,
		.flags = KEYS_RESTART,
		.offset = offsetof(struct conf_run, state_directory),
		.min = 1,
		.max = 4000,
		.absent = "none, and a restart forgets what was learned",
		.example = "\"/var/lib/blockwatch\"",
		.help = "The folder that keeps what was learned and the open outages over a "
			"restart. A relative path begins at the folder of the configuration file "
			"that it stands in.",
	},
	{
		.name = "blocklist",
		.type = KEYS_PATHS,
		.offset = offsetof(struct conf_run, blocklists),
		.min = 1,
		.max = 4000,
		.example = "\"blocklist.txt\"",
		.help = "Files of prefixes and addresses, one a line, that never get a probe, "
			"whatever else is said. Relative paths begin at the folder of the "
			"configuration file that they stand in. Those of included files are added.",
	},
	{
		.name = "allow_reserved",
		.type = KEYS_BOOL,
		.offset = offsetof(struct conf_run, allow_reserved),
		.standard = "false",
		.help = "Also probe special-purpose addresses (private, loopback, benchmarking and "
			"so on).",
	},
	{
		.name = "contact",
		.type = KEYS_TEXT,
		.flags = KEYS_RESTART,
		.offset = offsetof(struct conf_run, contact),
		.min = 1,
		.max = BUILD_CONTACT_MAX,
		.example = "\"https://example.net/probing\"",
		.help = "Whom to ask about the probes: text that stands in the payload of each.",
	},
	{
		.name = "interface",
		.type = KEYS_TEXT,
		.flags = KEYS_RESTART,
		.offset = offsetof(struct conf_run, interface),
		.min = 1,
		.max = 15,
		.absent = "what the routing table says",
		.example = "\"eth0\"",
		.help = "Send and capture on this interface.",
	},
	{
		.name = "source",
		.type = KEYS_ADDRESSES,
		.flags = KEYS_RESTART,
		.offset = offsetof(struct conf_run, source),
		.absent = "what the routing table says",
		.example = "\"198.18.0.2\"",
		.help = "Send from this address.",
	},
	{
		.name = "user",
		.type = KEYS_NAME,
		.flags = KEYS_RESTART,
		.offset = offsetof(struct conf_run, user),
		.min = 1,
		.max = 32,
		.absent = "who starts it",
		.example = "\"blockwatch\"",
		.help = "Who to become when started as root: a name or a number. Of all privileges "
			"only CAP_NET_RAW is kept.",
	},
};

const struct keys_group run_keys = {
	.what = "the configuration",
	.keys = keys,
	.count = COUNT(keys),
	.size = sizeof(struct conf_run),
};
