/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BLOCKWATCH_TARGET_H
#define BLOCKWATCH_TARGET_H

#include <blockwatch/method.h>
#include <blockwatch/prefix.h>

/*
 * A target: a named set of networks, usually one country. Plain data: made by the parsers of
 * `target` (target files, lists, command line) and read by the others. It owns all its memory.
 */

/* The availability of a host that is listed without one. */
#define BW_AVAILABILITY_DEFAULT 0.7f

#define BW_BLOCK_LENGTH_V4 24
#define BW_BLOCK_LENGTH_V6 48

struct bw_host {
	struct bw_addr addr;
	float availability;        /* (0..1], of one probe while the block is up */
	struct bw_methods methods; /* count 0: those of the target */
	uint16_t seen_day;         /* it answered that day, in days since 1970; 0: not known */
};

/* What a target file says of a host to its readers. */
struct bw_host_note {
	struct bw_addr addr;
	char *name, *source; /* NULL: none */
};

struct bw_prefixes {
	struct bw_prefix *list;
	size_t count;
};

struct bw_network {
	struct bw_prefix prefix;
	char *name, *source; /* NULL: none */
	uint32_t asn; /* 0: not known */
	uint32_t *upstreams;
	size_t upstream_count;
	uint8_t block_length;  /* 0: the family's default */
	uint32_t sample;       /* how many of its blocks are watched; 0: all */
	struct bw_prefixes blocks; /* those that are watched, ascending; count 0: all, or SAMPLE */
	bool known;            /* its hosts are known to answer; false for plain lists */
	struct bw_host *hosts; /* ascending by address, no address twice */
	size_t host_count;     /* in a block without hosts every address is a candidate */
};

/* Where the date of an input comes from. */
#define BW_DATE_LIST(X)                                                                  \
	X(BW_DATE_HEADER, "header")                                                      \
	X(BW_DATE_OPTION, "option")                                                      \
	X(BW_DATE_MODIFICATION, "modification-time")

enum bw_date {
#define X(name, text) name,
	BW_DATE_LIST(X)
#undef X
};

/* A file that `targets build` has made the target from. */
struct bw_input {
	char *name;         /* without directories */
	char *use;          /* the option that took it: "delegated"; NULL: not said */
	char date[11];      /* "2026-06-17"; "": not known */
	enum bw_date date_from;
	char sha256[65];    /* of its bytes as they lie on the disk; "": not known */
};

/* Networks that are not announced and were left out. */
struct bw_left_out {
	uint64_t networks, addresses; /* addresses: of IPv4 only */
	uint64_t blocks;
};

/* What a second opinion says about the networks of the country; each ascending by address. */
#define BW_OPINION_LIST(X)                                                               \
	X(BW_OPINION_BOTH, "both")                                                       \
	X(BW_OPINION_ONLY_FIRST, "only_first")                                           \
	X(BW_OPINION_ONLY_SECOND, "only_second")

enum bw_opinion {
#define X(name, text) name,
	BW_OPINION_LIST(X)
#undef X
	BW_OPINIONS,
};

/* How `targets build` has made a target. */
struct bw_origin {
	struct bw_input *inputs;
	size_t input_count;
	struct bw_left_out left_out_v4, left_out_v6; /* all 0: nothing */
	bool has_second;
	struct bw_prefixes second[BW_OPINIONS];
};

struct bw_target {
	char *name;    /* as in the file, or as given on the command line */
	char *title;   /* NULL: none */
	char *country; /* ISO 3166 alpha-2, or NULL */
	char *timezone; /* "Pacific/Funafuti", of people there; NULL: not known */
	char *source, *updated; /* NULL: none */
	struct bw_origin *origin; /* NULL: made by other means */
	char *file;    /* where it was read from, or NULL */
	struct bw_methods methods; /* never empty */
	struct bw_network *networks; /* ascending by prefix, none overlaps another */
	size_t network_count;
	struct bw_addr *references;
	size_t reference_count;
	char **reference_targets; /* names of targets whose hosts are references */
	size_t reference_target_count;
	struct bw_host_note *host_notes; /* ascending by address; only of hosts that have one */
	size_t host_note_count;
	char *notes; /* warnings of the parser for people, a line each; NULL: none */
};

/* Frees the target and all that it owns. NULL is allowed. */
void bw_target_free(struct bw_target *target);

/* The prefix length of the blocks of this network. */
unsigned bw_network_block_length(const struct bw_network *network);

#endif
