/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/pairs.h"

#include <string.h>

#include "conf/keys/text.h"

static int check_name(const struct node *member)
{
	size_t length = strlen(member->key);

	if (length == 0 || length > PAIRS_NAME_MAX || !text_is_name(member->key))
		return refuse_key(member, BW_ERR_VALUE,
				  "is no name: it has 1 to %d letters, digits, '.', '_' and '-'",
				  PAIRS_NAME_MAX);
	return 0;
}

static int add(const struct keys_key *key, const struct node *member, struct pool_list *list,
	       struct pool *pool)
{
	int result = check_name(member);
	struct keys_pair *pair;

	if (result < 0)
		return result;
	if (list->count == KEYS_LIST_MAX)
		return refuse_count(member, KEYS_LIST_MAX);
	pair = pool_list_add(pool, list, sizeof(*pair));
	if (!pair)
		return refuse_memory(member);
	pair->place = keys_place_of(member);
	pair->name = pool_text(pool, member->key);
	if (!pair->name)
		return refuse_memory(member);
	return text_read(key, member, &pair->text, pool);
}

int pairs_read(const struct keys_key *key, const struct node *value, void *field, struct pool *pool)
{
	struct pool_list list = {0};
	struct node member = {0};
	int result = 0;

	if (!node_is_object(value))
		return refuse_type(value, keys_type_text(key->type));
	while (result == 0 && node_next(value, &member))
		result = add(key, &member, &list, pool);
	if (result == 0)
		memcpy(field, &list, sizeof(list));
	return result;
}

void pairs_print(const struct keys_pairs *pairs, FILE *out)
{
	for (size_t i = 0; i < pairs->count; i++)
		fprintf(out, "%s%s", i ? ", " : "", pairs->list[i].name);
}
