/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scenario/exempt.h"

#include <errno.h>
#include <stdlib.h>

static int blame(struct builder *builder, size_t index, size_t n)
{
	return scenario_blame(builder->scenario, builder->err, "faults[%zu].exempt[%zu]", index, n);
}

int exempt_init(struct exempt *exempt, struct builder *builder, size_t index)
{
	const struct scenario_texts *texts = &builder->scenario->faults[index].exempt;

	*exempt = (struct exempt){.count = 0};
	if (texts->count == 0)
		return 0;
	exempt->list = calloc(texts->count, sizeof(*exempt->list));
	exempt->used = calloc(texts->count, sizeof(*exempt->used));
	if (!exempt->list || !exempt->used)
		return bw_err_set(builder->err, -ENOMEM, "out of memory");
	for (; exempt->count < texts->count; exempt->count++) {
		const char *text = texts->list[exempt->count].text;

		if (bw_prefix_parse(text, &exempt->list[exempt->count], builder->err) < 0)
			return blame(builder, index, exempt->count);
	}
	return 0;
}

void exempt_fini(struct exempt *exempt)
{
	free(exempt->list);
	free(exempt->used);
}

bool exempt_has(struct exempt *exempt, const struct bw_prefix *block)
{
	bool has = false;

	for (size_t i = 0; i < exempt->count; i++) {
		if (!bw_prefix_covers(&exempt->list[i], block))
			continue;
		exempt->used[i] = true;
		has = true;
	}
	return has;
}

int exempt_check(const struct exempt *exempt, struct builder *builder, size_t index)
{
	for (size_t i = 0; i < exempt->count; i++) {
		char text[BW_PREFIX_TEXT];

		if (exempt->used[i])
			continue;
		bw_err_set(builder->err, BW_ERR_VALUE, "%s covers no whole block of the subjects",
			   bw_prefix_format(&exempt->list[i], text));
		return blame(builder, index, i);
	}
	return 0;
}
