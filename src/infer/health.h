/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_HEALTH_H
#define INFER_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "infer/evidence/loss.h"

/*
 * Whether the vantage itself can see, so that the silence of a block means something.
 * It rests on signs of life: validated replies of references, of the default gateway
 * and of blocks, and errors of far routers on the way. All times are monotonic send times of the
 * probes that were answered.
 */
enum health_source {
	HEALTH_GATEWAY,   /* the vantage's own first hop */
	HEALTH_REFERENCE, /* a host that the user named as a reference */
	HEALTH_BLOCK,     /* a host of a block */
	HEALTH_LINE,      /* a far router on the way, by an ICMP error */
	HEALTH_SOURCES
};

/* Packets that the capture took and dropped, counted since the transport was opened. */
struct health_packets {
	uint64_t captured, dropped;
};

/* The share of drops is that of a window, which moves on by halves of 15 s. */
struct health_capture {
	struct health_packets from, half; /* as the window began, as its second half began */
	struct bw_mono half_at;           /* when the second half began */
	bool drops;                       /* too many packets were dropped in the window */
};

struct health {
	struct bw_mono life[HEALTH_SOURCES]; /* send time of the newest answered probe */
	bool seen[HEALTH_SOURCES];           /* has answered at least once */
	struct health_capture capture;       /* of health_drops() */
	struct loss loss;                    /* of probes to references */
	struct loss lasting;                 /* the same, without silences that a cut may explain */
	float owed;                          /* replies of references, since one was heard last */
	float missed;                        /* expected replies, since the last sign of life */
};

/* No sign of life yet. */
void health_init(struct health *health);

/* A probe sent at SENT to a host of this kind was answered. */
void health_answered(struct health *health, enum health_source source, struct bw_mono sent);

/*
 * A reference that has answered before was asked: did it reply? What was lost counts for `lasting`
 * once one replies after it.
 */
void health_count_reference(struct health *health, bool replied, struct bw_mono now);

/* The share of replies of references that is lost at NOW, 0 to .9: just now or lastingly. */
float health_loss(const struct health *health, struct bw_mono now);

/* What was lost while nothing was heard says nothing about the line: forgets it. */
void health_forget_loss(struct health *health, struct bw_mono now);

/* A probe that would have been answered with probability EXPECTED was not answered. */
void health_missed(struct health *health, float expected);

/*
 * True when at least 10 expected replies are missing since the last sign of life of
 * anything, and neither gateway nor reference has ever answered: the vantage must be cut off.
 */
bool health_is_deaf(const struct health *health);

/*
 * Takes the capture's counters since its start. When at least three packets and more than 5 % of
 * those of the last 15 to 30 s (since the start, if that is later) were dropped, health_reasons()
 * says capture-dropped. The caller calls it at least every 5 s, also while the vantage is blind;
 * after a longer pause the window reaches back to the last calls. Counters that are smaller than
 * before began anew at 0.
 */
void health_drops(struct health *health, struct health_packets counted, struct bw_mono now);

/*
 * After a reload: takes the signs of life and the loss from BEFORE. The counters of the capture
 * stay, because the new transport counts from its own start.
 */
void health_inherit(struct health *health, const struct health *before);

/* Whether anything but the gateway has answered a probe that was sent after SINCE. */
bool health_hears_beyond(const struct health *health, struct bw_mono since);

/*
 * Why the silence of a block since SINCE proves nothing: a set of enum bw_reason, 0 when the
 * vantage can be trusted. A reference that has never answered proves nothing. Once one has
 * answered, signs of life of the gateway or of the line alone are not enough.
 */
unsigned health_reasons(const struct health *health, struct bw_mono since);

#endif
