/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/config/flaws.h"

#include "app/common/log.h"

void flaws_take(void *self, const struct bw_err *err)
{
	struct flaws *flaws = self;

	if (flaws->logs_all)
		log_error("run", err);
	if (flaws->count++ == 0)
		flaws->first = *err;
}

void flaws_add(struct flaws *flaws, const struct keys_place *place, const char *key,
	       const struct bw_err *cause)
{
	char text[sizeof(cause->message)];
	struct bw_err flaw;

	bw_err_set(&flaw, cause->code, "%s", bw_err_format(cause, text, sizeof(text)));
	bw_err_place(&flaw, place->file, place->line, place->column, key);
	flaws_take(flaws, &flaw);
}

int flaws_result(const struct flaws *flaws, struct bw_err *err)
{
	if (flaws->count == 0)
		return 0;
	if (err)
		*err = flaws->first;
	return flaws->first.code;
}
