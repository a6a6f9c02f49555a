/* SPDX-License-Identifier: Apache-2.0 */
#include "target/catalog/catalog_references.h"

#include <errno.h>
#include <stdlib.h>

#include "target/network.h"

static int append(struct catalog_references *references, const struct bw_addr *addr,
		  struct bw_err *err)
{
	struct bw_addr *list;

	for (size_t i = 0; i < references->count; i++)
		if (bw_addr_equal(&references->list[i], addr))
			return 0;
	if (references->count == TARGET_REFERENCES_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "more than %d references",
				  TARGET_REFERENCES_MAX);
	list = (struct bw_addr *)realloc(references->list,
					 (references->count + 1) * sizeof(*list));
	if (!list)
		return bw_err_set(err, -ENOMEM, "out of memory");
	list[references->count++] = *addr;
	references->list = list;
	return 0;
}

static int append_hosts(struct catalog_references *references, const struct bw_target *target,
			struct bw_err *err)
{
	int result = 0;

	if (target_count_hosts(target) == 0)
		return bw_err_set(err, BW_ERR_VALUE,
				  "lists no hosts, so it cannot say whether the vantage is online: "
				  "give addresses or a target with hosts");
	for (size_t i = 0; i < target->network_count && result == 0; i++) {
		const struct bw_network *network = &target->networks[i];

		for (size_t j = 0; j < network->host_count && result == 0; j++)
			result = append(references, &network->hosts[j].addr, err);
	}
	return result;
}

int catalog_add_reference(const struct catalog *catalog, const char *reference,
			  struct catalog_references *references, struct bw_err *err)
{
	struct bw_target *target;
	struct bw_addr addr;
	int result;

	if (bw_addr_parse(reference, &addr) == 0)
		return append(references, &addr, err);
	result = catalog_resolve(catalog, reference, &target, err);
	if (result < 0)
		return result;
	result = append_hosts(references, target, err);
	if (result < 0)
		bw_err_place(err, NULL, 0, 0, reference);
	bw_target_free(target);
	return result;
}

int catalog_references(const struct catalog *catalog, const struct bw_target *target,
		       struct catalog_references *references, struct bw_err *err)
{
	int result = 0;

	for (size_t i = 0; i < target->reference_count && result == 0; i++)
		result = append(references, &target->references[i], err);
	for (size_t i = 0; i < target->reference_target_count && result == 0; i++)
		result = catalog_add_reference(catalog, target->reference_targets[i], references,
					       err);
	return result;
}

void catalog_references_fini(struct catalog_references *references)
{
	if (!references)
		return;
	free(references->list);
	*references = (struct catalog_references){NULL, 0};
}
