/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/host_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/net/resolve.h"
#include "target/list/list.h"

#define LINE (BW_PREFIX_TEXT + 1)

static int parse(const char *name, const char *text, struct bw_target **ret_target,
		 struct bw_err *err)
{
	struct bw_target *target;
	int code = list_parse(text, strlen(text), NULL, &target, err);

	if (code < 0)
		return code;
	target->name = strdup(name);
	if (!target->name) {
		bw_target_free(target);
		return bw_err_set(err, -ENOMEM, "out of memory");
	}
	*ret_target = target;
	return 0;
}

int host_name_target(const char *name, int family, struct bw_target **ret_target,
		     struct bw_err *err)
{
	struct bw_addr list[RESOLVE_MAX];
	char text[RESOLVE_MAX * LINE + 1], prefix[BW_PREFIX_TEXT];
	int count = resolve_name(name, family, list, err);
	size_t at = 0;

	if (count < 0)
		return count;
	for (int i = 0; i < count; i++) {
		struct bw_prefix host = {list[i], (uint8_t)bw_addr_bits(&list[i])};

		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s\n",
				       bw_prefix_format(&host, prefix));
	}
	return parse(name, text, ret_target, err);
}

void host_name_hint(const char *argument, struct bw_err *err)
{
	if (!strchr(argument, '.') || !resolve_is_name(argument))
		return;
	bw_err_set(err, err->code,
		   "no target of this name; if it is a host name, --resolve looks it up");
	bw_err_place(err, NULL, 0, 0, argument);
}
