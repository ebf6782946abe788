/* SPDX-License-Identifier: GPL-2.0 */
/* By its name the source of a kernel is known; for test_audit. */
#ifndef AUDIT_SAMPLE_TYPES_H
#define AUDIT_SAMPLE_TYPES_H

struct page {
	long flags;
};

extern struct page pages[16];
extern char memory[16][4096];

#endif /* AUDIT_SAMPLE_TYPES_H */
