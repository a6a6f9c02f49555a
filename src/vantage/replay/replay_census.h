/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_CENSUS_H
#define VANTAGE_REPLAY_CENSUS_H

#include <blockwatch/target.h>
#include <blockwatch/transport.h>

/*
 * The first reading of a capture: who sent requests to whom. It tells which address
 * is the vantage, and which blocks its probes went to.
 */
struct census;

#define CENSUS_HOSTS_MAX (1U << 22)
#define CENSUS_SOURCES_MAX 4096 /* that send requests; of more no notice is taken */

struct census *census_new(void); /* NULL: out of memory */
void census_free(struct census *census);

/* Returns 0; -ENOMEM; BW_ERR_LIMIT for more than CENSUS_HOSTS_MAX hosts. */
int census_take(struct census *census, const struct bw_rx *rx, struct bw_now now);

/*
 * Who the vantage is, one address a family: the one that is GIVEN (family 0: none
 * is), or that sent nearly all requests. Sorts what it asked. Returns 0;
 * BW_ERR_VALUE when several send requests, when the one that is given sends none, or
 * when nobody does.
 */
int census_choose(struct census *census, const struct bw_addr given[2], struct bw_err *err);

/* After census_choose(): */
bool census_is_vantage(const struct census *census, const struct bw_addr *addr);
const struct bw_addr *census_hosts(const struct census *census, size_t *ret_count); /* sorted */
struct bw_now census_start(const struct census *census); /* of the first frame */
uint64_t census_frames(const struct census *census);

/* The vantage's address in a family (4, 6), or NULL. */
const struct bw_addr *census_vantage(const struct census *census, uint8_t family);

/* A target whose networks are the blocks that were asked. NULL: out of memory. */
struct bw_target *census_target(const struct census *census, const char *name);

/*
 * What identifies the capture: 32 digits that depend on each byte and time of it
 * and on TEXT (the options), so that the same records have the same identity.
 */
#define CENSUS_ID_TEXT 33
void census_id(const struct census *census, const char *text, char id[CENSUS_ID_TEXT]);

#endif
