/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_EVIDENCE_H
#define INFER_EVIDENCE_H

#include <math.h>
#include <stdbool.h>

#include <blockwatch/method.h>

#include "infer/evidence/line.h"
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

/* evidence_log.moved: that the hosts of the block have moved is not considered. */
#define EVIDENCE_STAYED (-INFINITY)

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
	bool cold;        /* it was not known to answer when it was asked */
};

struct evidence_log {
	struct bw_mono opened; /* when its first probe was sent; BW_NEVER before */
	struct bw_mono asked;  /* when the last probe was submitted or sent */
	int64_t confirm_ns;    /* the silence must last at least this long for dark */
	float prior;           /* belief at the beginning, log-odds */
	float rest;            /* belief at the beginning that it is at rest if it is up (rest.h) */
	float moved;           /* the same that all its known hosts have moved; EVIDENCE_STAYED */
	float density;         /* share of its addresses that answer if they have */
	bool alone;            /* siblings answer, as far as is known: it may have moved */
	bool resumed;          /* an earlier log of the same silence came before */
	bool widens;           /* while it waits for confirmation, cold hosts are probed too */
	uint8_t widened;       /* number of such probes, or of those for `breadth` */
	uint8_t breadth;       /* so many hosts are asked before dark; 0: those it needs */
	float repeated;        /* see EVIDENCE_REPEATED */
	float delivered;       /* share of expected replies that arrive at this moment, 0..1 */
	float line[LINE_STATES]; /* log-probability of each state of the line (line.h) */
	float shared; /* belief by the silence of all siblings; INFINITY: not considered */
	uint8_t count;
	struct evidence list[EVIDENCE_MAX];
};

/*
 * Empty, with delivered 1, a sound line, repeated EVIDENCE_REPEATED, rest REST_NEVER, moved
 * EVIDENCE_STAYED, alone false and shared INFINITY.
 */
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

/* Whether HOST was asked. */
static inline bool evidence_has_asked(const struct evidence_log *log, uint16_t host)
{
	for (unsigned i = 0; i < log->count; i++)
		if (log->list[i].host == host)
			return true;
	return false;
}

/* The belief as log-odds. HOPELESS: as if all probes that are waited for stay silent. */
float evidence_belief(const struct evidence_log *log, bool hopeless);

/* The share of expected replies that arrive: at this moment, or in the mean on such a line. */
float evidence_delivered(const struct evidence_log *log);

/* The availability of piece INDEX, the mean over awake and at rest by this evidence. */
float evidence_availability(const struct evidence_log *log, unsigned index);

/* The belief that the block is at rest, if it is up, after this evidence. */
float evidence_rest(const struct evidence_log *log);

/* The belief that the hosts of the block have moved, if it is up, after this evidence. */
float evidence_moved(const struct evidence_log *log);

/*
 * Whether the silences before the first reply were enough for dark, had the hosts not moved, and
 * the reply came from a host that was not known to answer.
 */
bool evidence_shows_move(const struct evidence_log *log, const struct infer_params *params);

/* How many probes of the second group, from confirm_ns on, are silent. */
unsigned evidence_confirming(const struct evidence_log *log, bool hopeless);

/* How many have to be: one where all siblings are silent on a lossy line, else params->group. */
unsigned evidence_group(const struct evidence_log *log, const struct infer_params *params);

/*
 * Whether the silence is strong enough for dark only if the hosts have not moved, all probes that
 * are waited for being silent.
 */
bool evidence_is_explained_by_move(const struct evidence_log *log,
				   const struct infer_params *params);

/* Whether replies span at least confirm_ns, so that a dark block is up. */
bool evidence_is_back(const struct evidence_log *log, const struct infer_params *params);

/* The first and the last probe in this state, by send time. NULL: none. */
const struct evidence *evidence_first(const struct evidence_log *log, enum evidence_state state);
const struct evidence *evidence_last(const struct evidence_log *log, enum evidence_state state);

/* Makes silences before T neutral and PRIOR the prior: the belief is about the time since T. */
void evidence_forget(struct evidence_log *log, struct bw_mono t, float prior);

/*
 * Whether the silence is strong and wide enough if all probes that are waited for stay silent and
 * the hosts have not moved. Only then confirm_ns and widens matter.
 */
bool evidence_nears_dark(const struct evidence_log *log, const struct infer_params *params,
			 unsigned hosts);

/*
 * Whether the silence is strong, wide and confirmed: dark. Where the silence of all siblings is
 * strong enough, one silent probe of the block and a later one are wide and confirmed.
 */
bool evidence_is_dark(const struct evidence_log *log, const struct infer_params *params,
		      unsigned hosts);

/* Whether several good hosts were silent before one answered, as in a burst of loss. */
bool evidence_is_false_alarm(const struct evidence_log *log);

/* Whether a probe is queued or waited for. */
bool evidence_is_open(const struct evidence_log *log);

#endif
