/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/mpls.h"

#define OBJECT_HEADER 4
#define CLASS_LABEL_STACK 1
#define TYPE_INCOMING 1

static unsigned read_stack(struct cursor object, struct mpls_label *ret_labels, unsigned max)
{
	unsigned count = 0;

	while (count < max) {
		uint32_t entry = cursor_u32(&object);

		if (object.failed)
			break;
		ret_labels[count] = (struct mpls_label){
			.label = entry >> 12,
			.exp = entry >> 9 & 7,
			.bottom = entry >> 8 & 1,
			.ttl = entry & 0xff,
		};
		if (ret_labels[count++].bottom)
			break;
	}
	return count;
}

unsigned mpls_decode(struct cursor objects, struct mpls_label *ret_labels, unsigned max)
{
	for (;;) {
		uint16_t length = cursor_u16(&objects);
		uint8_t class = cursor_u8(&objects), type = cursor_u8(&objects);
		struct cursor object = objects;

		if (objects.failed || length < OBJECT_HEADER)
			return 0;
		cursor_skip(&objects, length - OBJECT_HEADER);
		if (objects.failed)
			return 0;
		cursor_limit(&object, length - OBJECT_HEADER);
		if (class == CLASS_LABEL_STACK && type == TYPE_INCOMING)
			return read_stack(object, ret_labels, max);
	}
}
