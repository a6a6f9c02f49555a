/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state that the conditions of a block rest on, and what all of them use. Each condition
 * has a file of its own: border.c, proxy.c, rate_limit.c, parts.c (partial). observe.c feeds
 * them at the end of each round, extra.c says what they want to know next.
 *
 * Most blocks have no missing host most of the time. What is known only of missing hosts is a
 * struct of its own (struct condition_evidence), so that the owner need not keep it for a block
 * without any.
 */
#include "infer/condition/condition.h"

#define TELLING_MIN 0.15F /* availability below which a silence is not counted */

void condition_init(struct condition *cond)
{
	*cond = (struct condition){
		.last_host = CONDITION_NO_HOST,
	};
}

struct condition_evidence condition_evidence_none(const struct condition *cond)
{
	return (struct condition_evidence){.parts.inhabited = cond->inhabited};
}

/* Counts of cold hosts elsewhere begin anew with the next one that is missed. */
bool condition_evidence_is_empty(const struct condition_evidence *ce)
{
	return ce->quiet == 0 && ce->rate_limit <= 0 && parts_are_calm(&ce->parts);
}

bool condition_has(const struct condition *cond, unsigned condition)
{
	return (cond->conditions & condition) != 0;
}

void condition_set(struct condition *cond, unsigned condition, bool on)
{
	cond->conditions =
		(on ? cond->conditions | condition : cond->conditions & ~condition) & 0xfff;
}

int64_t condition_since_heard(const struct condition *cond, struct bw_mono t)
{
	return cond->heard_s ? t.ns - (int64_t)cond->heard_s * BW_S : INT64_MAX;
}

bool condition_is_telling(const struct evidence *e)
{
	return e->state == EVIDENCE_SILENT && e->attempt == 0 && e->availability >= TELLING_MIN;
}

unsigned condition_silent_parts(const struct condition *cond, const struct condition_evidence *ce)
{
	return condition_has(cond, BW_PARTIAL) ? ce->parts.gone : 0;
}
