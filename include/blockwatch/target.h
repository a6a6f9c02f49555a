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

struct bw_network {
	struct bw_prefix prefix;
	char *name, *source; /* NULL: none */
	uint32_t asn; /* 0: not known */
	uint32_t *upstreams;
	size_t upstream_count;
	uint8_t block_length;  /* 0: the family's default */
	uint32_t sample;       /* how many of its blocks are watched; 0: all */
	bool known;            /* its hosts are known to answer; false for plain lists */
	struct bw_host *hosts; /* ascending by address, no address twice */
	size_t host_count;     /* 0: every address of its blocks is a candidate */
};

struct bw_target {
	char *name;    /* as in the file, or as given on the command line */
	char *title;   /* NULL: none */
	char *country; /* ISO 3166 alpha-2, or NULL */
	char *source, *updated; /* NULL: none */
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
