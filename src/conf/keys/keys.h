/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_KEYS_H
#define CONF_KEYS_KEYS_H

#include <stdint.h>

#include "json/refuse.h"
#include "conf/keys/pool.h"

/*
 * The keys of a configuration as one table. The reader with its messages, the defaults, the
 * values in words (print.h) and the JSON Schema (schema.h) come from it. Values are stored in
 * a plain struct of the caller.
 *
 * A configuration may consist of several texts, which are read one after the other: lists
 * of texts and of objects grow; of all other keys the last value counts.
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
	X(KEYS_SIZE, "a size such as \"16M\"")                /* uint64_t, bytes */                \
	X(KEYS_DURATION, "a duration such as \"10s\"")        /* int64_t, ns */                    \
	X(KEYS_METHODS, "a method or a list of methods")      /* struct bw_methods */              \
	X(KEYS_ADDRESSES, "an address, or a list of an IPv4 and an IPv6 address")                  \
	/*                                                       struct options_addresses */       \
	X(KEYS_CHOICE, "one of a few words")                  /* unsigned, 1 + index; 0: none */ \
	X(KEYS_CHOICES, "a word or a list of words")          /* unsigned, set of 1 << index */    \
	X(KEYS_PAIRS, "an object of strings")                 /* struct keys_pairs */              \
	X(KEYS_GROUP, "an object")                            /* the struct of the group */        \
	X(KEYS_LIST, "a list of objects")                     /* struct pool_list; grows */

enum keys_type {
#define X(name, text) name,
	KEYS_TYPE_LIST(X)
#undef X
};

/* Where a value was read. Each struct of a list of objects begins with one. */
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

/* Members of an object whose values are strings. */
struct keys_pair {
	struct keys_place place;
	const char *name, *text;
};
struct keys_pairs {
	struct keys_pair *list;
	size_t count;
};

#define KEYS_FILE_MAX ((size_t)1 << 20) /* bytes of one text */
#define KEYS_LIST_MAX 4096 /* elements of one list */
#define KEYS_GROUP_MAX 64  /* keys of one group */


enum keys_flags {
	KEYS_REQUIRED = 1 << 0,
	KEYS_RESTART = 1 << 1, /* a change counts from the next start, not from a reload */
	KEYS_UNIQUE = 1 << 2,  /* no two objects of a list have the same text here */
	KEYS_INCLUDE = 1 << 3, /* names further texts, which the caller reads */
	KEYS_MAY_BE_EMPTY = 1 << 4, /* of a list: [] is as if it were not there */
	KEYS_MAY_BE_NULL = 1 << 5,  /* null is as if it were not there */
	KEYS_MAY_BE_FOREVER = 1 << 6, /* of a duration: "forever" is 0 */
	KEYS_MAY_REPEAT = 1 << 7,     /* of texts: the same one may come twice, as arguments do */
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
	const char *only;    /* "a b": only kinds a and b of objects have it; NULL: all kinds */
};

struct keys_group {
	const char *what; /* "a target" */
	const struct keys_key *keys;
	size_t count;
	size_t size;           /* of the struct */
	const char *shorthand; /* key that a bare string stands for, or NULL */
	const char *kind;      /* key (a KEYS_CHOICE) that says which kind it is, or NULL */
	bool sparse;           /* the line of an object has no keys that were not given */
};

/* The form of the texts: JSON with comments, at most KEYS_FILE_MAX bytes. */
extern const struct document_form keys_form;

/* The place of a value, for messages that come later than its document lasts. */
struct keys_place keys_place_of(const struct node *value);

/* Sets all bytes to zero, then the defaults, except those of lists. Returns 0 or -ENOMEM. */
int keys_init(const struct keys_group *group, void *values, struct pool *pool);

/*
 * Reads the members of OBJECT into VALUES. Where the document wants all flaws (refuse_go_on()),
 * what is refused is as if it were not there, also in elements of lists, and 0 is returned. Else
 * returns 0; BW_ERR_VALUE for an unknown key or a wrong value; BW_ERR_OVERLAP for a text that is
 * given twice; BW_ERR_LIMIT for a list that is too long; -ENOMEM; with the place in the err of the
 * document.
 */
int keys_read(const struct keys_group *group, const struct node *object, void *values,
	      struct pool *pool);

/*
 * To be called after the last text: sets the defaults of empty lists and checks that all
 * required keys were given. OBJECT is the place that an error about a missing key names.
 */
int keys_finish(const struct keys_group *group, const struct node *object, void *values,
		struct pool *pool);

/* Reads one value into FIELD, whose type is that of the key. Returns as keys_read(). */
int keys_set(const struct keys_key *key, const struct node *value, void *field,
	     struct pool *pool);

/* True when nothing was given and there is no default. */
bool keys_is_unset(const struct keys_key *key, const void *field);

/* NULL when there is no such key. */
const struct keys_key *keys_find(const struct keys_group *group, const char *name);

/* Whether objects of the kind with this word have the key. WORD NULL: of no kind. */
bool keys_is_of_kind(const struct keys_key *key, const char *word);

/* False for a key that this kind of object does not have. */
bool keys_applies(const struct keys_group *group, const struct keys_key *key, const void *values);

/* The type in words, for messages. */
const char *keys_type_text(enum keys_type type);

#endif
