/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/seen.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

/* One boot of one vantage. */
struct boot {
	char *vantage, *name;
	struct seq_set set, before; /* before: as it was when it was last kept */
	struct boot *next;          /* of those that have changed */
	uint64_t from;              /* the lowest number that was added since then */
	bool changed;
};

/* How many boots a vantage has. */
struct owner {
	char *vantage;
	uint32_t boots;
};

struct seen {
	void *boots;  /* a tree (tsearch) of struct boot */
	void *owners; /* a tree of struct owner */
	struct boot *changed;
	struct boot *last; /* that was asked for: mostly the next, too */
};

static int compare(const void *a, const void *b)
{
	const struct boot *x = a, *y = b;
	const int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->vantage, y->vantage);
}

static void free_boot(void *arg)
{
	struct boot *boot = arg;

	seq_set_fini(&boot->set);
	seq_set_fini(&boot->before);
	free(boot->vantage);
	free(boot->name);
	free(boot);
}

static struct boot *make_boot(struct seen *seen, const char *vantage, const char *name)
{
	struct boot *boot = calloc(1, sizeof(*boot));

	if (!boot)
		return NULL;
	boot->vantage = strdup(vantage);
	boot->name = strdup(name);
	if (boot->vantage && boot->name && tsearch(boot, &seen->boots, compare))
		return boot;
	free_boot(boot);
	return NULL;
}

static int compare_owners(const void *a, const void *b)
{
	return strcmp(((const struct owner *)a)->vantage, ((const struct owner *)b)->vantage);
}

static void free_owner(void *arg)
{
	struct owner *owner = arg;

	free(owner->vantage);
	free(owner);
}

/* NULL: out of memory. */
static struct owner *find_owner(struct seen *seen, const char *vantage)
{
	const struct owner key = {.vantage = (char *)(uintptr_t)vantage};
	void *found = tfind(&key, &seen->owners, compare_owners);
	struct owner *owner;

	if (found)
		return *(struct owner **)found;
	owner = calloc(1, sizeof(*owner));
	if (!owner)
		return NULL;
	owner->vantage = strdup(vantage);
	if (owner->vantage && tsearch(owner, &seen->owners, compare_owners))
		return owner;
	free_owner(owner);
	return NULL;
}

/* *RET_BOOT NULL: there is none. */
static void look_up(struct seen *seen, const char *vantage, const char *name,
		    struct boot **ret_boot)
{
	struct boot key = {.vantage = (char *)(uintptr_t)vantage, .name = (char *)(uintptr_t)name};
	void *found;

	*ret_boot = seen->last;
	if (seen->last && compare(seen->last, &key) == 0)
		return;
	found = tfind(&key, &seen->boots, compare);
	*ret_boot = found ? *(struct boot **)found : NULL;
	if (found)
		seen->last = *ret_boot;
}

/* Finds or makes one. Returns 0, -ENOMEM or BW_ERR_OVERLAP. */
static int get_boot(struct seen *seen, const char *vantage, const char *name,
		    struct boot **ret_boot)
{
	struct owner *owner;

	look_up(seen, vantage, name, ret_boot);
	if (*ret_boot)
		return 0;
	owner = find_owner(seen, vantage);
	if (owner && owner->boots >= SEEN_BOOTS_MAX)
		return BW_ERR_OVERLAP;
	*ret_boot = owner ? make_boot(seen, vantage, name) : NULL;
	if (!*ret_boot)
		return -ENOMEM;
	owner->boots++;
	seen->last = *ret_boot;
	return 0;
}

struct seen *seen_new(void)
{
	return calloc(1, sizeof(struct seen));
}

static int load_one(void *arg, const char *vantage, const char *name, struct seq_range range)
{
	struct boot *boot;
	const int result = get_boot(arg, vantage, name, &boot);

	return result < 0 ? result : seq_set_add(&boot->set, range.first, range.last);
}

int seen_load(struct seen *seen, const struct store *store, struct bw_err *err)
{
	return store->ops->each_seen(store->self, load_one, seen, err);
}

static int note_change(struct seen *seen, struct boot *boot)
{
	if (boot->changed)
		return 0;
	if (seq_set_copy(&boot->before, &boot->set) < 0)
		return -ENOMEM;
	boot->changed = true;
	boot->from = UINT64_MAX;
	boot->next = seen->changed;
	seen->changed = boot;
	return 0;
}

bool seen_has(struct seen *seen, const char *vantage, const char *name, uint64_t seq)
{
	struct boot *boot;

	look_up(seen, vantage, name, &boot);
	return boot && seq_set_has(&boot->set, seq);
}

int seen_add(struct seen *seen, const char *vantage, const char *name, uint64_t seq)
{
	struct boot *boot;
	int result = get_boot(seen, vantage, name, &boot);

	if (result < 0)
		return result;
	if (seq_set_has(&boot->set, seq))
		return 1;
	result = note_change(seen, boot);
	if (result < 0)
		return result;
	if (seq < boot->from)
		boot->from = seq;
	return seq_set_add(&boot->set, seq, seq);
}

int seen_save(struct seen *seen, const struct store *store, struct bw_err *err)
{
	int result = 0;

	for (struct boot *boot = seen->changed; boot && result == 0; boot = boot->next) {
		const struct store_seen row = {boot->vantage, boot->name, &boot->set, boot->from};

		result = store->ops->put_seen(store->self, &row, err);
	}
	return result;
}

static void end_change(struct seen *seen, bool undo)
{
	for (struct boot *boot = seen->changed; boot; boot = boot->next) {
		if (undo) {
			const struct seq_set set = boot->set;

			boot->set = boot->before;
			boot->before = set;
		}
		boot->changed = false;
		seq_set_fini(&boot->before);
	}
	seen->changed = NULL;
}

void seen_keep(struct seen *seen)
{
	end_change(seen, false);
}

void seen_undo(struct seen *seen)
{
	end_change(seen, true);
}

void seen_free(struct seen *seen)
{
	if (!seen)
		return;
	tdestroy(seen->boots, free_boot);
	tdestroy(seen->owners, free_owner);
	free(seen);
}
