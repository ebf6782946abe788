// SPDX-License-Identifier: GPL-2.0
/*
 * Why was the access denied? The one place that decides; pure, so that the
 * kernel and every reader come to the same answer from the same record.
 */
#include "shared.h"

static int wrong_key(const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_PFN))
		return 0;
	if (!(r->flags & PKSDIAG_F_KEY))
		return 1;
	return (r->flags & PKSDIAG_F_DEVICE) && r->pkey != r->device_pkey;
}

/*
 * The thread asked for access, or the core believes that the register gave
 * it: a fault all the same means that register and core disagree.
 */
static int pkrs_mismatch(const struct pksdiag_record *r)
{
	return pksdiag_pkrs_allows(r->pkrs_thread, r->pkey, r->access) ||
	       pksdiag_pkrs_allows(r->pkrs, r->pkey, r->access);
}

/* The key is open for everybody, and this CPU did not know it yet. */
static int global_lag(const struct pksdiag_record *r)
{
	return pksdiag_pkrs_allows(r->pkrs_thread & r->pkrs_global, r->pkey,
				   r->access);
}

static int read_only(const struct pksdiag_record *r)
{
	return r->access == PKSDIAG_ACCESS_WRITE &&
	       pksdiag_pkrs_bits(r->pkrs, r->pkey) == PKSDIAG_WD;
}

/**
 * pksdiag_verdict - why a PKS fault happened
 * @r: the record, complete but for @r->verdict
 *
 * Context: Any, NMI included.
 * Return: enum pksdiag_verdict.
 */
unsigned int pksdiag_verdict(const struct pksdiag_record *r)
{
	unsigned int knows = PKSDIAG_F_PFN | PKSDIAG_F_PKRS;

	if (wrong_key(r))
		return PKSDIAG_V_WRONG_KEY;
	if ((r->flags & knows) != knows)
		return PKSDIAG_V_NEVER_MAPPED;
	if (pkrs_mismatch(r))
		return PKSDIAG_V_PKRS_MISMATCH;
	if (global_lag(r))
		return PKSDIAG_V_GLOBAL_LAG;
	if (read_only(r))
		return PKSDIAG_V_READ_ONLY;
	return PKSDIAG_V_NEVER_MAPPED;
}

/* FNV-1a, 64 bits (draft-eastlake-fnv): good enough to tell call sites apart */
static __u64 fnv1a(__u64 hash, const void *data, unsigned int len)
{
	const unsigned char *byte = data;

	while (len--)
		hash = (hash ^ *byte++) * 0x100000001b3ULL;
	return hash;
}

/**
 * pksdiag_signature - what makes two faults "the same"
 * @r: the record, its verdict included
 *
 * Context: Any, NMI included.
 * Return: a hash of instruction, verdict and device, never 0.
 */
__u64 pksdiag_signature(const struct pksdiag_record *r)
{
	__u64 hash = 0xcbf29ce484222325ULL;

	hash = fnv1a(hash, &r->ip, sizeof(r->ip));
	hash = fnv1a(hash, &r->verdict, sizeof(r->verdict));
	hash = fnv1a(hash, r->device, sizeof(r->device));
	return hash ? hash : 1;
}
