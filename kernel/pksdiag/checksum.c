// SPDX-License-Identifier: GPL-2.0
/* The checksum of a PKS fault record. */
#include <linux/stddef.h>
#include <linux/xxhash.h>
#include "pksdiag.h"

/**
 * pksdiag_checksum - what belongs into a record's checksum
 * @r: the record; what comes before its flags is not looked at
 *
 * XXH64, since a CRC would take most of the time of storing a record.
 *
 * Context: Any, NMI included.
 * Return: the checksum.
 */
u32 pksdiag_checksum(const struct pksdiag_record *r)
{
	const size_t flags = offsetof(struct pksdiag_record, flags);

	return xxh64((const u8 *)r + flags, r->size - flags, 0);
}
