/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_REJECT_H
#define WIRE_REJECT_H

/*
 * Why a captured frame is no evidence. The decoders of this floor give the first five
 * reasons; the others need to know the probes that were sent.
 */
enum reject {
	REJECT_NONE,      /* it is a reply */
	REJECT_TRUNCATED, /* the capture ends too early: a short snapshot length */
	REJECT_MALFORMED, /* the packet ends too early or contradicts itself */
	REJECT_CHECKSUM,
	REJECT_FRAGMENT,
	REJECT_UNRELATED, /* neither an answer nor an error about a probe */
	REJECT_SPOOFED,   /* the token is not that of a probe of ours */
	REJECT_STALE,     /* the token is ours and too old */
	REJECT_DUPLICATE, /* another copy of an answer */
	REJECT_ALIAS,     /* the token is right and the sender is not the probed host */
	REJECTS
};

#endif
