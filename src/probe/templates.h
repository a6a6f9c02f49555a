/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TEMPLATES_H
#define PROBE_TEMPLATES_H

#include <blockwatch/transport.h>

#include "probe/outcome.h"
#include "wire/build.h"

/* What templates are made of. METHODS and CONTACT are not kept. */
struct templates_config {
	const struct bw_egress *egress; /* borrowed */
	uint8_t egress_count;
	const struct bw_method *methods;
	size_t method_count;
	const char *contact; /* in echo payloads, or NULL */
};

/* The packets that probes are made of: one template for each way out and method. */
struct templates {
	struct build_template *list;    /* [egress][method] */
	const struct bw_egress *egress; /* borrowed */
	uint8_t egress_count;
	size_t method_count;
};

/* Returns 0, -ENOMEM, or what build_template_init() says; templates_fini() in any case. */
int templates_init(struct templates *templates, const struct templates_config *config,
		   struct bw_err *err);
void templates_fini(struct templates *templates);

/* The template for a probe; NULL when there is none for its way out, family or method. */
const struct build_template *templates_find(const struct templates *templates,
					    const struct probe *probe);

#endif
