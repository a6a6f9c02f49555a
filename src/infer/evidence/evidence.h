/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_EVIDENCE_H
#define INFER_EVIDENCE_H

#include <stdbool.h>

#include <blockwatch/method.h>

#include "infer/params.h"

/*
 * The evidence log of one round of a block: from the first probe until the verdict is decided
 * or the round ends. Each probe is a piece of evidence, and the belief is a sum over all of
 * them, so that a late reply changes its own piece only.
 */
#define EVIDENCE_MAX 24

/*
 * The most that the availability of a host counts when it is probed again in the same log,
 * because its silences are not independent. `repeated` replaces it where more is known.
 */
#define EVIDENCE_REPEATED 0.5F

enum evidence_state {
	EVIDENCE_QUEUED,  /* submitted, not sent yet */
	EVIDENCE_WAITING, /* sent, no answer yet */
	EVIDENCE_SILENT,  /* timed out, or a router on the way said unreachable or prohibited */
	EVIDENCE_REPLY,
	EVIDENCE_NEUTRAL, /* says nothing about up or dark, such as: prohibited inside the block */
	EVIDENCE_VOID,    /* could not be sent */
};

struct evidence {
	struct bw_mono sent;
	float availability; /* of the host, 0..1, as it counts here */
	float resting;      /* the same while the block is at rest (rest.h) */
	uint16_t host;
	uint8_t attempt;  /* how often this host was probed before in this log */
	uint8_t method;   /* index among the host's methods */
	uint8_t protocol; /* enum bw_protocol of that method */
	uint8_t part;     /* of the block, where the host is (parts.h) */
	uint8_t state;    /* enum evidence_state */
};

struct evidence_log {
	struct bw_mono opened; /* when its first probe was sent; BW_NEVER before */
	struct bw_mono asked;  /* when the last probe was submitted or sent */
	int64_t confirm_ns;    /* the silence must last at least this long for dark */
	float prior;           /* belief at the beginning, log-odds */
	float rest;            /* belief at the beginning that it is at rest if it is up (rest.h) */
	bool resumed;          /* an earlier log of the same silence came before */
	bool widens;           /* while it waits for confirmation, cold hosts are probed too */
	uint8_t widened;       /* number of such probes */
	float repeated;        /* see EVIDENCE_REPEATED */
	float delivered;       /* share of expected replies that arrive at present, 0..1 */
	float shared;          /* belief by the silence of all siblings; INFINITY: not considered */
	uint8_t count;
	struct evidence list[EVIDENCE_MAX];
};

/* Empty, with delivered 1, repeated EVIDENCE_REPEATED, rest REST_NEVER and shared INFINITY. */
void evidence_begin(struct evidence_log *log, float prior, int64_t confirm_ns);

/*
 * The index of the method for the next probe to HOST: 0 for the first SAMPLE probes, then the
 * methods of the host in rotation, so that a filter against one method does not look like
 * silence. The caller takes it modulo the number of methods.
 */
unsigned evidence_method(const struct evidence_log *log, uint16_t host, unsigned sample);

/*
 * Adds a probe, of which host, availabilities, method, protocol and part are given. Returns its
 * index in the list, or BW_ERR_LIMIT.
 */
int evidence_ask(struct evidence_log *log, const struct evidence *probe, struct bw_mono now);

void evidence_sent(struct evidence_log *log, unsigned index, struct bw_mono sent);
void evidence_settle(struct evidence_log *log, unsigned index, enum evidence_state state);

/* The number of pieces in this state. */
static inline unsigned evidence_count(const struct evidence_log *log, enum evidence_state state)
{
	unsigned count = 0;

	for (unsigned i = 0; i < log->count; i++)
		count += log->list[i].state == state;
	return count;
}

/* The belief as log-odds. HOPELESS: as if all probes that are waited for stay silent. */
float evidence_belief(const struct evidence_log *log, bool hopeless);

/* How much the silence of piece INDEX lowers the belief; 0 when it is not silent. */
float evidence_weight(const struct evidence_log *log, unsigned index);

/* The belief that the block is at rest, if it is up, after this evidence. */
float evidence_rest(const struct evidence_log *log);

/*
 * When the next probe is due to decide between up and dark. BW_NEVER when one is queued, when
 * all wanted probes are sent, or when there is a reply. HOSTS: number of candidates.
 */
struct bw_mono evidence_next(const struct evidence_log *log, const struct infer_params *params,
			     unsigned hosts);

/*
 * Whether the next probe goes to a cold host while the silence waits for its confirmation: all
 * hot hosts may have moved, or a burst of loss may end soon.
 */
bool evidence_is_widening(const struct evidence_log *log, const struct infer_params *params,
			  unsigned hosts);

/*
 * When the next probe of a dark block is due. After a reply the goal is a second reply,
 * confirm_ns later. BW_NEVER as above.
 */
struct bw_mono evidence_next_recovery(const struct evidence_log *log,
				      const struct infer_params *params, unsigned hosts);

/* Whether replies span at least confirm_ns, so that a dark block is up. */
bool evidence_is_back(const struct evidence_log *log, const struct infer_params *params);

/* The first and the last probe in this state, by send time. NULL: none. */
const struct evidence *evidence_first(const struct evidence_log *log, enum evidence_state state);
const struct evidence *evidence_last(const struct evidence_log *log, enum evidence_state state);

/* Makes silences before T neutral and PRIOR the prior: the belief is about the time since T. */
void evidence_forget(struct evidence_log *log, struct bw_mono t, float prior);

/*
 * The latest moment at which the silence began, right in 999 of 1000 cases: its first silent
 * probes may have been lost by chance, so it may have begun after them. BW_NEVER: no silence.
 */
struct bw_mono evidence_began_by(const struct evidence_log *log, struct bw_mono last_answer,
				 struct bw_mono now);

/*
 * Whether the silence is strong and wide enough if all probes that are waited for stay silent.
 * Only then confirm_ns matters.
 */
bool evidence_nears_dark(const struct evidence_log *log, const struct infer_params *params,
			 unsigned hosts);

/* Whether the silence is strong, wide and confirmed: dark. */
bool evidence_is_dark(const struct evidence_log *log, const struct infer_params *params,
		      unsigned hosts);

/* Whether several good hosts were silent before one answered, as in a burst of loss. */
bool evidence_is_false_alarm(const struct evidence_log *log);

/* Whether a probe is queued or waited for. */
bool evidence_is_open(const struct evidence_log *log);

#endif
