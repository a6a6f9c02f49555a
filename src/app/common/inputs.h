/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_INPUTS_H
#define APP_COMMON_INPUTS_H

#include "base/addr/prefix_set.h"
#include "target/catalog/catalog_references.h"

/*
 * What is read from files before a session can open: targets, block lists and references.
 * A session only reads them, so several sessions can share them.
 */
/* Whether a TARGET may be a host name. */
enum inputs_names {
	INPUTS_NO_NAMES,  /* there is no option for it */
	INPUTS_NAMES_OFF, /* only with --resolve, as the message says */
	INPUTS_NAMES,     /* it is looked up */
};

struct inputs {
	struct bw_target **targets; /* owned */
	size_t target_count;
	size_t blocklist_entries; /* added to the block list, doubles included */
	struct prefix_set *blocklist; /* sealed by inputs_finish() */
	struct catalog_references references;
	struct catalog *catalog; /* only while inputs are added */
	/* Set after inputs_init(), before anything is added: */
	enum inputs_names names;
	int family; /* 4 or 6: the other is left out; 0: both */
};

/* Returns 0 or -ENOMEM. Call inputs_fini() in both cases. */
int inputs_init(struct inputs *inputs, struct bw_err *err);
void inputs_fini(struct inputs *inputs); /* accepts {0} */

/*
 * Reads the target that ARGUMENT stands for. METHODS replace its own (NULL or count 0: it
 * keeps them). Returns 0; BW_ERR_OVERLAP when a target of this name was read before; -ENOMEM;
 * what catalog_resolve(), host_name_target() and target_keep_family() return. After an error the
 * inputs are as before.
 */
int inputs_add_target(struct inputs *inputs, const char *argument,
		      const struct bw_methods *methods, struct bw_err *err);

/* Adds a block list. Returns 0 or as blocklist_read(); after an error do not probe. */
int inputs_add_blocklist(struct inputs *inputs, const char *path, struct bw_err *err);

/* Adds a reference. Returns as catalog_add_reference(). */
int inputs_add_reference(struct inputs *inputs, const char *reference, struct bw_err *err);

/* Adds the references of target NUMBER. Returns as catalog_references(). */
int inputs_add_references_of(struct inputs *inputs, size_t number, struct bw_err *err);

/* Nothing is added after this. Returns 0 or -ENOMEM. */
int inputs_finish(struct inputs *inputs, struct bw_err *err);

#endif
