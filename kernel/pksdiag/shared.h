/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pure functions over PKS fault records, the same code in the kernel and in
 * the pksdiag tool: nothing here may need anything but the record.
 */
#ifndef _PKSDIAG_SHARED_H
#define _PKSDIAG_SHARED_H

#include <linux/pksdiag.h>

/* What the two bits of a key in PKRS mean (SDM vol. 3A, 4.6.2). */
#define PKSDIAG_AD	1u	/* access disable: no read, no write */
#define PKSDIAG_WD	2u	/* write disable */

/**
 * pksdiag_pkrs_bits - the rights that a PKRS value gives for one key
 * @pkrs: the register's value
 * @pkey: 0 to 15
 *
 * Return: PKSDIAG_AD and PKSDIAG_WD as set; 0 is full access.
 */
static inline unsigned int pksdiag_pkrs_bits(__u32 pkrs, unsigned int pkey)
{
	return (pkrs >> (2 * (pkey & 15))) & (PKSDIAG_AD | PKSDIAG_WD);
}

/**
 * pksdiag_pkrs_allows - does a PKRS value allow an access
 * @pkrs: the register's value
 * @pkey: 0 to 15
 * @access: enum pksdiag_access
 *
 * Return: non-zero if the access is allowed.
 */
static inline int pksdiag_pkrs_allows(__u32 pkrs, unsigned int pkey,
				      unsigned int access)
{
	unsigned int bits = pksdiag_pkrs_bits(pkrs, pkey);

	return access == PKSDIAG_ACCESS_WRITE ? !bits : !(bits & PKSDIAG_AD);
}

/**
 * struct pksdiag_judgement - a verdict and what it rests on
 * @verdict: enum pksdiag_verdict
 * @confidence: enum pksdiag_confidence
 * @because: 1 << enum pksdiag_because
 */
struct pksdiag_judgement {
	__u8 verdict;
	__u8 confidence;
	__u64 because;
};

struct pksdiag_judgement pksdiag_judge(const struct pksdiag_record *r);
int pksdiag_asks_clues(const struct pksdiag_record *r);
int pksdiag_clue_is_near(const struct pksdiag_clue_at *clue);

static inline unsigned int pksdiag_verdict(const struct pksdiag_record *r)
{
	return pksdiag_judge(r).verdict;
}

__u64 pksdiag_signature(const struct pksdiag_record *r);

/* The word for a value, which may be a newer kernel's, or damaged. */
static inline const char *pksdiag_name_of(const char * const *table, unsigned int count,
					  unsigned int index)
{
	return index < count ? table[index] : "?";
}

const char *pksdiag_context_name(unsigned int context);
const char *pksdiag_access_name(unsigned int access);
const char *pksdiag_verdict_name(unsigned int verdict);
const char *pksdiag_resolution_name(unsigned int resolution);
const char *pksdiag_mapping_name(unsigned int mapping);
const char *pksdiag_level_name(unsigned int level);
const char *pksdiag_counter_name(unsigned int counter);
const char *pksdiag_reg_name(unsigned int reg);
const char *pksdiag_confidence_name(unsigned int confidence);
const char *pksdiag_because_name(unsigned int fact);
const char *pksdiag_clue_name(unsigned int clue);
const char *pksdiag_place_name(unsigned int place);
const char *pksdiag_kind_name(unsigned int kind);
const char *pksdiag_ledger_counter_name(unsigned int counter);

#endif /* _PKSDIAG_SHARED_H */
