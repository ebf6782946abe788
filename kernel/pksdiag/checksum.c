// SPDX-License-Identifier: GPL-2.0
/* The checksum of a PKS fault record. */
#include <linux/crc32.h>
#include <linux/stddef.h>
#include "pksdiag.h"

/**
 * pksdiag_checksum - CRC-32 of a record, as zlib's crc32() has it
 * @r: the record; its checksum is not looked at and hits count as 0
 *
 * Context: Any, NMI included.
 * Return: what belongs into @r->checksum.
 */
u32 pksdiag_checksum(const struct pksdiag_record *r)
{
	const size_t hits = offsetof(struct pksdiag_record, hits);
	const size_t flags = offsetof(struct pksdiag_record, flags);
	const size_t rest = hits + sizeof(r->hits);
	const u64 zero = 0;
	const u8 *bytes = (const u8 *)r;
	u32 crc = ~0u;

	crc = crc32_le(crc, bytes + flags, hits - flags);
	crc = crc32_le(crc, (const u8 *)&zero, sizeof(zero));
	crc = crc32_le(crc, bytes + rest, r->size - rest);
	return ~crc;
}
