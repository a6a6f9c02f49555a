/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/link/wlan.h"

#include "wire/link/encapsulation.h"

/* The frame control field, in network order (IEEE 802.11, 9.2.4.1). */
#define TYPE 0x0c00
#define TYPE_DATA 0x0800
#define SUBTYPE_QOS 0x8000
#define SUBTYPE_NO_DATA 0x4000
#define BOTH_DS 0x0003 /* between two access points: a fourth address follows */
#define PROTECTED 0x0040
#define ORDER 0x0080 /* with QoS: a field of HT control follows */

#define AGGREGATED 0x8000 /* of the QoS control field, in network order */

#define RADIOTAP_HEADER 4 /* version, padding, length */

uint16_t wlan_read(struct cursor *c, enum unread *ret_unread)
{
	uint16_t control = cursor_u16(c), qos = 0;

	if ((control & TYPE) != TYPE_DATA || control & SUBTYPE_NO_DATA)
		return ETHERTYPE_NONE;
	cursor_skip(c, 22);
	if ((control & BOTH_DS) == BOTH_DS)
		cursor_skip(c, 6);
	if (control & SUBTYPE_QOS) {
		qos = cursor_u16(c);
		if (control & ORDER)
			cursor_skip(c, 4);
	}
	if (!(control & PROTECTED) && !(qos & AGGREGATED))
		return encapsulation_of_llc(c);
	*ret_unread = UNREAD_WLAN;
	return ETHERTYPE_NONE;
}

uint16_t wlan_read_radiotap(struct cursor *c, enum unread *ret_unread)
{
	uint16_t length;

	cursor_skip(c, 2);
	length = __builtin_bswap16(cursor_u16(c));
	cursor_skip(c, length > RADIOTAP_HEADER ? length - RADIOTAP_HEADER : 0);
	return wlan_read(c, ret_unread);
}
