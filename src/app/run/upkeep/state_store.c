/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/upkeep/state_store.h"

#include "app/common/log.h"

int state_store_open(struct state_store *store, const char *directory, struct bw_err *err)
{
	int code;

	store->boots = 1;
	if (!directory)
		return 0;
	code = state_file_open(directory, &store->file, err);
	return code < 0 ? code : state_file_lock(store->file, err);
}

int state_store_load(struct state_store *store, const struct instance *instance,
		     struct bw_err *err)
{
	struct persist_restore restore;
	struct state_handlers handlers;
	int code;

	if (!store->file)
		return 0;
	restore = vantage_restore(instance->vantage, instance->now);
	handlers = persist_handlers(&restore);
	code = state_file_load(store->file, &handlers, instance->now.wall, err);
	if (code == BW_ERR_SYNTAX || code == BW_ERR_VALUE)
		log_error("run", err);
	else if (code < 0)
		return code;
	store->boots = restore.boots + 1;
	return 0;
}

void state_store_close(struct state_store *store)
{
	state_file_close(store->file);
	store->file = NULL;
}

bool state_store_is_urgent(struct state_store *store, const struct record *record)
{
	bool was_healthy = store->healthy;

	if (record->type == RECORD_VANTAGE)
		store->healthy = record->vantage.healthy;
	return record->type == RECORD_EVENT || store->healthy != was_healthy;
}

void state_store_save(struct state_store *store, const struct vantage *vantage)
{
	struct bw_err err;
	FILE *file;

	if (!store->file)
		return;
	if (state_file_begin(store->file, &file, &err) < 0 ||
	    state_file_commit(store->file, vantage_save(vantage, file, store->boots, &err), &err) <
		    0)
		log_error("run", &err);
}
