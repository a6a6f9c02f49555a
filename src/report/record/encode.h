/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_ENCODE_H
#define REPORT_RECORD_ENCODE_H

#include "report/record/record.h"

/*
 * Writes the record as one line of JSON (record.schema.json) with its newline and a
 * terminator into LINE, which has SIZE bytes. RECORD_LINE_MAX bytes are enough for names
 * within the limits of target files. Bytes that are no UTF-8 become U+FFFD.
 *
 * Returns the length without the terminator, or BW_ERR_LIMIT when SIZE is too small.
 */
int record_encode(const struct record *record, char *line, size_t size);

#endif
