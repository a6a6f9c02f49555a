/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_EVIDENCE_LINE_H
#define INFER_EVIDENCE_LINE_H

#include <stdbool.h>

#include <blockwatch/time.h>

/*
 * What is believed of the line that the blocks of a target share: it is sound, or only a share of
 * what is expected arrives. Each state is one such share. A line that was sound may lose most
 * packets from one moment to the next, which is ten times as rare as an outage. A silence makes
 * lossy states likelier, an answer makes them less likely. Silences are learned only when their
 * block answers, because those of a dark block say nothing about the line.
 *
 * The belief that a silent block is up is the mean over all states: while the siblings answer at
 * once a few silences prove an outage, and as soon as they have to be asked twice many do not.
 */
#define LINE_STATES 7 /* the first one is the sound line */

struct line_belief {
	float odds[LINE_STATES];    /* log-probability of each state */
	float pending[LINE_STATES]; /* the same with what is silent since any block answered */
	struct bw_mono at;          /* when they were last updated; ns 0: nothing is known */
	float replies, delayed;     /* so many of these took much longer than usual */
};

/* What one block's probes say of each state, as log-likelihoods. Zero it to begin with. */
struct line_evidence {
	float likelihood[LINE_STATES];
};

/* The share of expected replies that arrives in STATE; 1 for the first. */
float line_share(unsigned state);

/*
 * Adds whether a reply took much longer than usual, beside the reply itself: a queue that overflows
 * delays what it does not lose. The rarer that was on this line, the more it says.
 */
void line_add_delay(struct line_belief *line, struct line_evidence *evidence, bool delayed);

/* Adds a reply; the silence of a host of this AVAILABILITY; EXPECTED replies that did not come. */
void line_add_reply(struct line_evidence *evidence);
void line_add_silence(struct line_evidence *evidence, float availability);
void line_add_missing(struct line_evidence *evidence, float expected);

/* Learns from the probes of a block that answered at NOW. What is pending is void. */
void line_learn(struct line_belief *line, const struct line_evidence *evidence, struct bw_mono now);

/*
 * A host of this AVAILABILITY is silent at NOW, and its block has not answered since. Returns how
 * much that weighs, in nats, with what is pending already: less and less while that can be loss.
 */
float line_miss(struct line_belief *line, float availability, struct bw_mono now);

/* No answer came, but what is pending is void: the vantage could not hear. */
void line_forget_pending(struct line_belief *line);

/* Begins with what counts of REPLIED among EXPECTED replies say. */
void line_restore(struct line_belief *line, float expected, float replied, struct bw_mono now);

/* The states of a line that is known to be sound. */
void line_sound(float log_odds[LINE_STATES]);

/* The log-probability of each state at NOW, for evidence_log.line. */
void line_states(const struct line_belief *line, struct bw_mono now, float log_odds[LINE_STATES]);

/* The share of expected replies that arrives, the mean over states of these log-probabilities. */
float line_mean_share(const float log_odds[LINE_STATES]);

#endif
