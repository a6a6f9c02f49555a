/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/run/run_sink_keys.h"

#include <stddef.h>

#include "conf/run/run_sinks.h"
#include "ship/spool/spool_type.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const type_words[] = {
#define X(NAME, module, word) word,
	CONF_RUN_SINK_LIST(X)
#undef X
#define X(NAME, word) word,
	CONF_RUN_NETWORK_SINK_LIST(X)
#undef X
	NULL,
};

#define X(NAME, word) word,
const char *const conf_run_spool_types[] = {SPOOL_TYPE_LIST(X) NULL};
const char *const conf_run_framings[] = {CONF_RUN_FRAMING_LIST(X) NULL};
const char *const conf_run_compressions[] = {CONF_RUN_COMPRESSION_LIST(X) NULL};
#undef X

bool conf_run_sink_is_network(const struct conf_run_sink *sink)
{
	switch ((enum conf_run_sink_type)sink->type) {
	case CONF_RUN_HTTP:
	case CONF_RUN_NATS:
		return true;
	case CONF_RUN_STDOUT:
	case CONF_RUN_FILE:
	case CONF_RUN_SINK_NONE:
		break;
	}
	return false;
}

static const struct keys_key sink_keys[] = {
	{
		.name = "type",
		.type = KEYS_CHOICE,
		.flags = KEYS_REQUIRED,
		.offset = offsetof(struct conf_run_sink, type),
		.example = "\"file\"",
		.words = type_words,
		.help = "Where its records go.",
	},
#define K(ctype, member, key, keys_type, kinds, ...)              \
	{                                                         \
		.name = (key),                                    \
		.type = (keys_type),                              \
		.offset = offsetof(struct conf_run_sink, member), \
		.only = (kinds),                                  \
		__VA_ARGS__,                                      \
	},
	CONF_RUN_SINK_KEYS(K)
#undef K
};
const struct keys_group run_sink_keys = {
	.what = "a sink",
	.keys = sink_keys,
	.count = COUNT(sink_keys),
	.size = sizeof(struct conf_run_sink),
	.kind = "type",
};
