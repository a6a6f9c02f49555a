/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_SEGMENT_NAME_H
#define SHIP_SEGMENT_NAME_H

#include <stdbool.h>
#include <stdint.h>

/* Names of segments in the folder of the spool: "records-N.jsonl", N from 1, no leading zero. */
#define SEGMENT_NAME_TEXT 48

char *segment_name_format(uint64_t number, char name[SEGMENT_NAME_TEXT]); /* returns NAME */

/* The name of its index: "records-N.index". Returns NAME. */
char *segment_name_format_index(uint64_t number, char name[SEGMENT_NAME_TEXT]);

/* False for every other name: then the file is none of ours. */
bool segment_name_parse(const char *name, uint64_t *ret_number);

#endif
