/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_KEYS_H
#define CONF_KEYS_KEYS_H

#include <stdint.h>

#include "json/refuse.h"
#include "conf/keys/pool.h"

/*
 * The keys of a configuration as one table, from which come reading with its
 * messages, the defaults, the values in words, the JSON Schema and the text of the
 * manual. Values land in a plain struct of the caller.
 *
 * A configuration may come from several texts, read one after the other: lists of
 * texts and of objects grow, of every other key the last value counts.
 */

/*      type            in JSON, for messages                    what the offset points to */
#define KEYS_TYPE_LIST(X)                                                                          \
	X(KEYS_TEXT, "a string")                              /* const char * */                   \
	X(KEYS_NAME, "a name")                                /* const char * */                   \
	X(KEYS_PATH, "a path")                                /* const char * */                   \
	X(KEYS_TARGET, "a TARGET")                            /* const char * */                   \
	X(KEYS_TEXTS, "a string or a list of strings")        /* struct keys_texts; grows */       \
	X(KEYS_PATHS, "a path or a list of paths")            /* struct keys_texts; grows */       \
	X(KEYS_TARGETS, "a TARGET or a list of them")         /* struct keys_texts; grows */       \
	X(KEYS_BOOL, "true or false")                         /* bool */                           \
	X(KEYS_NUMBER, "a number")                            /* double */                         \
	X(KEYS_COUNT, "a whole number")                       /* uint64_t */                       \
	X(KEYS_SIZE, "a size such as \"100MB\"")              /* uint64_t, bytes */                \
	X(KEYS_DURATION, "a duration such as \"10s\"")        /* int64_t, ns */                    \
	X(KEYS_METHODS, "a method or a list of methods")      /* struct bw_methods */              \
	X(KEYS_ADDRESSES, "an address, or a list of an IPv4 and an IPv6 address")                  \
	/*                                                       struct options_addresses */       \
	X(KEYS_CHOICE, "one of a few words")                  /* unsigned, 1 + index; 0: none */ \
	X(KEYS_CHOICES, "a word or a list of words")          /* unsigned, set of 1 << index */    \
	X(KEYS_GROUP, "an object")                            /* the struct of the group */        \
	X(KEYS_LIST, "a list of objects")                     /* struct pool_list; grows */

enum keys_type {
#define X(name, text) name,
	KEYS_TYPE_LIST(X)
#undef X
};

/* Where a value was read; each struct that stands in a list begins with one. */
struct keys_place {
	const char *file; /* the document's: the caller keeps it */
	int line, column;
};

struct keys_text {
	struct keys_place place;
	const char *text;
};
struct keys_texts {
	struct keys_text *list;
	size_t count;
};

#define KEYS_FILE_MAX ((size_t)1 << 20) /* bytes of one text */
#define KEYS_LIST_MAX 4096 /* elements of one list */
#define KEYS_GROUP_MAX 64  /* keys of one group */


enum keys_flags {
	KEYS_REQUIRED = 1 << 0,
	KEYS_RESTART = 1 << 1, /* a change counts from the next start, not from a reload */
	KEYS_UNIQUE = 1 << 2,  /* no two objects of a list have the same text here */
	KEYS_INCLUDE = 1 << 3, /* names further texts; the caller's to read, skipped here */
};

struct keys_key {
	const char *name;
	enum keys_type type;
	unsigned flags;      /* set of enum keys_flags */
	size_t offset;       /* into the struct of the group */
	double min, max;     /* of numbers; durations in seconds; of texts bytes; both 0: any */
	const char *unit;    /* "packets a second", or NULL */
	const char *standard; /* the default, as JSON; NULL: zero bytes */
	const char *absent;  /* what holds when zero bytes are no value, in words */
	const char *example; /* as JSON; may be NULL where there is a default */
	const char *help;    /* sentences */
	const char *const *words;       /* of a choice; ends with NULL */
	const struct keys_group *group; /* of KEYS_GROUP and KEYS_LIST */
	const char *only;    /* the kind of object that has this key; NULL: every kind */
};

struct keys_group {
	const char *what; /* "a target" */
	const struct keys_key *keys;
	size_t count;
	size_t size;           /* of the struct */
	const char *shorthand; /* key that a bare string stands for, or NULL */
	const char *kind;      /* key (a KEYS_CHOICE) that says which kind it is, or NULL */
};

/* The form of the texts: JSON with comments, at most KEYS_FILE_MAX bytes. */
extern const struct document_form keys_form;

/* The place of a value, for messages that come later than its document lasts. */
struct keys_place keys_place_of(const struct node *value);

/* Zero bytes, then the defaults (of lists: see keys_finish()). Returns 0 or -ENOMEM. */
int keys_init(const struct keys_group *group, void *values, struct pool *pool);

/*
 * Takes what OBJECT says. Returns 0; BW_ERR_VALUE; BW_ERR_OVERLAP for what may be
 * there only once; BW_ERR_LIMIT; -ENOMEM; with the place, and the nearest known key
 * for an unknown one.
 */
int keys_read(const struct keys_group *group, const struct node *object, void *values,
	      struct pool *pool);

/*
 * After the last text: lists that nobody filled get their default, and required
 * keys must be there; OBJECT is where their absence is complained about.
 */
int keys_finish(const struct keys_group *group, const struct node *object, void *values,
		struct pool *pool);

/* One value into FIELD (see the types). Returns as keys_read(). */
int keys_set(const struct keys_key *key, const struct node *value, void *field,
	     struct pool *pool);

/* True for zero bytes that are no value: not given, and there is no default. */
bool keys_is_unset(const struct keys_key *key, const void *field);

/* NULL when there is no such key. */
const struct keys_key *keys_find(const struct keys_group *group, const char *name);

/* False for a key that this kind of object does not have. */
bool keys_applies(const struct keys_group *group, const struct keys_key *key, const void *values);

/* The type in words, for messages. */
const char *keys_type_text(enum keys_type type);

#endif
