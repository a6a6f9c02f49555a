/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/trace/trace_builder.h"

#include <errno.h>
#include <stdlib.h>

#include "wire/method/method_ops.h"

#define NONCE_SHIFT 40
#define SLOT_NS (16 * BW_S)

int trace_builder_init(struct trace_builder *builder, const struct bw_egress *egress,
		       uint8_t egress_count, const struct bw_methods *methods, uint64_t seed,
		       struct bw_err *err)
{
	size_t count = (size_t)egress_count * methods->count;
	int code = 0;

	*builder = (struct trace_builder){
		.key = seed ? siphash_key_of(seed) : siphash_key_random(),
		.templates = calloc(count + 1, sizeof(*builder->templates)),
		.method_count = methods->count,
	};
	if (!builder->templates)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t n = 0; n < count && code == 0; n++)
		code = build_template_init(&builder->templates[n],
					   &egress[n / methods->count].source,
					   methods->list[n % methods->count], NULL, err);
	return code;
}

void trace_builder_fini(struct trace_builder *builder)
{
	free(builder->templates);
	builder->templates = NULL;
}

static const struct build_template *template_for(const struct trace_builder *builder,
						 const struct trace *trace)
{
	const struct build_template *template =
		&builder->templates[trace->egress * builder->method_count];

	while (!bw_method_equal(template->method, trace->method))
		template ++;
	return template;
}

static struct token make_token(struct trace_builder *builder, const struct trace *trace,
			       struct bw_mono now)
{
	uint64_t nonce = (uint64_t)(now.ns / SLOT_NS) << NONCE_SHIFT | builder->counter++;

	return token_make(&builder->key, &trace->dst, trace->method, nonce, now.ns / BW_US,
			  trace->flow);
}

/* Whether a probe of the trace has this token already: those of UDP have 16 bits. */
static bool is_used(const struct trace *trace, uint32_t brief, uint8_t max_ttl)
{
	for (unsigned ttl = 1; ttl <= max_ttl; ttl++)
		for (unsigned n = 0; n < trace->hops[ttl].tries; n++)
			if (trace->hops[ttl].tried[n].brief == brief)
				return true;
	return false;
}

uint32_t trace_builder_fill(struct trace_builder *builder, const struct trace *trace, uint8_t ttl,
			    struct bw_mono now, struct bw_tx *tx)
{
	const struct build_template *template = template_for(builder, trace);
	struct token token = make_token(builder, trace, now);

	while (template->ops->brief_mask != UINT32_MAX &&
	       is_used(trace, token.brief, builder->max_ttl))
		token = make_token(builder, trace, now);
	tx->dst = trace->dst;
	tx->egress = trace->egress;
	tx->sent = now;
	tx->status = 0;
	tx->length = build_probe(template, &trace->dst, &token, ttl, now.ns / BW_US, tx->bytes);
	return token.brief;
}
