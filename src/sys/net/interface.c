/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/net/interface.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <linux/if.h> /* IFF_LOWER_UP; must follow net/if.h */
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LIST_TEXT 160 /* of interfaces or addresses in a message; longer ones are cut at a word */

/* The address of an entry; family 0 when it carries none. */
static struct bw_addr addr_of(const struct ifaddrs *entry)
{
	struct bw_addr addr = {0};
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_INET) {
		memcpy(&v4, entry->ifa_addr, sizeof(v4));
		addr.family = 4;
		memcpy(addr.bytes, &v4.sin_addr, 4);
	} else if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_INET6) {
		memcpy(&v6, entry->ifa_addr, sizeof(v6));
		addr.family = 6;
		memcpy(addr.bytes, &v6.sin6_addr, 16);
	}
	return addr;
}

/* Adds ", ITEM" to a list, or ", ..." once when it would not fit. */
__attribute__((format(printf, 2, 3)))
static void list_add(char list[LIST_TEXT], const char *format, ...)
{
	size_t used = strlen(list);
	char item[96];
	va_list args;

	if (used >= 4 && strcmp(list + used - 3, "...") == 0)
		return;
	va_start(args, format);
	vsnprintf(item, sizeof(item), format, args);
	va_end(args);
	if (used + strlen(item) + sizeof(", , ...") > LIST_TEXT)
		snprintf(item, sizeof(item), "...");
	snprintf(list + used, LIST_TEXT - used, "%s%s", used ? ", " : "", item);
}

/* Every interface once: those with a packet address, in the order of their index. */
static void list_names(const struct ifaddrs *all, char list[LIST_TEXT])
{
	list[0] = '\0';
	for (const struct ifaddrs *i = all; i; i = i->ifa_next)
		if (i->ifa_addr && i->ifa_addr->sa_family == AF_PACKET)
			list_add(list, "%s", i->ifa_name);
}

static void list_addresses(const struct ifaddrs *all, const char *name, char list[LIST_TEXT])
{
	char text[BW_ADDR_TEXT];

	list[0] = '\0';
	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		struct bw_addr addr = addr_of(i);

		if (addr.family != 0 && !(name && strcmp(name, i->ifa_name) != 0))
			list_add(list, "%s on %s", bw_addr_format(&addr, text), i->ifa_name);
	}
}

static int check_name(const struct ifaddrs *all, const char *name, struct bw_err *err)
{
	const struct ifaddrs *i = all;
	char list[LIST_TEXT], field[96];
	int r = 0;

	while (i && strcmp(i->ifa_name, name) != 0)
		i = i->ifa_next;
	if (!i) {
		list_names(all, list);
		r = bw_err_set(err, BW_ERR_MISSING,
			       "there is no such interface (this machine has: %s)", list);
	} else if (!(i->ifa_flags & IFF_UP)) {
		r = bw_err_set(err, -ENETDOWN,
			       "the interface is down: bring it up with 'ip link set %s up'", name);
	}
	snprintf(field, sizeof(field), "--interface %s", name);
	if (r < 0)
		bw_err_place(err, NULL, 0, 0, field);
	return r;
}

static int check_source(const struct ifaddrs *all, const char *name,
			const struct bw_addr *source, struct bw_err *err)
{
	char list[LIST_TEXT], text[BW_ADDR_TEXT], field[96];

	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		struct bw_addr addr = addr_of(i);

		if (bw_addr_equal(&addr, source) && !(name && strcmp(name, i->ifa_name) != 0))
			return 0;
	}
	list_addresses(all, name, list);
	bw_err_set(err, BW_ERR_MISSING, "not an address of %s%s (there is: %s)",
		   name ? "the interface " : "this machine", name ? name : "",
		   list[0] ? list : "none");
	snprintf(field, sizeof(field), "--source %s", bw_addr_format(source, text));
	bw_err_place(err, NULL, 0, 0, field);
	return BW_ERR_MISSING;
}

int interface_wish(const char *name, const struct bw_addr *source,
		   struct interface_wish *ret_wish, struct bw_err *err)
{
	struct interface_wish wish = {0};
	struct ifaddrs *all;
	int r = 0;

	if (getifaddrs(&all) != 0)
		return bw_err_set(err, -errno, "cannot list the interfaces: %s", strerror(errno));
	if (name)
		r = check_name(all, name, err);
	if (r == 0 && source)
		r = check_source(all, name, source, err);
	freeifaddrs(all);
	if (r < 0)
		return r;
	if (name)
		wish.index = if_nametoindex(name);
	if (source)
		wish.source = *source;
	*ret_wish = wish;
	return 0;
}

static bool is_link_local(const struct bw_addr *addr)
{
	return addr->family == 6 ? addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0x80
				 : addr->bytes[0] == 169 && addr->bytes[1] == 254;
}

static bool may_hear(const struct ifaddrs *entry)
{
	struct bw_addr addr = addr_of(entry);

	return addr.family != 0 && !is_link_local(&addr) && (entry->ifa_flags & IFF_UP) &&
	       !(entry->ifa_flags & IFF_LOOPBACK);
}

int interface_list(unsigned *indexes, unsigned max)
{
	struct ifaddrs *all;
	unsigned count = 0;

	if (getifaddrs(&all) != 0)
		return -errno;
	for (const struct ifaddrs *i = all; i && count < max; i = i->ifa_next) {
		unsigned index = may_hear(i) ? if_nametoindex(i->ifa_name) : 0, known = 0;

		while (known < count && indexes[known] != index)
			known++;
		if (index != 0 && known == count)
			indexes[count++] = index;
	}
	freeifaddrs(all);
	return (int)count;
}

const char *interface_name(unsigned index, char *name)
{
	if (!if_indextoname(index, name))
		name[0] = '\0';
	return name;
}

int interface_state(unsigned index)
{
	char name[INTERFACE_NAME];
	struct ifaddrs *all;
	unsigned flags = 0;

	if (interface_name(index, name)[0] == '\0')
		return -ENODEV;
	if (getifaddrs(&all) != 0)
		return -errno;
	for (const struct ifaddrs *i = all; i; i = i->ifa_next)
		if (strcmp(i->ifa_name, name) == 0)
			flags = i->ifa_flags;
	freeifaddrs(all);
	/* IFF_RUNNING would be up to a second late. */
	return (flags & IFF_UP) && (flags & IFF_LOWER_UP) ? 0 : -ENETDOWN;
}
