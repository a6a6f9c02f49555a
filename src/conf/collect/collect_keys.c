/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/collect/collect_keys.h"

#include <stddef.h>

#include "conf/collect/collect.h"
#include "conf/collect/collect_nats.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define DAY_S 86400.0

static const struct keys_key tls_keys[] = {
	{
		.name = "certificate",
		.type = KEYS_PATH,
		.flags = KEYS_REQUIRED,
		.offset = offsetof(struct conf_collect, tls.certificate) -
			  offsetof(struct conf_collect, tls),
		.min = 1,
		.max = 4000,
		.example = "\"/etc/blockwatch/collector.pem\"",
		.help = "A file with the certificate and those between it and its authority, PEM.",
	},
	{
		.name = "key",
		.type = KEYS_PATH,
		.flags = KEYS_REQUIRED,
		.offset =
			offsetof(struct conf_collect, tls.key) - offsetof(struct conf_collect, tls),
		.min = 1,
		.max = 4000,
		.example = "\"/etc/blockwatch/collector.key\"",
		.help = "A file with its private key, PEM.",
	},
};
static const struct keys_group tls = {
	.what = "\"tls\"",
	.keys = tls_keys,
	.count = COUNT(tls_keys),
	.size = sizeof(((struct conf_collect *)NULL)->tls),
};

static const struct keys_key vantage_keys[] = {
	{
		.name = "name",
		.type = KEYS_NAME,
		.flags = KEYS_REQUIRED | KEYS_UNIQUE,
		.offset = offsetof(struct conf_collect_vantage, name),
		.min = 1,
		.max = 63,
		.example = "\"fra1\"",
		.help = "The name of the vantage, as in its configuration.",
	},
	{
		.name = "token_file",
		.type = KEYS_PATH,
		.offset = offsetof(struct conf_collect_vantage, token_file),
		.min = 1,
		.max = 4000,
		.example = "\"/etc/blockwatch/fra1.token\"",
		.help = "A file with the token of the vantage on one line. It may send records of "
			"this name and no other. Required, unless records come by \"nats\".",
	},
	{
		.name = "asn",
		.type = KEYS_COUNT,
		.offset = offsetof(struct conf_collect_vantage, asn),
		.min = 1,
		.max = 4294967295.0,
		.absent = "not known",
		.example = "64496",
		.help = "The number of the network that connects it. Vantages behind the same one "
			"count once.",
	},
};
static const struct keys_group vantage = {
	.what = "a vantage",
	.keys = vantage_keys,
	.count = COUNT(vantage_keys),
	.size = sizeof(struct conf_collect_vantage),
};

static const struct keys_key retention_keys[] = {
	{
		.name = "records",
		.type = KEYS_DURATION,
		.offset = offsetof(struct conf_collect_retention, records_ns),
		.min = 3600,
		.max = 3660 * DAY_S,
		.standard = "\"7d\"",
		.help = "How long records are kept as they came. What was merged from them, "
			"outages and events stay.",
	},
	{
		.name = "intervals",
		.type = KEYS_DURATION,
		.flags = KEYS_MAY_BE_FOREVER,
		.offset = offsetof(struct conf_collect_retention, intervals_ns),
		.min = DAY_S,
		.max = 36600 * DAY_S,
		.standard = "\"forever\"",
		.absent = "forever",
		.help = "How long merged verdicts, hourly sums, outages and events are kept. "
			"Outages that last, and what holds now, stay.",
	},
};
static const struct keys_group retention = {
	.what = "\"retention\"",
	.keys = retention_keys,
	.count = COUNT(retention_keys),
	.size = sizeof(struct conf_collect_retention),
};

static const struct keys_key webhook_keys[] = {
	{
		.name = "url",
		.type = KEYS_TEXT,
		.flags = KEYS_UNIQUE,
		.offset = offsetof(struct conf_collect_webhook, url),
		.min = 8,
		.max = 2000,
		.absent = "a command is run",
		.example = "\"https://alarm.example/blockwatch\"",
		.help = "Where events are sent by POST, as JSON. They are sent again until the "
			"answer is a status of 200 to 299.",
	},
	{
		.name = "secret_file",
		.type = KEYS_PATH,
		.offset = offsetof(struct conf_collect_webhook, secret_file),
		.min = 1,
		.max = 4000,
		.absent = "events are not signed",
		.example = "\"/etc/blockwatch/webhook.secret\"",
		.help = "A file with a secret on one line. X-Blockwatch-Signature then has the "
			"HMAC-SHA256 of the body.",
	},
	{
		.name = "command",
		.type = KEYS_TEXTS,
		.flags = KEYS_MAY_REPEAT,
		.offset = offsetof(struct conf_collect_webhook, command),
		.min = 1,
		.max = 4000,
		.absent = "events are sent to the URL",
		.example = "[\"/usr/local/bin/alarm\", \"--from\", \"blockwatch\"]",
		.help = "A program and its arguments, which gets an event as JSON on standard "
			"input. It is run again until it exits with 0. No shell is involved.",
	},
	{
		.name = "targets",
		.type = KEYS_TEXTS,
		.offset = offsetof(struct conf_collect_webhook, targets),
		.min = 1,
		.max = 255,
		.absent = "all targets",
		.example = "[\"kp\"]",
		.help = "The targets whose events are told.",
	},
};
static const struct keys_group webhook = {
	.what = "a webhook",
	.keys = webhook_keys,
	.count = COUNT(webhook_keys),
	.size = sizeof(struct conf_collect_webhook),
	.sparse = true,
};

static const struct keys_key keys[] = {
	{
		.name = "listen",
		.type = KEYS_TEXT,
		.offset = offsetof(struct conf_collect, listen),
		.min = 3,
		.max = 80,
		.standard = "\"127.0.0.1:8080\"",
		.help = "Address and port to serve on. Put nginx in front of it, or give \"tls\", "
			"before it listens on anything but loopback.",
	},
	{
		.name = "tls",
		.type = KEYS_GROUP,
		.offset = offsetof(struct conf_collect, tls),
		.group = &tls,
		.help = "Serves HTTPS itself.",
	},
	{
		.name = "store",
		.type = KEYS_TEXT,
		.offset = offsetof(struct conf_collect, store),
		.min = 1,
		.max = 4000,
		.standard = "\"sqlite:/var/lib/blockwatch/collector.db\"",
		.help = "Where everything is kept: \"sqlite:PATH\", or "
			"\"postgresql://USER:PASSWORD@HOST/NAME\".",
	},
	{
		.name = "vantages",
		.type = KEYS_LIST,
		.flags = KEYS_REQUIRED,
		.offset = offsetof(struct conf_collect, vantages),
		.example = "[{\"name\": \"fra1\", \"token_file\": \"fra1.token\"}]",
		.group = &vantage,
		.help = "Who may send records.",
	},
	{
		.name = "nats",
		.type = KEYS_GROUP,
		.offset = offsetof(struct conf_collect, nats),
		.group = &collect_nats_keys,
		.help = "Takes records from a stream of NATS JetStream, in place of HTTP or beside "
			"it.",
	},
	{
		.name = "retention",
		.type = KEYS_GROUP,
		.offset = offsetof(struct conf_collect, retention),
		.group = &retention,
		.help = "How long records are kept.",
	},
	{
		.name = "read_token_file",
		.type = KEYS_PATH,
		.offset = offsetof(struct conf_collect, read_token_file),
		.min = 1,
		.max = 4000,
		.absent = "anybody may read",
		.example = "\"/etc/blockwatch/read.token\"",
		.help = "A file with the token that reading demands, as bearer token or as the "
			"password of a browser.",
	},
	{
		.name = "webhooks",
		.type = KEYS_LIST,
		.offset = offsetof(struct conf_collect, webhooks),
		.absent = "nobody is told",
		.example = "[{\"url\": \"https://alarm.example/blockwatch\", "
			   "\"secret_file\": \"/etc/blockwatch/webhook.secret\"}]",
		.group = &webhook,
		.help = "Who is told when a target or a network changes its verdict, and when a "
			"vantage is silent.",
	},
	{
		.name = "user",
		.type = KEYS_TEXT,
		.offset = offsetof(struct conf_collect, user),
		.min = 1,
		.max = 63,
		.absent = "who it was started by",
		.example = "\"blockwatch\"",
		.help = "Who to become, when started as root, once the files with tokens are "
			"read and the port is open. All capabilities are given up in any case.",
	},
	{
		.name = "stale_after",
		.type = KEYS_COUNT,
		.offset = offsetof(struct conf_collect, stale_after),
		.min = 1,
		.max = 1000,
		.unit = "rounds",
		.standard = "3",
		.help = "A vantage that has been quiet for so long is silent.",
	},
	{
		.name = "quorum",
		.type = KEYS_COUNT,
		.offset = offsetof(struct conf_collect, quorum),
		.min = 1,
		.max = 100,
		.unit = "networks",
		.standard = "2",
		.help = "A block is dark when vantages behind so many different networks say so, "
			"or behind all where there are fewer.",
	},
};
const struct keys_group collect_keys = {
	.what = "the configuration",
	.keys = keys,
	.count = COUNT(keys),
	.size = sizeof(struct conf_collect),
};
