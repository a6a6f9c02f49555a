/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACE_BUILDER_H
#define PROBE_TRACE_BUILDER_H

#include <blockwatch/transport.h>

#include "probe/trace/trace.h"
#include "wire/build.h"

/* Builds the probes of traces: a template for each egress and method, and the token key. */
struct trace_builder {
	struct siphash_key key;
	struct build_template *templates; /* [egress][method] */
	size_t method_count;
	uint8_t max_ttl;  /* of the traces; set by the caller */
	uint64_t counter; /* makes each token another one */
};

/*
 * SEED 0: a random key; else a repeatable one. Returns 0, -ENOMEM, or what
 * build_template_init() says; call fini in all cases.
 */
int trace_builder_init(struct trace_builder *builder, const struct bw_egress *egress,
		       uint8_t egress_count, const struct bw_methods *methods, uint64_t seed,
		       struct bw_err *err);
void trace_builder_fini(struct trace_builder *builder);

/* Builds a probe of TRACE with this TTL. Returns the brief form of its token. */
uint32_t trace_builder_fill(struct trace_builder *builder, const struct trace *trace, uint8_t ttl,
			    struct bw_mono now, struct bw_tx *tx);

#endif
