/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_HOP_TABLE_H
#define INFER_HOP_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <blockwatch/addr.h>

/*
 * The addresses of routers, each once, as numbers from 0. Many paths share their routers, and a
 * number is four bytes where an address is seventeen. Numbers are never given up; at most
 * HOP_TABLE_MAX are given out.
 */
#define HOP_TABLE_MAX (1U << 20)
#define HOP_NONE UINT32_MAX

struct hop_table {
	struct bw_addr *addrs; /* by number */
	uint32_t *slots;       /* number plus 1; 0: free */
	uint32_t count, room, slot_mask;
};

struct hop_table hop_table_of(void);
void hop_table_fini(struct hop_table *table);

/* The number of ADDR, which is added if it is new. HOP_NONE: no memory, or the table is full. */
uint32_t hop_table_add(struct hop_table *table, const struct bw_addr *addr);

/* HOP_NONE: it is not there. */
uint32_t hop_table_find(const struct hop_table *table, const struct bw_addr *addr);

static inline const struct bw_addr *hop_table_addr(const struct hop_table *table, uint32_t hop)
{
	return &table->addrs[hop];
}

#endif
