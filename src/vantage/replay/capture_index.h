/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_CAPTURE_INDEX_H
#define VANTAGE_REPLAY_CAPTURE_INDEX_H

#include <blockwatch/target.h>
#include <blockwatch/transport.h>

/*
 * The first reading of a capture: who sent requests to whom. From it come the address of the
 * vantage and the blocks that its probes went to. UDP traceroutes tell who the vantage is where
 * there is no other request; no blocks come of them.
 */
struct capture_index;

#define CAPTURE_INDEX_HOSTS_MAX (1U << 22)
#define CAPTURE_INDEX_SOURCES_MAX 4096 /* senders of requests; more are ignored */

struct capture_index *capture_index_new(void); /* NULL: out of memory */
void capture_index_free(struct capture_index *index);

/* Returns 0; -ENOMEM; BW_ERR_LIMIT for more than CAPTURE_INDEX_HOSTS_MAX hosts. */
int capture_index_add(struct capture_index *index, const struct bw_rx *rx, struct bw_now now);

/*
 * Chooses the address of the vantage in each family: the one that is GIVEN (family 0: none
 * is), or the one that sent nearly all requests. Collects and sorts the hosts that it asked.
 * After success nothing can be added and nothing chosen again.
 * Returns 0; -ENOMEM; BW_ERR_VALUE when several addresses send requests, when the given one
 * sends none, or when there is no request at all.
 */
int capture_index_choose(struct capture_index *index, const struct bw_addr given[2],
			 struct bw_err *err);

/* After capture_index_choose(): */
bool capture_index_is_vantage(const struct capture_index *index, const struct bw_addr *addr);
const struct bw_addr *capture_index_hosts(const struct capture_index *index,
					  size_t *ret_count);         /* sorted */
struct bw_now capture_index_start(const struct capture_index *index); /* of the first frame */
uint64_t capture_index_frames(const struct capture_index *index);

/*
 * Writes which frames may hide packets that were not read, by kind: "12 fragments, 3 L2TP".
 * Returns false, and an empty text, when there are none.
 */
#define CAPTURE_INDEX_UNREAD_TEXT 1024
bool capture_index_unread(const struct capture_index *index, char text[CAPTURE_INDEX_UNREAD_TEXT]);

/* Requests of the vantage with an IPv4 header checksum of 0, which a network card fills in. */
uint64_t capture_index_blank_checksums(const struct capture_index *index);

/* The vantage's address in a family (4, 6), or NULL. */
const struct bw_addr *capture_index_vantage(const struct capture_index *index, uint8_t family);

/*
 * Writes what identifies the capture: 32 hexadecimal digits that depend on each byte and time
 * of it and on TEXT (the options). The same records have the same identity.
 */
#define CAPTURE_INDEX_ID_TEXT 33
void capture_index_id(const struct capture_index *index, const char *text,
		      char id[CAPTURE_INDEX_ID_TEXT]);

#endif
