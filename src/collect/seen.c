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

struct seen {
	void *boots; /* a tree (tsearch) of struct boot */
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

static struct boot *find_boot(struct seen *seen, const char *vantage, const char *name)
{
	struct boot key = {.vantage = (char *)(uintptr_t)vantage, .name = (char *)(uintptr_t)name};
	void *found;

	if (seen->last && compare(seen->last, &key) == 0)
		return seen->last;
	found = tfind(&key, &seen->boots, compare);
	seen->last = found ? *(struct boot **)found : make_boot(seen, vantage, name);
	return seen->last;
}

struct seen *seen_new(void)
{
	return calloc(1, sizeof(struct seen));
}

static int load_one(void *arg, const char *vantage, const char *name, struct seq_range range)
{
	struct boot *boot = find_boot(arg, vantage, name);

	return boot ? seq_set_add(&boot->set, range.first, range.last) : -ENOMEM;
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

int seen_add(struct seen *seen, const char *vantage, const char *name, uint64_t seq)
{
	struct boot *boot = find_boot(seen, vantage, name);
	int result;

	if (!boot)
		return -ENOMEM;
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
	free(seen);
}
