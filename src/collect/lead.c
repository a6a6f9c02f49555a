/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/lead.h"

bool lead_holds(const struct store *store)
{
	return !store->ops->leads || store->ops->leads(store->self);
}

/* A session that is lost within a transaction is not made anew in it: it leads until its end. */
int lead_begin(const struct store *store, struct bw_err *err)
{
	const int result = store->ops->begin(store->self, err);

	if (result < 0 || lead_holds(store))
		return result;
	store->ops->rollback(store->self);
	return bw_err_set(err, BW_ERR_PRIVILEGE, "another collector leads");
}
