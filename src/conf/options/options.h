/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_OPTIONS_H
#define CONF_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/err.h>

/*
 * The options of a command as one table, which the parser and --help (options_help.h) use.
 * Values are stored in a plain struct of the caller.
 *
 * The syntax is that of GNU: --name VALUE, --name=VALUE, -n VALUE, -nVALUE, several flags
 * in one (-qv), options and operands in any order, "--" ends the options. Of an option that
 * is given twice the last value counts, unless its type gathers values.
 */

/* What the offset of an item points to. */
enum options_type {
	OPTIONS_FLAG,      /* bool */
	OPTIONS_TEXT,      /* const char *, borrowed from argv */
	OPTIONS_TEXTS,     /* struct options_texts; gathers */
	OPTIONS_DURATION,  /* int64_t, ns; min and max are seconds, as is a text without unit */
	OPTIONS_RATE,      /* double, packets a second */
	OPTIONS_COUNT,     /* uint64_t */
	OPTIONS_METHODS,   /* struct bw_methods; gathers */
	OPTIONS_TRACE_METHODS, /* the same, with the methods of traceroute alone */
	OPTIONS_ADDRESSES, /* struct options_addresses; gathers */
};

#define OPTIONS_TEXTS_MAX 64

struct options_texts {
	const char *list[OPTIONS_TEXTS_MAX]; /* borrowed from argv */
	size_t count;
};

/* One address of each family; family 0: not given. */
struct options_addresses {
	struct bw_addr v4, v6;
};

struct options_item {
	const char *name;     /* without the two dashes */
	char letter;          /* 0: no short form */
	enum options_type type;
	size_t offset;        /* into the struct of the group */
	const char *argument; /* "PPS"; NULL for a flag */
	double min, max;      /* of a number; of a text its bytes; both 0: any */
	const char *standard; /* the default, as it would be typed; NULL: zero bytes */
	const char *help;     /* without period; says the default when it cannot be typed */
};

/* Items that belong together. A table of groups ends with one without items. */
struct options_group {
	const char *title; /* "Probing" */
	const struct options_item *items;
	size_t count;
	size_t offset; /* of their struct in the values of the command */
};

struct options_example {
	const char *command, *says;
};
struct options_exit {
	int status;
	const char *meaning;
};

struct options_command {
	const char *name;        /* "check" */
	const char *operands;    /* "TARGET..."; "" for none */
	const char *description; /* paragraphs, one line each */
	const struct options_group *groups;
	int operands_min, operands_max;         /* max -1: any number */
	const struct options_example *examples; /* ends with command NULL */
	const struct options_exit *exits;       /* ends with meaning NULL */
};

enum options_action {
	OPTIONS_RUN,
	OPTIONS_HELP,    /* --help or -h was given: print options_help() */
	OPTIONS_VERSION, /* --version was given */
};

struct options_result {
	enum options_action action;
	int count; /* operands */
	char **operands;
};

/*
 * Sets every value to its default, then parses argv[1..argc); moves the operands to the
 * front of argv. Returns 0 or BW_ERR_USAGE with the option as field; the message about an
 * unknown option names the nearest known one.
 */
int options_parse(const struct options_command *command, int argc, char **argv, void *values,
		  struct options_result *ret_result, struct bw_err *err);

/* --help and --version, which every command has. */
extern const struct options_group options_common;

#endif
