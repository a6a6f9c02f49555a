/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/templates.h"

#include <errno.h>
#include <stdlib.h>

int templates_init(struct templates *templates, const struct templates_config *config,
		   struct bw_err *err)
{
	size_t methods = config->method_count, count = config->egress_count * methods;
	int code = 0;

	*templates = (struct templates){
		.list = calloc(count + 1, sizeof(*templates->list)),
		.egress = config->egress,
		.egress_count = config->egress_count,
		.method_count = methods,
	};
	if (!templates->list)
		return -ENOMEM;
	for (size_t i = 0; i < count && code >= 0; i++)
		code = build_template_init(&templates->list[i], &config->egress[i / methods].source,
					   config->methods[i % methods], config->contact, err);
	return code < 0 ? code : 0;
}

void templates_fini(struct templates *templates)
{
	free(templates->list);
	templates->list = NULL;
}

const struct build_template *templates_find(const struct templates *templates,
					    const struct probe *probe)
{
	const struct build_template *list;

	if (probe->egress >= templates->egress_count ||
	    templates->egress[probe->egress].source.family != probe->dst.family)
		return NULL;
	list = &templates->list[probe->egress * templates->method_count];
	for (size_t m = 0; m < templates->method_count; m++)
		if (bw_method_equal(list[m].method, probe->method))
			return &list[m];
	return NULL;
}
