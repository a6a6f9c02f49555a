/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/run/restart.h"

#include <errno.h>
#include <stdlib.h>

int restart_save(const struct vantage *vantage, struct restart_state *ret_state, struct bw_err *err)
{
	struct restart_state state = {0};
	FILE *memory = open_memstream(&state.bytes, &state.length);
	int rc;

	if (!memory)
		return bw_err_set(err, -ENOMEM, "out of memory");
	rc = vantage_save(vantage, memory, 1, err);
	if (fclose(memory) != 0 && rc == 0)
		rc = bw_err_set(err, -ENOMEM, "out of memory");
	if (rc < 0)
		restart_free(&state);
	else
		*ret_state = state;
	return rc;
}

int restart_load(const struct restart_state *state, struct vantage *vantage, struct bw_now now,
		 struct bw_err *err)
{
	struct persist_restore restore = vantage_restore(vantage, now);
	struct state_handlers handlers = persist_handlers(&restore);

	return state_read(state->bytes, state->length, "memory", &handlers, err);
}

void restart_free(struct restart_state *state)
{
	free(state->bytes);
	*state = (struct restart_state){0};
}
