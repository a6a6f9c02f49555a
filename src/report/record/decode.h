/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_DECODE_H
#define REPORT_RECORD_DECODE_H

#include "report/record/decode_path.h"
#include "report/record/decode_survey.h"
#include "report/record/decode_trace.h"
#include "json/document.h"
#include "json/fast.h"

/*
 * What a decoded record borrows from: its strings are in the document, its lists here. It
 * starts as {0} and belongs to the caller, who keeps it where it is as long as the record
 * is used. One memory holds one record.
 */
struct record_memory {
	struct document document;
	struct fast fast;
	struct decode_survey_lists survey;
	struct decode_trace_hops trace;
	struct decode_path_memory path;
};

/*
 * Reads one line of JSON as record_encode() writes it, of any type. NAME names the source
 * in messages, such as the path of a file. The line need not end in a newline, must stay
 * as long as MEMORY is used, and has at most RECORD_LINE_MAX bytes.
 *
 * Each member that the type has must be there with the right type and range; the order of
 * the members is free. Members that the type does not have are ignored, so that a later
 * version of record/1 may add some. Outcome and kind of a probe are any words. What is for
 * people only (network_name, last_answer of a block; reasons of a target) is not in the
 * line and is zero bytes.
 *
 * record_encode() of the record gives the line again, byte for byte, if record_encode()
 * has written it.
 *
 * A memory that holds a record may be used for the next one, whose strings then replace
 * those of the first.
 *
 * Returns 0; BW_ERR_SYNTAX for what is no JSON; BW_ERR_VALUE for another schema, an
 * unknown type and for a member that is missing, wrong or out of range; BW_ERR_OVERLAP for
 * a key or a word given twice; BW_ERR_LIMIT for a line or a list that is too long;
 * -ENOMEM; with NAME, line, column and field. *ret_record is untouched after an error.
 */
int record_decode(const char *line, size_t length, const char *name, struct record_memory *memory,
		  struct record *ret_record, struct bw_err *err);

/* Gives back what record_decode() took; NULL and zero bytes are accepted. */
void record_memory_fini(struct record_memory *memory);

#endif
